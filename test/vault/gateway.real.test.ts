import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readVaultConnection } from '../../src/operator/connect.ts';
import { Secret } from '../../src/secret.ts';
import type { VaultLogin } from '../../src/vault/api.ts';
import type { Vault } from '../../src/vault/client.ts';
import { VouchedMount } from '../../src/vault/vouched-mount.ts';
import { started } from '../http/with.ts';
import { startFaults } from '../servers/faults.ts';
import { kubernetes, vault as raw } from '../servers/raw.ts';
import { products, servers, uniqueName } from '../servers/servers.ts';
import { errorOf, vaultAt } from './with.ts';

describe.each(products)('%s', (product) => {
  const mount = uniqueName('gateway');
  const policy = uniqueName('gateway');
  let userpass = '';

  const server = () => servers().vaults[product];
  const connect = async (token = server().token, address = server().address): Promise<Vault> =>
    vaultAt(await readVaultConnection({ VAULT_ADDR: address, VAULT_TOKEN: token, HOME: '/nonexistent' }));
  const createToken = async (body: object): Promise<string> =>
    (await raw(product, 'POST', 'auth/token/create', body)).body.auth.client_token;

  /** A login like any other for prober's purposes, made without a cluster. */
  const login = async (fields: object): Promise<VaultLogin> => {
    const { auth } = (await raw(product, 'POST', 'auth/token/create', fields)).body;
    const { client_token: token, accessor, lease_duration: ttl, policies, token_type: type } = auth;
    return { token: new Secret(token), accessor, ttl, policies, type, warnings: [], uses: 0 };
  };

  beforeAll(async () => {
    userpass = uniqueName('users');
    await raw(product, 'POST', `sys/auth/${mount}`, { type: 'kubernetes', description: 'gateway test' });
    await raw(product, 'POST', `sys/auth/${userpass}`, { type: 'userpass' });
    const rules = 'path "secret/data/gateway" { capabilities = ["read"] }';
    await raw(product, 'POST', `sys/policies/acl/${policy}`, { policy: rules });
  });

  afterAll(async () => {
    await raw(product, 'DELETE', `sys/auth/${mount}`);
    await raw(product, 'DELETE', `sys/auth/${userpass}`);
    await raw(product, 'DELETE', `sys/policies/acl/${policy}`);
  });

  describe('a reader', () => {
    test('tells product, version and state', async () => {
      const { reader } = await connect();
      expect(await reader.health()).toMatchObject({
        product: product === 'openbao' ? 'openbao' : 'vault',
        version: server().version,
        sealed: false,
        initialized: true,
        standby: false,
      });
    });

    test('knows the operator, never the token', async () => {
      const { reader } = await connect();
      expect(await reader.operator()).toEqual({ name: 'root', policies: ['root'], root: true });
      const limited = await connect(await createToken({ policies: [policy], ttl: '1h' }));
      const operator = await limited.reader.operator();
      expect(operator).toMatchObject({ name: 'token', policies: expect.arrayContaining([policy]), root: false });
      expect(operator.expires?.getTime()).toBeGreaterThan(Date.now());
    });

    test('tells a missing mount from an object that is not there', async () => {
      const { reader } = await connect();
      expect(await reader.lookup(`auth/${uniqueName('none')}/config`)).toEqual({ handled: false });
      expect(await reader.lookup(`auth/${mount}/config`)).toEqual({ handled: true });
      expect(await reader.read(`auth/${mount}/role/none`)).toBeUndefined();
      expect(await reader.read(`sys/auth/${uniqueName('none')}`)).toBeUndefined();
      expect(await reader.list(`auth/${mount}/role`)).toBeUndefined();
      expect(await reader.read(`sys/policies/acl/${uniqueName('none')}`)).toBeUndefined();
    });

    test('reads data, and the whole answer where there is none', async () => {
      const { reader } = await connect();
      expect(await reader.read('sys/auth')).toHaveProperty([`${mount}/`, 'type'], 'kubernetes');
      expect(await reader.read(`sys/policies/acl/${policy}`)).toMatchObject({ name: policy });
      expect(await reader.read('sys/seal-status')).toMatchObject({ sealed: false });
      expect(await reader.list('sys/policies/acl')).toContain(policy);
    });

    test('names what the token may not do, and whom to ask for what', async () => {
      const { reader } = await connect(await createToken({ policies: [policy] }));
      const error = await errorOf(reader.read(`sys/auth/${mount}`));
      expect(error.problems).toMatchObject([
        {
          code: 'operator-forbidden',
          subject: `sys/auth/${mount}`,
          fix: [{ why: expect.stringContaining('["read", "sudo"]') }, {}],
        },
      ]);
      const bare = await connect(await createToken({ policies: [policy], no_default_policy: true }));
      expect(await errorOf(bare.reader.list('sys/policies/acl'))).toMatchObject({ code: 'operator-forbidden' });
    });

    test.each(['unknown', 'revoked'])('tells a token that is %s', async (kind) => {
      const token = kind === 'unknown' ? 'canary-nonsense' : await createToken({ policies: [policy] });
      if (kind === 'revoked') await raw(product, 'POST', 'auth/token/revoke', { token });
      const { reader } = await connect(token);
      const error = await errorOf(reader.read('sys/auth'));
      expect(error.problems).toMatchObject([{ code: 'operator-token-invalid', subject: 'VAULT_TOKEN' }]);
    });

    test('a Vault namespace that is not there', async () => {
      const env = { VAULT_ADDR: server().address, VAULT_TOKEN: server().token, VAULT_NAMESPACE: 'none' };
      const { session, sent } = vaultAt(await readVaultConnection(env));
      const error = await errorOf(session.write(`sys/auth/${uniqueName('x')}`, { type: 'kubernetes' }));
      const code = product === 'hashicorp' ? 'vault-namespaces-unsupported' : 'vault-namespace-missing';
      expect(error).toMatchObject({ code });
      if (product === 'hashicorp') expect(sent.filter((line) => line.startsWith('POST'))).toEqual([]);
    });
  });

  describe('a session', () => {
    test('writes, reads back what is new, and passes on warnings', async () => {
      const { session, sent } = await connect();
      const role = `auth/${mount}/role/app`;
      const fields = { bound_service_account_names: ['a'], bound_service_account_namespaces: ['b'], no_such_field: 1 };
      expect(await session.read(role)).toBeUndefined();
      await session.write(role, fields);
      expect(await session.read(role)).toMatchObject({ bound_service_account_names: ['a'] });
      expect(await session.list(`auth/${mount}/role`)).toEqual(['app']);
      expect(sent).toHaveLength(4);
      // Vault warns of a role without audience, OpenBao does not.
      const warned = session.takeWarnings().filter(({ path, text }) => path === role && text.includes('audience'));
      expect(warned).toHaveLength(product === 'hashicorp' ? 1 : 0);
    });

    test('an enabled path is told as such', async () => {
      const { session } = await connect();
      const error = await errorOf(session.write(`sys/auth/${mount}`, { type: 'kubernetes' }));
      expect(error).toMatchObject({ code: 'auth-path-in-use' });
    });

    test('a policy that is none', async () => {
      const { session } = await connect();
      const broken = { policy: 'path "x" { capabilities = ["reed"] }' };
      expect(await errorOf(session.write(`sys/policies/acl/${uniqueName('x')}`, broken))).toMatchObject({
        code: 'policy-invalid',
        exit: 1,
        message: expect.stringContaining('reed'),
      });
    });

    test('a write whose answer is lost is written once more and holds', async () => {
      const faults = await started(startFaults({ target: server().address }));
      const { session } = await connect(server().token, faults.url);
      faults.inject({ fault: { kind: 'lose-answer' }, times: 1, when: ({ method }) => method === 'POST' });
      const path = `auth/${mount}/role/lost`;
      await session.write(path, { bound_service_account_names: ['a'], bound_service_account_namespaces: ['b'] });
      expect(faults.seen.filter(({ method }) => method === 'POST')).toHaveLength(2);
      expect(await session.read(path)).toMatchObject({ bound_service_account_names: ['a'] });
    });
  });

  describe('a prober', () => {
    test('logs in; a refusal is an answer in Vault’s words', async () => {
      const { prober } = await connect();
      expect(
        await prober.login(new VouchedMount(mount), 'no-such-role', new Secret('a.b.c'), 'ServiceAccount x/y'),
      ).toEqual({
        status: 400,
        said: 'invalid role name "no-such-role"',
      });
      const missing = await prober.login(
        new VouchedMount(uniqueName('none')),
        'x',
        new Secret('a.b.c'),
        'ServiceAccount x/y',
      );
      expect(missing).toMatchObject({ status: expect.any(Number), said: expect.any(String) });
    });

    test('asks a token what it may, by itself and, where it may not, by the operator', async () => {
      const { prober, sent } = await connect();
      const paths = ['secret/data/gateway', 'secret/data/other'];
      const expected = { 'secret/data/gateway': ['read'], 'secret/data/other': ['deny'] };
      expect(await prober.capabilities(await login({ policies: [policy] }), paths)).toEqual(expected);
      const bare = await login({ policies: [policy], no_default_policy: true });
      expect(await prober.capabilities(bare, paths)).toEqual(expected);
      expect(sent.at(-1)).toBe('POST /v1/sys/capabilities-accessor');
      expect(await prober.capabilities(bare, [])).toEqual({});
    });

    test('tries a path with the workload’s token, and tells only the status', async () => {
      await raw(product, 'POST', 'secret/data/gateway', { data: { password: 'canary-kv' } });
      const { prober } = await connect();
      const workload = await login({ policies: [policy] });
      expect(await prober.tryAs(workload, { method: 'GET', path: 'secret/data/gateway' })).toEqual({
        status: 200,
        said: '',
      });
      expect(await prober.tryAs(workload, { method: 'GET', path: 'secret/data/other' })).toMatchObject({ status: 403 });
      expect(await prober.tryAs(workload, { method: 'LIST', path: 'secret/metadata' })).toMatchObject({ status: 403 });
    });

    test('revokes: by itself, by the operator, and says when it cannot', async () => {
      const { prober } = await connect();
      const gone = async ({ token }: VaultLogin) =>
        (await raw(product, 'GET', 'auth/token/lookup-self', undefined, token.reveal())).status;
      const plain = await login({ policies: [policy] });
      expect([await prober.revoke(plain), await gone(plain)]).toEqual([true, 403]);
      const bare = await login({ policies: [policy], no_default_policy: true });
      expect([await prober.revoke(bare), await gone(bare)]).toEqual([true, 403]);
      expect(await prober.revoke(bare)).toBe(true);
      const batch = await login({ policies: [policy], type: 'batch', ttl: '5m' });
      expect(await prober.revoke(batch)).toBe(false);
    });

    test('hears why a login was refused, from Vault’s own log', async () => {
      const config = { kubernetes_host: 'https://127.0.0.1:1', kubernetes_ca_cert: servers().kubernetes.ca };
      await raw(product, 'POST', `auth/${mount}/config`, { ...config, disable_local_ca_jwt: true });
      const bound = { bound_service_account_names: ['default'], bound_service_account_namespaces: ['default'] };
      await raw(product, 'POST', `auth/${mount}/role/heard`, bound);
      const account = '/api/v1/namespaces/default/serviceaccounts/default';
      const { token } = (await kubernetes('POST', `${account}/token`, { spec: {} })).body.status;
      const { prober } = await connect();
      const stream = await prober.monitor();
      try {
        expect(
          await prober.login(new VouchedMount(mount), 'heard', new Secret(token), 'ServiceAccount x/y'),
        ).toMatchObject({
          status: 403,
        });
        for await (const line of stream.lines) {
          if (!line.includes('login unauthorized')) continue;
          expect(JSON.parse(line)).toMatchObject({ '@module': expect.stringContaining('auth.kubernetes') });
          expect(line).toContain('connection refused');
          break;
        }
      } finally {
        stream.close();
      }
    });

    test('may not hear it: says what is needed', async () => {
      const { prober } = await connect(await createToken({ policies: [policy] }));
      expect(await errorOf(prober.monitor())).toMatchObject({ code: 'operator-forbidden' });
    });
  });

  test('1,000 reads keep few connections', async () => {
    const faults = await started(startFaults({ target: server().address }));
    const { reader } = await connect(server().token, faults.url);
    const reads = Array.from({ length: 1000 }, (_, n) => reader.read(`auth/${mount}/role/app-${n}`));
    expect(new Set(await Promise.all(reads))).toEqual(new Set([undefined]));
    expect(faults.accepted()).toBeLessThanOrEqual(16);
  });
});
