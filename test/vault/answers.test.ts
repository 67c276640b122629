import { describe, expect, test } from 'vitest';
import { FailedError, SystemError } from '../../src/errors.ts';
import { GateError } from '../../src/http/gate.ts';
import { workUntil } from '../../src/model/work.ts';
import { Secret } from '../../src/secret.ts';
import { isRefusal, type VaultSession } from '../../src/vault/api.ts';
import { VouchedMount } from '../../src/vault/vouched-mount.ts';
import { started } from '../http/with.ts';
import { type Faults, startFaults } from '../servers/faults.ts';
import { shown } from '../shown.ts';
import { canary, connectionTo, errorOf, vaultAt } from './with.ts';

const never = new AbortController().signal;

/** The form of Vault's answers to a read, a write and a login, all in one. */
const wellFormed = JSON.stringify({
  request_id: 'f8a5f9d0',
  data: { kubernetes_host: 'https://10.0.0.1', policies: ['app'] },
  auth: { client_token: 'canary-workload-token', accessor: 'acc', lease_duration: 60, policies: [] },
});

const standIn = async () => await started(startFaults({ answer: wellFormed }));

/** A Vault that answers as told, and in the right form where nothing is told. */
async function answering(answers: Record<string, [status: number, body: unknown, headers?: Record<string, string>]>) {
  const server = await standIn();
  for (const [path, [status, body, headers]] of Object.entries(answers)) {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    server.inject({
      fault: { kind: 'answer', status, body: text, ...(headers && { headers }) },
      when: (request) => request.path.split('?')[0] === `/v1/${path}`,
    });
  }
  return server;
}

const ask = (server: Faults) => vaultAt(connectionTo(server.url, { retries: 0 })).reader.read('sys/auth');
const lookup = 'auth/token/lookup-self';
const denied = { errors: ['permission denied'] };
const listed = { errors: ['1 error occurred:\n\t* permission denied\n\n'] };

