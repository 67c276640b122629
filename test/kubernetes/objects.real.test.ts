import { CoreV1Api } from '@kubernetes/client-node';
import { describe, expect, it } from 'vitest';
import { GateError, gate } from '../../src/http/gate.ts';
import { mayRead } from '../../src/kubernetes/gates.ts';
import { claims } from '../../src/kubernetes/jwt.ts';
import { configuration } from '../../src/kubernetes/library.ts';
import { createWire } from '../../src/kubernetes/wire.ts';
import { Secret } from '../../src/secret.ts';
import { uniqueName } from '../servers/servers.ts';
import { shown } from '../shown.ts';
import { errorOf } from './folder.ts';
import { adminConnection, allow, asAdmin, opened, ownAccount, ownNamespace, scene } from './scene.ts';

const rbac = '/apis/rbac.authorization.k8s.io/v1';
const delegator = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:auth-delegator' };

async function until<T>(read: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await read();
    if (found !== undefined) return found;
    await new Promise((done) => setTimeout(done, 50));
  }
}

describe('reading', () => {
  it('asks once for what is asked at the same time or again, and anew after a write or forget', async () => {
    const namespace = await ownNamespace();
    const { session, sent } = await asAdmin();
    const account = { namespace, name: 'my-sa' };
    const answers = await Promise.all([session.serviceAccount(account), session.serviceAccount(account)]);
    expect([...answers, await session.serviceAccount(account)]).toEqual([undefined, undefined, undefined]);
    expect(sent()).toHaveLength(1);
    await session.create({ kind: 'ServiceAccount', metadata: account });
    expect((await session.serviceAccount(account))?.metadata?.name).toBe('my-sa');
    expect(sent()).toHaveLength(3);
    session.forget();
    await session.serviceAccount(account);
    expect(sent()).toHaveLength(4);
  });

  it('shares what was read among the three capabilities', async () => {
    const { reader, prober, session, sent } = await asAdmin();
    await reader.version();
    await prober.version();
    expect(await session.version()).toMatch(/^v1\.\d+/);
    expect(sent()).toEqual(['GET /version']);
  });

  it('lists accounts by namespace, answers by name from the list, and asks for what the list does not name', async () => {
    const [one, other] = [await ownNamespace(), await ownNamespace()];
    await ownAccount(one);
    const { reader, sent } = await asAdmin();
    const found = await reader.serviceAccountsIn([one, other, one]);
    expect(found.get(one)?.map(({ metadata }) => metadata?.name)).toContain('my-sa');
    expect(found.get(other)?.map(({ metadata }) => metadata?.name)).not.toContain('my-sa');
    expect(await reader.serviceAccount({ namespace: other, name: 'my-sa' })).toBeUndefined();
    expect(sent()).toEqual([expect.anything(), expect.anything(), expect.stringMatching(/serviceaccounts\/my-sa$/)]);
  });

  it('lists the cluster once above eight namespaces', async () => {
    const namespace = await ownNamespace();
    await ownAccount(namespace);
    const { reader, sent } = await asAdmin();
    const others = Array.from({ length: 8 }, (_, index) => `no-such-${index}`);
    const found = await reader.serviceAccountsIn([namespace, ...others]);
    expect(found.get(namespace)?.length).toBeGreaterThan(0);
    expect(others.map((name) => found.get(name))).toEqual(others.map(() => []));
    expect(new Set(sent().map((line) => line.split('?')[0]))).toEqual(new Set(['GET /api/v1/serviceaccounts']));
  });

  it('puts pages together', async () => {
    const namespace = await ownNamespace();
    await Promise.all(Array.from({ length: 501 }, (_, index) => ownAccount(namespace, `sa-${index}`)));
    const { reader, sent } = await asAdmin();
    const found = (await reader.serviceAccountsIn([namespace])).get(namespace);
    const names = new Set(found?.map(({ metadata }) => metadata?.name));
    expect(Array.from({ length: 501 }, (_, index) => names.has(`sa-${index}`))).not.toContain(false);
    expect(
      sent().map((line) =>
        line
          .replace(/continue=[^&]+/, 'continue=…')
          .split('?')[1]
          ?.split('&')
          .sort(),
      ),
    ).toEqual([['limit=500'], ['continue=…', 'limit=500']]);
  });

  it('leaves a namespace undefined where listing is refused, and asks by name where that is allowed', async () => {
    const namespace = await ownNamespace();
    await ownAccount(namespace, 'bot');
    await allow(namespace, 'bot', [{ apiGroups: [''], resources: ['serviceaccounts'], verbs: ['get'] }]);
    const admin = await adminConnection();
    const as = { user: `system:serviceaccount:${namespace}:bot`, groups: [], extra: {} };
    const { reader } = opened({ ...admin, impersonate: as });
    expect((await reader.serviceAccountsIn([namespace])).get(namespace)).toBeUndefined();
    expect((await reader.serviceAccount({ namespace, name: 'bot' }))?.metadata?.name).toBe('bot');
    const refused = await errorOf(reader.tokenSecret({ namespace, name: 'x' }));
    expect(refused).toMatchObject({ exit: 4, code: 'kubernetes-forbidden' });
    expect(refused.message).toContain(`${as.user} may not get secrets in namespace ${namespace}`);
  });

  it('takes no values out of a Secret of another type', async () => {
    const namespace = await ownNamespace();
    await scene('POST', `/api/v1/namespaces/${namespace}/secrets`, {
      metadata: { name: 'x' },
      stringData: { token: 'not-our-business' },
    });
    const found = await (await asAdmin()).reader.tokenSecret({ namespace, name: 'x' });
    expect(found).toMatchObject({ type: 'Opaque', name: 'x' });
    expect(found?.token).toBeUndefined();
  });
});

