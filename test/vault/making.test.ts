import { describe, expect, it, onTestFinished, test } from 'vitest';
import type { Left } from '../../src/model/ledger.ts';
import { workUntil } from '../../src/model/work.ts';
import { Secret } from '../../src/secret.ts';
import { isRefusal } from '../../src/vault/api.ts';
import { VouchedMount } from '../../src/vault/vouched-mount.ts';
import { type Fault, startFaults } from '../servers/faults.ts';
import { connectionTo, vaultAt } from './with.ts';

/** The law: what the answer to a making does not rule out is in the ledger. */
const auth = {
  client_token: 'workload-token',
  accessor: 'acc',
  lease_duration: 60,
  policies: [],
  token_type: 'service',
};
const answer = (status: number, body: unknown = {}): Fault => ({
  kind: 'answer',
  status,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const redirect = (location: string): Fault => ({ kind: 'answer', status: 307, headers: { location } });
const errors = (...texts: string[]) => ({ errors: texts });

const answers: [what: string, fault: Fault, left: Left['state'] | undefined][] = [
  ['a token', answer(200, { auth }), 'made'],
  ['a batch token', answer(200, { auth: { ...auth, token_type: 'batch' } }), 'batch'],
  [
    'a second factor first',
    answer(200, {
      auth: { ...auth, client_token: '', accessor: '', mfa_requirement: { mfa_request_id: 'x', mfa_constraints: {} } },
    }),
    undefined,
  ],
  ['a success without a token', answer(200, {}), 'lost'],
  ['a success that is a page', answer(200, '<html>'), 'lost'],
  ['a success without a body', answer(204), 'lost'],
  ['a refusal', answer(403, errors('permission denied')), undefined],
  ['a mistake', answer(400, errors('invalid role name')), undefined],
  ['a limit', answer(429, errors('rate limited')), undefined],
  ['a redirect to another node', redirect('https://10.0.0.2:8200/v1/auth/kube/login'), undefined],
  ['a redirect to a page', redirect('https://login.example.com/'), 'lost'],
  ['a redirect to nowhere', answer(307), 'lost'],
  ['a refusal that is a page', answer(403, '<html>'), 'lost'],
  ['a deadline', answer(408, errors('late')), 'lost'],
  ['a failure of the auth method', answer(500, errors('could not load backend configuration')), undefined],
  ['the same words and more', answer(500, errors('could not load backend configuration', 'internal error')), 'lost'],
  ["Vault's own failure, as of its audit log", answer(500, errors('internal error')), 'lost'],
  ['a sealed Vault', answer(503, errors('Vault is sealed')), 'lost'],
  ['a standby that lost the one it forwards to', answer(500, errors('error during forwarding RPC request')), 'lost'],
  ["a gateway's failure", answer(502, '<html>'), 'lost'],
  ["a gateway's deadline", answer(504, '<html>'), 'lost'],
  ['a failure that is a page', answer(500, '<html>'), 'lost'],
  ['nothing, after Vault did it', { kind: 'lose-answer' }, 'lost'],
  ['half of it', { kind: 'half' }, 'lost'],
  ['nothing in time', { kind: 'delay', milliseconds: 60_000 }, 'lost'],
];

async function scene(fault: Fault, when: (path: string) => boolean = () => true) {
  const server = await startFaults();
  onTestFinished(() => server.close());
  server.inject({ fault, when: ({ path }) => when(path) });
  server.inject({
    fault: answer(204),
    when: ({ method, path }) => method === 'DELETE' || path.endsWith('/revoke-self'),
  });
  const work = workUntil(new AbortController().signal);
  const vault = vaultAt(connectionTo(server.url, { timeout: fault.kind === 'delay' ? 300 : 20_000, retries: 0 }), {
    work,
  });
  return { server, vault, standing: () => work.ledger.standing() };
}

describe('of a login that is answered by', () => {
  it.each(answers)('%s', async (_what, fault, left) => {
    const { vault, standing } = await scene(fault, (path) => path.endsWith('/login'));
    const login = vault.prober.login(new VouchedMount('kube'), 'app', new Secret('the-jwt'), 'ServiceAccount x/y');
    const came = await login.catch(() => undefined);
    const told = standing().map(({ state, at, who }) => [state, at, who]);
    expect(told).toEqual(left === undefined ? [] : [[left, 'auth/kube/login', 'ServiceAccount x/y with role app']]);
    expect(came !== undefined && !isRefusal(came)).toBe(left === 'made' || left === 'batch');
  });
});

describe('the answer to a login', () => {
  it.each<[judges: boolean, status: number, text: string]>([
    [true, 403, 'permission denied'],
    [true, 400, 'invalid role name "app"'],
    [true, 500, 'could not load backend configuration'],
    [true, 500, 'open /var/run/secrets/kubernetes.io/serviceaccount/ca.crt: no such file or directory'],
    [false, 500, 'open /vault/audit.log: no space left on device'],
    [false, 500, 'internal error'],
    [false, 429, 'request path "auth/kube/login": rate limit quota exceeded'],
    [false, 503, 'Vault is sealed'],
  ])('is a verdict: %s, for %i %s', async (judges, status, text) => {
    const { vault } = await scene(answer(status, errors(text)), (path) => path.endsWith('/login'));
    const login = vault.prober.login(new VouchedMount('kube'), 'app', new Secret('the-jwt'), 'x');
    const refused = await login.catch((error: unknown) => error);
    if (judges) expect(refused).toEqual({ status, said: text });
    else expect(refused).toMatchObject({ exit: 4 });
  });
});

describe('a token is revoked', () => {
  const bare = answer(403, errors('permission denied'));
  const listed = answer(403, errors('1 error occurred:\n\t* permission denied\n\n'));
  it.each<[what: string, gone: boolean, self: Fault[], accessor: Fault]>([
    ['when it ends itself', true, [answer(204)], listed],
    ['not when its node does not know it and the operator may not', false, [bare], listed],
    ['when the operator ends it', true, [bare], answer(204)],
    ['when Vault does not know its accessor', true, [bare], answer(403, errors('invalid accessor'))],
    ['when it is unknown after a revoke whose answer was lost', true, [{ kind: 'lose-answer' }, bare], listed],
    ['not after one that a quota refused', false, [answer(429, errors('slow down')), bare], listed],
  ])('%s', async (_what, gone, self, accessor) => {
    const server = await startFaults({ answer: JSON.stringify({ request_id: 'x', auth }) });
    onTestFinished(() => server.close());
    for (const fault of self)
      server.inject({ fault, times: fault === self.at(-1) ? 9 : 1, when: ({ path }) => path.endsWith('/revoke-self') });
    server.inject({ fault: accessor, when: ({ path }) => path.endsWith('/revoke-accessor') });
    const work = workUntil(new AbortController().signal);
    const { prober } = vaultAt(connectionTo(server.url, { retries: 0 }), { work });
    const login = await prober.login(new VouchedMount('kube'), 'app', new Secret('the-jwt'), 'x');
    if (isRefusal(login)) throw new Error(login.said);
    expect([await prober.revoke(login), work.ledger.standing().length]).toEqual([gone, gone ? 0 : 1]);
  });
});

test('a login that never reached a server left nothing', async () => {
  const work = workUntil(new AbortController().signal);
  const vault = vaultAt(connectionTo('http://127.0.0.1:1', { retries: 0 }), { work });
  await vault.prober
    .login(new VouchedMount('kube'), 'app', new Secret('the-jwt'), 'ServiceAccount x/y')
    .catch(() => undefined);
  expect([work.ledger.standing(), vault.sent.length]).toEqual([[], 1]);
});

test('a login that cannot succeed leaves nothing, whatever becomes of its answer', async () => {
  const { vault, standing } = await scene({ kind: 'lose-answer' });
  await vault.prober.impossibleLogin('kube').catch(() => undefined);
  expect(standing()).toEqual([]);
});

test('how long a lost token lives is what was read of its role', async () => {
  const { server, vault, standing } = await scene({ kind: 'lose-answer' }, (path) => path.endsWith('/login'));
  const role = JSON.stringify({ request_id: 'x', data: { token_ttl: 420, token_policies: ['app'] } });
  server.inject({ fault: { kind: 'answer', status: 200, body: role }, when: ({ path }) => path.endsWith('/role/app') });
  const lost = () =>
    vault.prober.login(new VouchedMount('kube'), 'app', new Secret('the-jwt'), 'x').catch(() => undefined);
  await lost();
  await vault.reader.read('auth/kube/role/app');
  expect(standing().map(({ lives }) => lives)).toEqual(['420 s']);
});

test('a scratch mount whose making is not answered is removed all the same, and told when it cannot be', async () => {
  const mount = 'vaultbind-probe-0123456789ab';
  const { server, vault, standing } = await scene({ kind: 'lose-answer' }, (path) => path.includes(mount));
  await vault.scratch.enable(mount, 'x').catch(() => undefined);
  expect(standing()).toMatchObject([{ kind: 'scratch mount', at: `sys/auth/${mount}` }]);
  server.clear();
  server.inject({ fault: answer(204) });
  await vault.close();
  expect([standing(), server.seen.at(-1)?.method]).toEqual([[], 'DELETE']);
});

test('a connection ends what was made through it before it closes', async () => {
  const { server, vault, standing } = await scene(answer(200, { auth }), (path) => path.endsWith('/login'));
  await vault.prober.login(new VouchedMount('kube'), 'app', new Secret('the-jwt'), 'x');
  await vault.close();
  expect([standing(), server.seen.at(-1)?.path]).toEqual([[], '/v1/auth/token/revoke-self']);
});

describe('outside of the ledger nothing is sent that makes something', () => {
  it.each(['sys/auth/vaultbind-probe-0123456789ab', 'sys/policies/acl/vaultbind-child-20261125t105400z-3fa9c1d2'])(
    '%s',
    async (path) => {
      const { server, vault } = await scene(answer(200));
      await expect(vault.session.write(path, {})).rejects.toThrow('outside of the ledger');
      expect(server.seen).toEqual([]);
    },
  );

  it('but a role may be called login', async () => {
    const { server, vault } = await scene(answer(204));
    await vault.session.write('auth/kube/role/login', {});
    expect(server.seen).toHaveLength(1);
  });
});