describe('an answer that is an error', () => {
  test.each<[string, Parameters<typeof answering>[0], object]>([
    [
      'a token that is unknown to OpenBao',
      { 'sys/auth': [403, denied], [lookup]: [403, denied] },
      {
        code: 'operator-token-invalid',
        subject: 'VAULT_TOKEN',
        fix: [{ why: expect.stringContaining('vault login') }],
      },
    ],
    [
      'a token that is unknown to Vault',
      {
        'sys/auth': [403, { errors: ['2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n'] }],
        [lookup]: [403, denied],
      },
      { code: 'operator-token-invalid' },
    ],
    [
      'no right, said barely, and the token is good',
      { 'sys/auth': [403, denied], [lookup]: [200, { data: { policies: ['app'] } }] },
      { code: 'operator-forbidden', subject: 'sys/auth' },
    ],
    [
      'no right',
      { 'sys/auth': [403, listed], [lookup]: [403, listed] },
      {
        code: 'operator-forbidden',
        message: 'the token from VAULT_TOKEN may not read sys/auth: permission denied',
        fix: [
          { why: expect.stringContaining('path "sys/auth" { capabilities = ["read"] }') },
          { command: 'vault token capabilities sys/auth' },
        ],
      },
    ],
    [
      'sealed',
      { 'sys/auth': [503, { errors: ['Vault is sealed'] }], 'sys/health': [200, { initialized: true, sealed: true }] },
      { code: 'vault-sealed', fix: [{ why: expect.stringContaining('vault operator unseal -address=http') }] },
    ],
    [
      'not initialised',
      { 'sys/auth': [503, { errors: ['Vault is sealed'] }], 'sys/health': [200, { initialized: false, sealed: true }] },
      { code: 'vault-uninitialized', fix: [{ why: expect.stringContaining('vault operator init') }] },
    ],
    [
      'a standby without an active node',
      { 'sys/auth': [500, { errors: ['local node not active but active cluster node not found'] }] },
      { code: 'vault-standby' },
    ],
    [
      'a standby that redirects to the active node',
      { 'sys/auth': [307, '', { location: 'http://active.example:8200/v1/sys/auth' }] },
      { code: 'vault-standby', fix: [{ command: 'export VAULT_ADDR=http://active.example:8200' }] },
    ],
    [
      'a redirect from http to https',
      { 'sys/auth': [301, '', { location: 'https://vault.example/v1/sys/auth' }] },
      { code: 'vault-scheme-mismatch', fix: [{ command: expect.stringContaining('VAULT_ADDR=https://127.0.0.1') }] },
    ],
    ['a redirect to the user interface', { 'sys/auth': [302, '', { location: '/ui/' }] }, { code: 'vault-not-vault' }],
    ['HTML', { 'sys/auth': [200, '<html>hello</html>'] }, { code: 'vault-not-vault' }],
    [
      'a Kubernetes API server',
      { 'sys/auth': [403, { kind: 'Status', message: 'forbidden', code: 403 }] },
      { code: 'vault-not-vault', subject: expect.stringContaining('http://127.0.0.1') },
    ],
    ['JSON that is no object', { 'sys/auth': [200, '[1]'] }, { code: 'vault-not-vault' }],
    ['a gateway without a Vault behind it', { 'sys/auth': [502, '<html>'] }, { code: 'vault-unreachable' }],
    [
      'http to a TLS port',
      { 'sys/auth': [400, 'Client sent an HTTP request to an HTTPS server.\n'] },
      {
        code: 'vault-scheme-mismatch',
        fix: [{ command: expect.stringMatching(/^export VAULT_ADDR=https:\/\/127\.0\.0\.1:\d+$/) }],
      },
    ],
    ['too many requests', { 'sys/auth': [429, { errors: ['request path: rate limit'] }] }, { code: 'vault-error' }],
    [
      'a Vault namespace that is not there',
      { 'sys/auth': [404, { errors: ['namespace not found'] }] },
      { code: 'vault-namespace-missing' },
    ],
    [
      'anything else',
      { 'sys/auth': [500, { errors: ['1 error occurred:\n\t* disk full\n\n'] }] },
      { code: 'vault-error', message: 'Vault answered 500 to read sys/auth: disk full' },
    ],
  ])('%s', async (_, answers, expected) => {
    const error = await errorOf(ask(await answering(answers)));
    expect(error).toBeInstanceOf(SystemError);
    expect(shown(error.problems)).toMatchObject([expected]);
  });

  test('a secret in the words of Vault is not passed on', async () => {
    const server = await answering({ 'sys/auth': [500, { errors: [`bad token ${canary}`] }] });
    expect((await errorOf(ask(server))).message).toContain('bad token ***');
  });

  test('a name cannot make the command to copy do something else', async () => {
    const server = await started(startFaults());
    server.inject({ fault: { kind: 'answer', status: 403, body: JSON.stringify(listed) } });
    const error = await errorOf(vaultAt(connectionTo(server.url)).reader.read("auth/kube/role/x'; rm -rf ~"));
    const quoted = `'auth/kube/role/x'\\''; rm -rf ~'`;
    expect(shown(error.problems)[0]?.fix.at(-1)?.command).toBe(`vault token capabilities ${quoted}`);
  });

  test.each([
    // The token has all that was asked for: what is sent is what is refused.
    [['create', 'read', 'update'], /may write auth\/kube\/role\/r, and not with what was sent/, /allowed_parameters/],
    [['read'], /may not write auth\/kube\/role\/r/, /capabilities = \["create", "update"\]/],
    [['update'], /may not write auth\/kube\/role\/r/, /capabilities = \["create", "update"\]/],
  ])('a write that is refused to a token with %j', async (held, message, why) => {
    const path = 'auth/kube/role/r';
    const server = await answering({
      [path]: [403, listed],
      'sys/capabilities-self': [200, { [path]: held, capabilities: held, data: { [path]: held } }],
    });
    const { problems } = await errorOf(vaultAt(connectionTo(server.url)).session.write(path, { token_policies: 'a' }));
    expect(problems).toMatchObject([{ code: 'operator-forbidden', message: expect.stringMatching(message) }]);
    expect(problems[0]?.fix?.[0]?.why).toMatch(why);
  });

  test('a policy that Vault does not accept', async () => {
    const server = await answering({ 'sys/policies/acl/app': [400, { errors: ['failed to parse policy: x'] }] });
    const error = await errorOf(
      vaultAt(connectionTo(server.url)).session.write('sys/policies/acl/app', { policy: 'x' }),
    );
    expect(error).toBeInstanceOf(FailedError);
    expect(shown(error.problems)).toMatchObject([{ code: 'policy-invalid', subject: 'sys/policies/acl/app' }]);
  });

  test('a path that was enabled meanwhile', async () => {
    const server = await answering({ 'sys/auth/kube': [400, { errors: ['path is already in use at kube/'] }] });
    const error = await errorOf(
      vaultAt(connectionTo(server.url)).session.write('sys/auth/kube', { type: 'kubernetes' }),
    );
    expect(shown(error.problems)).toMatchObject([{ code: 'auth-path-in-use', subject: 'sys/auth/kube' }]);
  });
});

