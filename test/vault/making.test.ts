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
  ['a redirect', answer(307), undefined],
  ["Vault's own failure", answer(500, errors('lookup failed')), undefined],
  ['a sealed Vault', answer(503, errors('Vault is sealed')), undefined],
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