describe('the gate', () => {
  it('lets no write pass the reader and the prober, whatever is asked of them', async () => {
    const { reader, prober } = await asAdmin();
    expect(['create', 'update', 'requestToken'].filter((verb) => verb in reader)).toEqual([]);
    expect(['create', 'update'].filter((verb) => verb in prober)).toEqual([]);
    const connection = await adminConnection();
    const wire = createWire(connection, { userAgent: 'test', parallel: 1, timeout: 1000 });
    const core = new CoreV1Api(configuration(connection, gate(wire, 'the reader', mayRead), async () => ({})));
    await expect(core.createNamespace({ body: { metadata: { name: 'nope' } } })).rejects.toThrow(GateError);
    expect(wire.sent).toEqual([]);
  });
});

describe('writing', () => {
  const token = (namespace: string, account = 'my-sa') => ({
    apiVersion: 'v1' as const,
    kind: 'Secret' as const,
    type: 'kubernetes.io/service-account-token' as const,
    metadata: { namespace, name: `${account}-token`, annotations: { 'kubernetes.io/service-account.name': account } },
  });
  const user = (name: string) => ({ kind: 'User', name, apiGroup: delegator.apiGroup });

  it('makes what is not there, and leaves what is there as it is', async () => {
    const namespace = await ownNamespace();
    const { session } = await asAdmin();
    const account = (team: string) => ({
      kind: 'ServiceAccount' as const,
      metadata: { namespace, name: 'my-sa', labels: { team } },
    });
    expect(await session.create(account('first'))).toBe('created');
    expect(await session.create(account('second'))).toBe('exists');
    const found = await session.serviceAccount({ namespace, name: 'my-sa' });
    expect(found?.metadata?.labels).toEqual({ team: 'first' });
    expect(found?.metadata?.managedFields?.map(({ manager }) => manager)).toEqual(['vaultbind']);
  });

  it('of many that make the same at once, one made it', async () => {
    const namespace = await ownNamespace();
    const { session } = await asAdmin();
    const one = () => session.create({ kind: 'ServiceAccount', metadata: { namespace, name: 'my-sa' } });
    const ends = await Promise.all(Array.from({ length: 12 }, one));
    expect(ends.sort()).toEqual(['created', ...Array(11).fill('exists')]);
  });

  it('sets fields of the version that was read, and of no other', async () => {
    const name = await ownNamespace();
    const { session } = await asAdmin();
    const kind = 'ClusterRoleBinding' as const;
    await session.create({ kind, metadata: { name }, roleRef: delegator, subjects: [user('a')] });
    const of = await session.clusterRoleBinding(name);
    if (!of) throw new Error('it was made');
    expect(await session.update({ kind, of, set: { subjects: [user('a'), user('b')] } })).toBe('updated');
    expect(await session.update({ kind, of, set: { subjects: [user('a'), user('c')] } })).toBe('stale');
    expect((await session.clusterRoleBinding(name))?.subjects?.map((one) => one.name)).toEqual(['a', 'b']);
    await scene('DELETE', `${rbac}/clusterrolebindings/${name}`);
    expect(await session.update({ kind, of, set: { subjects: [] } })).toBe('stale');
  });

  it('sets one annotation of a Secret and leaves the others', async () => {
    const namespace = await ownNamespace();
    await ownAccount(namespace);
    const { session } = await asAdmin();
    await session.create(token(namespace));
    for (const [key, value] of Object.entries({ 'x.vaultbind.dev/a': '1', 'x.vaultbind.dev/b': '2' })) {
      const set = { annotations: { [key]: value } };
      // The controller fills it meanwhile, which is a version of its own.
      await until(async () => {
        const of = await session.tokenSecret({ namespace, name: 'my-sa-token' });
        return of && (await session.update({ kind: 'Secret', of, set })) === 'updated' ? true : undefined;
      });
    }
    expect((await session.tokenSecret({ namespace, name: 'my-sa-token' }))?.annotations).toMatchObject({
      'kubernetes.io/service-account.name': 'my-sa',
      'x.vaultbind.dev/a': '1',
      'x.vaultbind.dev/b': '2',
    });
  });

  it('names field and owner when somebody else decides it, and sends nothing', async () => {
    const name = await ownNamespace();
    const theirs = { metadata: { name }, roleRef: delegator, subjects: [user('a')] };
    await scene('POST', `${rbac}/clusterrolebindings?fieldManager=helm`, theirs);
    const { session, sent } = await asAdmin();
    const of = await session.clusterRoleBinding(name);
    if (!of) throw new Error('it was made');
    const change = session.update({ kind: 'ClusterRoleBinding', of, set: { subjects: [user('b')] } });
    const error = await errorOf(change);
    expect(error).toMatchObject({ exit: 1, code: 'field-conflict' });
    expect(error.message).toContain('.subjects is owned by helm');
    expect(sent().filter((line) => !line.startsWith('GET'))).toEqual([]);
    await scene('DELETE', `${rbac}/clusterrolebindings/${name}`);
  });

  it('says so when the namespace is missing', async () => {
    const { session } = await asAdmin();
    const error = await errorOf(
      session.create({ kind: 'ServiceAccount', metadata: { namespace: 'no-such-namespace', name: 'x' } }),
    );
    expect(error).toMatchObject({ code: 'namespace-missing', exit: 4 });
    expect(shown(error.problems)[0]?.fix[0]?.command).toBe('kubectl create namespace no-such-namespace');
  });

  it('says so when the namespace is on its way out', async () => {
    const name = uniqueName('kubernetes');
    await scene('POST', '/api/v1/namespaces', { metadata: { name, finalizers: ['test.vaultbind.dev/hold'] } });
    await scene('DELETE', `/api/v1/namespaces/${name}`);
    const { session } = await asAdmin();
    const error = await errorOf(session.create({ kind: 'ServiceAccount', metadata: { namespace: name, name: 'x' } }));
    expect(error).toMatchObject({ code: 'namespace-missing', exit: 4 });
    expect(error.message).toContain('is being deleted');
  });

  it('names the right that binding a role takes', async () => {
    const name = await ownNamespace();
    const rules = [
      { apiGroups: ['rbac.authorization.k8s.io'], resources: ['clusterrolebindings'], verbs: ['create', 'patch'] },
    ];
    await scene('POST', `${rbac}/clusterroles`, { metadata: { name }, rules });
    const binder = { roleRef: { ...delegator, name }, subjects: [{ ...delegator, kind: 'User', name }] };
    await scene('POST', `${rbac}/clusterrolebindings`, { metadata: { name }, ...binder });
    const { session } = opened({ ...(await adminConnection()), impersonate: { user: name, groups: [], extra: {} } });
    const binding = { kind: 'ClusterRoleBinding' as const, metadata: { name: `${name}-x` }, roleRef: delegator };
    const refused = async () => {
      const error = await errorOf(session.create(binding));
      return error.message.includes('may not bind') ? error : undefined;
    };
    // The authorizer hears of a binding a moment after it is written.
    const error = await until(refused);
    expect(error).toMatchObject({ code: 'binding-escalation-refused', exit: 4 });
    expect(error.message).toContain(`${name} may not bind a ClusterRole whose rights it does not hold itself`);
    await scene('DELETE', `${rbac}/clusterrolebindings/${name}`);
    await scene('DELETE', `${rbac}/clusterroles/${name}`);
  });

  it('makes a token Secret that the controller fills', async () => {
    const namespace = await ownNamespace();
    await ownAccount(namespace);
    const { session } = await asAdmin();
    await session.create(token(namespace));
    const filled = await until(async () => {
      session.forget();
      const found = await session.tokenSecret({ namespace, name: 'my-sa-token' });
      return found?.token ? found : undefined;
    });
    const account = await session.serviceAccount({ namespace, name: 'my-sa' });
    expect(filled).toMatchObject({
      type: 'kubernetes.io/service-account-token',
      serviceAccount: 'my-sa',
      serviceAccountUid: account?.metadata?.uid,
    });
    expect(claims(filled.token as Secret)).toMatchObject({
      secret: 'my-sa-token',
      serviceAccount: { namespace, name: 'my-sa' },
    });
    expect(JSON.stringify(filled)).not.toContain(filled.token?.reveal());
  });
});