describe('no answer', () => {
  test('nobody listens', async () => {
    const server = await startFaults();
    await server.close();
    expect(shown((await errorOf(ask(server))).problems)).toMatchObject([
      {
        code: 'vault-unreachable',
        subject: server.url,
        fix: [{ why: expect.stringContaining(`curl -v ${server.url}/v1/sys/health`) }],
      },
    ]);
  });

  test('no such name', async () => {
    const vault = vaultAt(connectionTo('https://vault.invalid:8200'));
    expect(await errorOf(vault.reader.read('sys/auth'))).toMatchObject({ code: 'vault-unreachable' });
  });

  test('silence', async () => {
    const server = await started(startFaults());
    server.inject({ fault: { kind: 'delay', milliseconds: 60_000 } });
    const vault = vaultAt(connectionTo(server.url, { timeout: 100 }));
    expect(await errorOf(vault.reader.read('sys/auth'))).toMatchObject({ code: 'timeout', exit: 4 });
  });

  test('interrupted', async () => {
    const server = await started(startFaults());
    const vault = vaultAt(connectionTo(server.url), { work: { ...workUntil(never), cut: AbortSignal.abort() } });
    expect(await errorOf(vault.reader.read('sys/auth'))).toMatchObject({ code: 'interrupted', exit: 130 });
  });

  test('https to an http listener', async () => {
    const server = await started(startFaults());
    const vault = vaultAt(connectionTo(server.url.replace('http:', 'https:')));
    const error = await errorOf(vault.reader.read('sys/auth'));
    expect(shown(error.problems)).toMatchObject([
      { code: 'vault-scheme-mismatch', fix: [{ command: `export VAULT_ADDR=${server.url}` }] },
    ]);
  });
});

