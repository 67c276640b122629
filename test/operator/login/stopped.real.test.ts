import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildProgram, startProgram } from '../../servers/child.ts';
import { runCli } from '../../servers/cli.ts';
import { type Faults, startFaults } from '../../servers/faults.ts';
import { products, servers, uniqueName } from '../../servers/servers.ts';
import type { Workbench } from '../../servers/workbench.ts';
import { approle, type Prepared, tokensOf } from './methods.ts';
import { loginScene } from './scene.ts';

beforeAll(buildProgram);

describe.each(products)('a run that does not come to its end, on %s,', (product) => {
  const scene = loginScene(product);
  let bench: Workbench;
  let prepared: Prepared;
  let between: Faults;
  beforeAll(async () => {
    bench = scene.bench;
    prepared = await scene.prepare(approle);
  });
  beforeEach(async () => {
    between = await startFaults({ target: servers().vaults[product].address });
  });
  afterEach(() => between.close());

  const env = () => scene.env({ ...prepared.env, VAULT_ADDR: between.url });
  const args = (...command: string[]) => [...command, ...prepared.flags, '-f', 'recipe.yaml'];
  const sent = (end: string) => between.seen.filter(({ path }) => path.endsWith(end)).length;
  const isLogin = ({ path }: { path: string }) => path === `/v1/${prepared.at}`;

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'by %s in the middle of an apply, gives the token back',
    async (signal) => {
      let stop = () => {};
      const isFirstWrite = ({ method, path }: { method: string; path: string }) => {
        const first = method !== 'GET' && path.startsWith('/v1/sys/') && !path.includes('capabilities');
        if (first) stop();
        return first;
      };
      between.inject({ fault: { kind: 'delay', milliseconds: 300 }, when: isFirstWrite });
      const child = startProgram(args('apply', '--yes'), { env: env(), cwd: bench.folder });
      stop = () => child.kill(signal);
      const { exit, stderr } = await child.ended;
      expect(exit, stderr).toBe(130);
      expect([sent('/login'), sent('/revoke-self')]).toEqual([1, 1]);
      expect(await tokensOf(bench, prepared)).toBe(0);
      await bench.vault('DELETE', `sys/auth/${bench.mount}`);
      await bench.vault('DELETE', `sys/policies/acl/${bench.policy}`);
    },
  );

  it.each([['ends the token'], ['tells the token that it cannot end', '/revoke-self']])(
    'by a second Ctrl-C, while Vault is silent, %s',
    async (_what, silent = '/v1/sys/auth') => {
      let stop = () => {};
      const isFirst = ({ path }: { path: string }) => path.startsWith('/v1/sys/auth');
      between.inject({
        fault: { kind: 'delay', milliseconds: 30_000 },
        when: (one) => {
          if (isFirst(one)) stop();
          return isFirst(one) || one.path.endsWith(silent);
        },
      });
      const child = startProgram(args('plan'), { env: env(), cwd: bench.folder });
      stop = () => child.kill('SIGINT');
      await child.heard('again to stop at once');
      child.kill('SIGINT');
      const { exit, stderr } = await child.ended;
      const accessors = await accessorsAt();
      expect([exit, accessors.length], stderr).toEqual([130, silent === '/revoke-self' ? 1 : 0]);
      for (const accessor of accessors) {
        expect(stderr).toContain(`to end it now: vault token revoke -accessor ${accessor}`);
        await bench.vault('POST', 'auth/token/revoke-accessor', { accessor });
      }
    },
  );

  it.each(['plan', 'apply'])(
    'for a reader that goes away, goes on with %s and gives the token back',
    async (command) => {
      let leave = () => {};
      between.inject({
        fault: { kind: 'delay', milliseconds: 300 },
        when: ({ path }) => {
          if (path.startsWith('/v1/sys/auth')) leave();
          return path.startsWith('/v1/sys/auth');
        },
      });
      const yes = command === 'apply' ? ['--yes'] : [];
      const child = startProgram(args(command, ...yes, '-vv'), { env: env(), cwd: bench.folder });
      leave = () => child.deaf();
      expect(await child.ended).toMatchObject({ exit: 0, signal: null });
      const { status } = await bench.vault('GET', `auth/${bench.mount}/role/${bench.role}`);
      expect(status).toBe(command === 'apply' ? 200 : 404);
      expect(await tokensOf(bench, prepared)).toBe(0);
      await bench.vault('DELETE', `sys/auth/${bench.mount}`);
      await bench.vault('DELETE', `sys/policies/acl/${bench.policy}`);
    },
  );

  it('by Ctrl-C while the login goes on, gives the token back and asks for nothing', async () => {
    const stop = new AbortController();
    between.inject({
      fault: { kind: 'delay', milliseconds: 200 },
      when: (one) => {
        if (isLogin(one)) stop.abort();
        return isLogin(one);
      },
    });
    const { exit } = await runCli(args('plan'), { env: env(), cwd: bench.folder, signal: stop.signal });
    expect(exit).toBe(130);
    expect(between.seen.map(({ path }) => path)).toEqual([`/v1/${prepared.at}`, '/v1/auth/token/revoke-self']);
    expect(await tokensOf(bench, prepared)).toBe(0);
  });

  it('for a server that fails, gives the token back', async () => {
    between.inject({ fault: { kind: 'answer', status: 500 }, when: ({ path }) => path.startsWith('/v1/sys/health') });
    const { exit } = await runCli(args('plan'), { env: env(), cwd: bench.folder });
    expect(exit).toBe(4);
    expect(await tokensOf(bench, prepared)).toBe(0);
  });

  it('for a login whose answer is lost, does not log in again', async () => {
    between.inject({ fault: { kind: 'lose-answer' }, when: isLogin });
    const { exit, stderr } = await runCli(args('plan'), { env: env(), cwd: bench.folder });
    expect(exit, stderr).toBe(4);
    expect(sent('/login')).toBe(1);
    // Nobody knows that token any more; it ends by itself.
    const at = prepared.at.replace('/login', '');
    expect(stderr).toContain(`the token of the login at ${at} may be there: no answer came to the login`);
    for (const accessor of await accessorsAt()) await bench.vault('POST', 'auth/token/revoke-accessor', { accessor });
  });

  async function accessorsAt(): Promise<string[]> {
    const { body } = await bench.vault('LIST', 'auth/token/accessors');
    const looked = await Promise.all(
      body.data.keys.map((accessor: string) => bench.vault('POST', 'auth/token/lookup-accessor', { accessor })),
    );
    return looked.filter((one) => one.body?.data?.path === prepared.at).map((one) => one.body.data.accessor);
  }

  it('is tried again where the answer to the revoke is lost', async () => {
    between.inject({ fault: { kind: 'lose-answer' }, times: 1, when: ({ path }) => path.endsWith('/revoke-self') });
    const { exit, stderr } = await runCli(args('plan'), { env: env(), cwd: bench.folder });
    expect([exit, stderr]).toEqual([0, expect.not.stringContaining('warning: the token')]);
    expect(await tokensOf(bench, prepared)).toBe(0);
  });

  it('says how to end a token that could not be revoked', async () => {
    between.inject({
      fault: { kind: 'answer', status: 400, body: '{"errors":["no"]}' },
      when: ({ path }) => path.endsWith('/revoke-self'),
    });
    const { exit, stderr } = await runCli(args('plan', '-q'), { env: env(), cwd: bench.folder });
    expect(exit).toBe(0);
    const [accessor = ''] = await accessorsAt();
    expect(stderr).toContain(
      `could not be revoked and is good for up to 300 s; to end it now: vault token revoke -accessor ${accessor}`,
    );
    await bench.vault('POST', 'auth/token/revoke-accessor', { accessor });
  });

  it('says of a batch token that it ends by itself, and sends no revoke', async () => {
    const batch = await scene.prepare(approle, { token_type: 'batch' });
    const settings = { env: { ...env(), ...batch.env }, cwd: bench.folder };
    const { exit, stderr } = await runCli(['plan', ...batch.flags, '-f', 'recipe.yaml'], settings);
    expect([exit, sent('/revoke-self')]).toEqual([0, 0]);
    expect(stderr).toContain('is a batch token, which ends by itself after 300 s');
  });

  it('says so of a token that may not end itself', async () => {
    const few = uniqueName('few');
    await bench.vault('POST', `sys/policies/acl/${few}`, { policy: 'path "sys/auth" { capabilities = ["read"] }' });
    const bound = await approle(bench, few, { token_no_default_policy: true });
    const settings = { env: { ...env(), ...bound.env }, cwd: bench.folder };
    const { stderr } = await runCli(['plan', ...bound.flags, '-f', 'recipe.yaml'], settings);
    expect(stderr).toContain('could not be revoked and is good for up to 300 s');
    expect(await tokensOf(bench, bound)).toBe(1);
    await bench.vault('DELETE', `sys/${bound.at.replace('/login', '')}`);
    await bench.vault('DELETE', `sys/policies/acl/${few}`);
  });

  it('with a token of the user, revokes nothing', async () => {
    const user = { ...bench.env, VAULT_ADDR: between.url };
    expect((await runCli(['plan', '-f', 'recipe.yaml'], { env: user, cwd: bench.folder })).exit).toBe(0);
    expect([sent('/login'), sent('/revoke-self')]).toEqual([0, 0]);
  });
});