describe('asking', () => {
  it('requests a token for an audience, and reviews it', async () => {
    const namespace = await ownNamespace();
    await ownAccount(namespace);
    const { prober } = await asAdmin();
    const { token, expires } = await prober.requestToken(
      { namespace, name: 'my-sa' },
      { audiences: ['vault'], seconds: 600 },
    );
    expect(claims(token)).toMatchObject({ audiences: ['vault'], expires });
    expect(await prober.reviewToken(token, { audiences: ['vault', 'other'] })).toMatchObject({
      status: 201,
      authenticated: true,
      username: `system:serviceaccount:${namespace}:my-sa`,
      groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
      audiences: ['vault'],
      said: '',
    });
    const elsewhere = await prober.reviewToken(token);
    expect(elsewhere).toMatchObject({ status: 201, authenticated: false });
    expect(elsewhere.said).toContain('audience');
  });

  it('has no token for an account that is missing', async () => {
    const namespace = await ownNamespace();
    const { prober } = await asAdmin();
    const error = await errorOf(prober.requestToken({ namespace, name: 'nobody' }, { seconds: 600 }));
    expect(error).toMatchObject({ code: 'service-account-missing', exit: 4 });
    expect(error.message).toContain(`${namespace}/nobody`);
  });

  it('reviews as another bearer, with nothing of ours', async () => {
    const namespace = await ownNamespace();
    await ownAccount(namespace);
    const { prober, session } = await asAdmin();
    const { token } = await prober.requestToken({ namespace, name: 'my-sa' }, { seconds: 600 });
    expect(await prober.reviewToken(token, { as: token })).toMatchObject({ status: 403, authenticated: false });
    const user = { username: `system:serviceaccount:${namespace}:my-sa`, groups: [] };
    const review = { verb: 'create', group: 'authentication.k8s.io', resource: 'tokenreviews' };
    expect((await prober.reviewAccess(user, review)).allowed).toBe(false);
    const subjects = [{ kind: 'ServiceAccount', name: 'my-sa', namespace }];
    await session.create({ kind: 'ClusterRoleBinding', metadata: { name: namespace }, roleRef: delegator, subjects });
    // The authorizer hears of a binding a moment after it is written.
    await until(async () => ((await prober.reviewAccess(user, review)).allowed ? true : undefined));
    expect(await prober.reviewToken(token, { as: token })).toMatchObject({ status: 201, authenticated: true });
    const dead = await prober.reviewToken(token, { as: new Secret('a-bearer-that-never-was') });
    expect(dead).toMatchObject({ status: 401, authenticated: false });
    await scene('DELETE', `${rbac}/clusterrolebindings/${namespace}`);
  });
});