describe('requests', () => {
  test('carry token, User-Agent and Vault’s own header; a Vault namespace when there is one', async () => {
    const server = await answering({ 'sys/health': [200, { initialized: true, sealed: false, version: '2.7.2' }] });
    const spaced = vaultAt(connectionTo(server.url, { namespace: 'team/a' }));
    await spaced.reader.read('auth/kube/config');
    await vaultAt(connectionTo(server.url)).reader.read('auth/kube/role/app');
    const [health, first, second] = server.seen;
    expect(health?.headers).not.toHaveProperty('x-vault-token');
    expect(health?.headers).not.toHaveProperty('x-vault-namespace');
    expect(first?.headers).toMatchObject({
      'x-vault-token': canary,
      'x-vault-namespace': 'team/a',
      'x-vault-request': 'true',
      'user-agent': 'vaultbind/test (article)',
    });
    expect(second?.headers).not.toHaveProperty('x-vault-namespace');
  });

  test('node-vault takes nothing from the environment', async () => {
    const server = await standIn();
    const before = { ...process.env };
    Object.assign(process.env, {
      VAULT_TOKEN: 'environment-token',
      VAULT_NAMESPACE: 'environment-namespace',
      VAULT_PREFIX: '/environment-prefix',
      VAULT_ADDR: 'http://environment.invalid',
      DEBUG: 'node-vault',
    });
    try {
      const vault = vaultAt(connectionTo(server.url));
      await vault.reader.read('auth/kube/config');
      await vault.prober.login(new VouchedMount('kube'), 'app', new Secret('jwt'), 'ServiceAccount x/y');
      expect(JSON.stringify(server.seen)).not.toContain('environment');
    } finally {
      process.env = before;
    }
  });

  test('a Vault Community would ignore the Vault namespace: nothing is sent to it', async () => {
    const health = { initialized: true, sealed: false, version: '1.21.0', enterprise: false };
    const server = await answering({ 'sys/health': [200, health] });
    const vault = vaultAt(connectionTo(server.url, { namespace: 'team' }));
    const error = await errorOf(vault.session.write('sys/auth/kube', { type: 'kubernetes' }));
    expect(shown(error.problems)).toMatchObject([
      { code: 'vault-namespaces-unsupported', subject: 'Vault namespace team' },
    ]);
    expect(vault.sent.map((line) => line.split('?')[0])).toEqual(['GET /v1/sys/health']);
  });

  test('paths are encoded, and never resolved', async () => {
    const server = await standIn();
    const { reader, session } = vaultAt(connectionTo(server.url));
    await reader.read("auth/kube/role/a=b&c'd ?#%");
    expect(server.seen.map(({ path }) => path)).toEqual(["/v1/auth/kube/role/a%3Db%26c'd%20%3F%23%25"]);
    for (const path of ['auth/kube/role/../../../secret/x', 'auth/./config', '/sys/auth', 'auth//config']) {
      await errorOf(reader.read(path));
      await errorOf(session.write(path, {}));
    }
    expect(server.seen).toHaveLength(1);
  });

  test('a list is a GET, which every proxy passes on', async () => {
    const server = await answering({ 'sys/policies/acl': [200, { data: { keys: ['a', 'b'] } }] });
    const vault = vaultAt(connectionTo(server.url));
    expect(await vault.reader.list('sys/policies/acl')).toEqual(['a', 'b']);
    expect(vault.sent).toEqual(['GET /v1/sys/policies/acl?list=1']);
  });

  test('the same read is one request, until it is written; failures are asked again', async () => {
    const server = await answering({ 'auth/kube/role/broken': [500, { errors: ['x'] }] });
    const { reader, prober, session, sent } = vaultAt(connectionTo(server.url));
    await Promise.all([reader, prober, session, reader].map((each) => each.read('auth/kube/role/app')));
    await reader.lookup('auth/kube/role/app');
    expect(sent).toHaveLength(1);
    await session.write('auth/kube/role/app', { token_ttl: 1 });
    await reader.read('auth/kube/role/app');
    expect(sent).toHaveLength(3);
    reader.forget();
    await reader.read('auth/kube/role/app');
    expect(sent).toHaveLength(4);
    await errorOf(reader.read('auth/kube/role/broken'));
    await errorOf(reader.read('auth/kube/role/broken'));
    expect(sent).toHaveLength(6);
  });

  test('reads keep few connections', async () => {
    const server = await standIn();
    const { reader } = vaultAt(connectionTo(server.url), { parallel: 8 });
    await Promise.all(Array.from({ length: 200 }, (_, n) => reader.read(`auth/kube/role/app-${n}`)));
    expect(server.seen).toHaveLength(200);
    expect(server.accepted()).toBeLessThanOrEqual(8);
  });

  test('warnings are kept, once, until taken', async () => {
    const server = await answering({
      'auth/kube/role/app': [200, { request_id: 'r', data: { audience: '' }, warnings: ['no audience'] }],
    });
    const { reader, session } = vaultAt(connectionTo(server.url));
    await Promise.all([reader.read('auth/kube/role/app'), reader.read('auth/kube/role/app')]);
    expect(session.takeWarnings()).toEqual([{ path: 'auth/kube/role/app', text: 'no audience' }]);
    expect(reader.takeWarnings()).toEqual([]);
  });

  test('the log names method, path and outcome, and no secret', async () => {
    const server = await answering({ 'sys/auth': [403, listed] });
    const vault = vaultAt(connectionTo(server.url));
    await errorOf(vault.reader.read('sys/auth'));
    await vault.prober.login(new VouchedMount('kube'), 'app', new Secret('canary-jwt-in-a-body'), 'ServiceAccount x/y');
    expect(vault.log.map(({ method, path, outcome }) => [method, path, outcome])).toEqual([
      ['GET', '/v1/sys/auth', 403],
      ['POST', '/v1/auth/kube/login', 200],
    ]);
    expect(JSON.stringify([vault.log, vault.sent])).not.toContain('canary');
  });
});

