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
    await session.apply({ kind: 'ServiceAccount', metadata: account });
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

  it('lists accounts by namespace, and answers by name from the list', async () => {
    const [one, other] = [await ownNamespace(), await ownNamespace()];
    await ownAccount(one);
    const { reader, sent } = await asAdmin();
    const found = await reader.serviceAccountsIn([one, other, one]);
    expect(found.get(one)?.map(({ metadata }) => metadata?.name)).toContain('my-sa');
    expect(found.get(other)?.map(({ metadata }) => metadata?.name)).not.toContain('my-sa');
    expect(await reader.serviceAccount({ namespace: other, name: 'my-sa' })).toBeUndefined();
    expect(sent()).toHaveLength(2);
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
    expect('apply' in reader || 'requestToken' in reader || 'apply' in prober).toBe(false);
    const connection = await adminConnection();
    const wire = createWire(connection, { userAgent: 'test', parallel: 1, timeout: 1000 });
    const core = new CoreV1Api(configuration(connection, gate(wire, 'the reader', mayRead), async () => ({})));
    await expect(core.createNamespace({ body: { metadata: { name: 'nope' } } })).rejects.toThrow(GateError);
    expect(wire.sent).toEqual([]);
  });
});

describe('server-side apply', () => {
  it('creates, updates, and changes nothing the second time', async () => {
    const namespace = await ownNamespace();
    const { session } = await asAdmin();
    const version = async () => (await session.serviceAccount({ namespace, name: 'my-sa' }))?.metadata?.resourceVersion;
    const account = (labels: Record<string, string>) => ({
      kind: 'ServiceAccount' as const,
      metadata: { namespace, name: 'my-sa', labels },
    });
    await session.apply(account({ a: '1' }));
    const first = await version();
    await session.apply(account({ a: '1' }));
    expect(await version()).toBe(first);
    await session.apply(account({ a: '2' }));
    const found = await session.serviceAccount({ namespace, name: 'my-sa' });
    expect(found?.metadata?.labels).toEqual({ a: '2' });
    expect(found?.metadata?.managedFields?.map(({ manager, operation }) => [manager, operation])).toEqual([
      ['vaultbind', 'Apply'],
    ]);
  });

  it('names field and owner when somebody else decides it, and takes nothing by force', async () => {
    const namespace = await ownNamespace();
    const theirs = { metadata: { name: 'my-sa', labels: { team: 'theirs' } } };
    await scene('POST', `/api/v1/namespaces/${namespace}/serviceaccounts?fieldManager=helm`, theirs);
    const { session } = await asAdmin();
    const error = await errorOf(
      session.apply({ kind: 'ServiceAccount', metadata: { namespace, name: 'my-sa', labels: { team: 'ours' } } }),
    );
    expect(error).toMatchObject({ exit: 4, code: 'field-conflict' });
    expect(error.message).toContain('.metadata.labels.team is owned by helm');
    expect((await session.serviceAccount({ namespace, name: 'my-sa' }))?.metadata?.labels).toEqual({ team: 'theirs' });
  });

  it('says so when the namespace is missing', async () => {
    const { session } = await asAdmin();
    const error = await errorOf(
      session.apply({ kind: 'ServiceAccount', metadata: { namespace: 'no-such-namespace', name: 'x' } }),
    );
    expect(error).toMatchObject({ code: 'namespace-missing', exit: 4 });
    expect(shown(error.problems)[0]?.fix[0]?.command).toBe('kubectl create namespace no-such-namespace');
  });

  it('says so when the namespace is on its way out', async () => {
    const name = uniqueName('kubernetes');
    await scene('POST', '/api/v1/namespaces', { metadata: { name, finalizers: ['test.vaultbind.dev/hold'] } });
    await scene('DELETE', `/api/v1/namespaces/${name}`);
    const { session } = await asAdmin();
    const error = await errorOf(session.apply({ kind: 'ServiceAccount', metadata: { namespace: name, name: 'x' } }));
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
      const error = await errorOf(session.apply(binding));
      return error.message.includes('may not bind') ? error : undefined;
    };
    // The authorizer hears of a binding a moment after it is written.
    const error = await until(refused);
    expect(error).toMatchObject({ code: 'binding-escalation-refused', exit: 4 });
    expect(error.message).toContain(`${name} may not bind a ClusterRole whose rights it does not hold itself`);
    await scene('DELETE', `${rbac}/clusterrolebindings/${name}`);
    await scene('DELETE', `${rbac}/clusterroles/${name}`);
  });

  it('cannot change the role of a binding', async () => {
    const name = await ownNamespace();
    const { session } = await asAdmin();
    const binding = (role: string) => ({
      kind: 'ClusterRoleBinding' as const,
      metadata: { name },
      roleRef: { ...delegator, name: role },
    });
    await session.apply(binding('system:auth-delegator'));
    expect((await session.clusterRoleBinding(name))?.roleRef.name).toBe('system:auth-delegator');
    expect((await errorOf(session.apply(binding('view')))).code).toBe('binding-role-immutable');
    await scene('DELETE', `${rbac}/clusterrolebindings/${name}`);
  });

  it('ends well when many apply the same at once', async () => {
    const namespace = await ownNamespace();
    const { session } = await asAdmin();
    const one = () => session.apply({ kind: 'ServiceAccount', metadata: { namespace, name: 'my-sa' } });
    await expect(Promise.all(Array.from({ length: 12 }, one))).resolves.toHaveLength(12);
  });

  it('makes a token Secret that the controller fills', async () => {
    const namespace = await ownNamespace();
    await ownAccount(namespace);
    const { session } = await asAdmin();
    const metadata = { namespace, name: 'my-sa-token', annotations: { 'kubernetes.io/service-account.name': 'my-sa' } };
    await session.apply({ apiVersion: 'v1', kind: 'Secret', type: 'kubernetes.io/service-account-token', metadata });
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
    await session.apply({ kind: 'ClusterRoleBinding', metadata: { name: namespace }, roleRef: delegator, subjects });
    // The authorizer hears of a binding a moment after it is written.
    await until(async () => ((await prober.reviewAccess(user, review)).allowed ? true : undefined));
    expect(await prober.reviewToken(token, { as: token })).toMatchObject({ status: 201, authenticated: true });
    const dead = await prober.reviewToken(token, { as: new Secret('a-bearer-that-never-was') });
    expect(dead).toMatchObject({ status: 401, authenticated: false });
    await scene('DELETE', `${rbac}/clusterrolebindings/${namespace}`);
  });
});