describe('what may not be sent', () => {
  test('a reader has no write, and a POST is refused before it is sent', async () => {
    const server = await standIn();
    const { reader, prober, sent } = vaultAt(connectionTo(server.url));
    // @ts-expect-error A reader cannot write, by type.
    expect(reader.write).toBeUndefined();
    // @ts-expect-error Nor can a prober.
    expect(prober.write).toBeUndefined();
    // @ts-expect-error Nor can a reader log in.
    expect(reader.login).toBeUndefined();
    await expect(reader.read('secret/data/myapp/config')).rejects.toThrow(GateError);
    expect(sent).toEqual([]);
  });

  test.each(['secret/data/x', 'auth/token/create', 'sys/mounts/kv', 'sys/seal', 'auth/kube/tidy'])(
    'a session does not write %s',
    async (path) => {
      const server = await standIn();
      const session: VaultSession = vaultAt(connectionTo(server.url)).session;
      await expect(session.write(path, {})).rejects.toThrow(GateError);
      expect(server.seen).toEqual([]);
    },
  );
});

describe('a login', () => {
  const auth = {
    client_token: 'canary-workload-token',
    accessor: 'acc',
    lease_duration: 3600,
    policies: ['default', 'app'],
    token_type: 'service',
  };

  test('hands out a token that does not print', async () => {
    const server = await answering({ 'auth/kube/login': [200, { auth, warnings: ['w'] }] });
    const answer = await vaultAt(connectionTo(server.url)).prober.login(
      new VouchedMount('kube'),
      'app',
      new Secret('the-jwt'),
      'ServiceAccount x/y',
    );
    if (isRefusal(answer)) throw new Error(answer.said);
    expect({ ...answer, token: answer.token.reveal() }).toEqual({
      token: 'canary-workload-token',
      accessor: 'acc',
      ttl: 3600,
      policies: ['default', 'app'],
      warnings: ['w'],
      type: 'service',
      uses: 0,
    });
    expect(JSON.stringify(answer)).not.toContain('canary');
    expect(server.seen[0]).toMatchObject({ body: '{"role":"app","jwt":"the-jwt"}' });
    expect(server.seen[0]?.headers).not.toHaveProperty('x-vault-token');
  });

  test('is not sent twice: the first token could not be revoked', async () => {
    const server = await standIn();
    server.inject({ fault: { kind: 'lose-answer' } });
    const login = vaultAt(connectionTo(server.url)).prober.login(
      new VouchedMount('kube'),
      'app',
      new Secret('the-jwt'),
      'ServiceAccount x/y',
    );
    expect(await errorOf(login)).toMatchObject({ code: 'vault-unreachable' });
    expect(server.seen).toHaveLength(1);
  });

  test('that is refused is an answer; one that goes elsewhere is not', async () => {
    const server = await answering({
      'auth/kube/login': [403, listed],
      'auth/other/login': [307, '', { location: '/' }],
    });
    const { prober } = vaultAt(connectionTo(server.url));
    expect(await prober.login(new VouchedMount('kube'), 'app', new Secret('the-jwt'), 'ServiceAccount x/y')).toEqual({
      status: 403,
      said: 'permission denied',
    });
    await errorOf(prober.login(new VouchedMount('other'), 'app', new Secret('the-jwt'), 'ServiceAccount x/y'));
  });

  test('is revoked even when everything else was interrupted', async () => {
    const server = await answering({ 'auth/kube/login': [200, { auth }] });
    const stop = new AbortController();
    const { prober } = vaultAt(connectionTo(server.url), { work: { ...workUntil(never), cut: stop.signal } });
    const answer = await prober.login(new VouchedMount('kube'), 'app', new Secret('the-jwt'), 'ServiceAccount x/y');
    if (isRefusal(answer)) throw new Error(answer.said);
    stop.abort();
    expect(await prober.revoke(answer)).toBe(true);
    expect(server.seen.at(-1)).toMatchObject({
      path: '/v1/auth/token/revoke-self',
      headers: { 'x-vault-token': 'canary-workload-token' },
    });
  });
});
