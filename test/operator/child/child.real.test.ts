import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { childPolicy } from '../../../src/actions/permissions/child-policy.ts';
import type { PermissionCommand } from '../../../src/model/rights.ts';
import { readRecipe } from '../../../src/recipe/read.ts';
import { reportOf, runCli } from '../../servers/cli.ts';
import { type Faults, type Seen, startFaults } from '../../servers/faults.ts';
import { products, servers, uniqueName } from '../../servers/servers.ts';
import { notable, type Workbench, workbench } from '../../servers/workbench.ts';
import { approle, operatorPolicy, tokensOf, userpass } from '../login/methods.ts';
import { childrenIn, none, removeChildren, tokenWith } from './scene.ts';

describe.each(products)('--child-token, on %s,', (product) => {
  let bench: Workbench;
  let policy: string;
  let between: Faults;
  beforeAll(async () => {
    bench = await workbench(product);
    bench.write(bench.recipe());
    policy = await operatorPolicy(bench);
  });
  afterAll(async () => {
    await bench.vault('DELETE', `sys/policies/acl/${policy}`);
    await bench.remove();
  });
  beforeEach(async () => {
    between = await startFaults({ target: servers().vaults[product].address });
  });
  afterEach(async () => {
    await between.close();
    const left = await childrenIn(bench);
    await removeChildren(bench, left);
    expect(left).toEqual(none);
  });

  const run = async (args: string[], env: Record<string, string> = {}, signal?: AbortSignal) => {
    const settings = { env: { ...bench.env, VAULT_ADDR: between.url, ...env }, cwd: bench.folder };
    return await runCli([...args, '-f', 'recipe.yaml', '-o', 'json'], { ...settings, ...(signal && { signal }) });
  };

  const isMakingOrEnding = ({ method, path }: Seen) =>
    /^\/v1\/(sys\/health|auth\/token\/create|sys\/policies\/acl\/vaultbind-child-.*)$/.test(path) ||
    (method === 'GET' && /^\/v1\/sys\/policies\/acl\?list=/.test(path));

  it.each([
    ['plan', []],
    ['apply', ['--yes']],
    ['step bind-role', ['--yes']],
    ['verify', []],
    ['doctor', ['--no-monitor']],
  ])('%s does all of its work with a child that has its rights and no more', async (command, flags) => {
    const { VAULT_TOKEN: parent = '' } = bench.env;
    const [name = ''] = command.split(' ');
    const rights = (name === 'step' ? 'apply' : name) as PermissionCommand;
    const result = await run([...command.split(' '), ...flags, '--child-token']);
    expect(result.exit, result.stdout + result.stderr).toBe(0);
    const expected = /^(created|pending|warning) |log-not-heard|need-missing token of Secret/;
    expect(notable(reportOf(result)).filter((line) => !expected.test(line))).toEqual([]);
    const { recipe } = await readRecipe(['recipe.yaml'], { cwd: bench.folder, env: {}, allowedEnv: [] });
    const written = between.seen.find(
      ({ method, path }) => method !== 'DELETE' && path.includes('acl/vaultbind-child-'),
    );
    expect(JSON.parse(written?.body ?? '').policy).toBe(childPolicy(rights, recipe));
    // The operator's own token makes the child and removes its policy, and nothing else.
    const asOperator = between.seen.filter(({ headers }) => headers['x-vault-token'] === parent);
    expect(asOperator.filter((one) => !isMakingOrEnding(one))).toEqual([]);
    expect(between.seen.filter(({ path }) => path === '/v1/auth/token/create')).toHaveLength(1);
    expect(between.seen.some(({ headers }) => headers['x-vault-token'] !== parent)).toBe(true);
  });

  it('the child cannot do what the recipe does not need, nor can it live long', async () => {
    let child = '';
    const seen = new Promise<void>((done) => {
      between.inject({
        fault: { kind: 'delay', milliseconds: 500 },
        times: 1,
        when: ({ path, headers }) => {
          if (!path.startsWith('/v1/sys/auth')) return false;
          child = headers['x-vault-token'] ?? '';
          done();
          return true;
        },
      });
    });
    const running = run(['plan', '--child-token']);
    await seen;
    const paths = [`secret/data/${bench.secret}`, 'sys/policies/acl/other', 'sys/auth/other', 'auth/token/create'];
    const needed = `auth/${bench.mount}/config`;
    const [held, looked] = await Promise.all([
      bench.vault('POST', 'sys/capabilities', { token: child, paths: [...paths, needed] }),
      bench.vault('POST', 'auth/token/lookup', { token: child }),
    ]);
    expect(paths.map((path) => held.body.data[path])).toEqual(paths.map(() => ['deny']));
    expect(held.body.data[needed]).toEqual(['read']);
    const { renewable, explicit_max_ttl, orphan } = looked.body.data;
    expect([renewable, explicit_max_ttl, orphan]).toEqual([false, 1800, false]);
    expect((await running).exit).toBe(0);
  });

  it('is the child of a login, and both end', async () => {
    const prepared = await approle(bench, policy);
    const result = await run(['plan', '--child-token', ...prepared.flags], prepared.env);
    expect(result.exit, result.stdout + result.stderr).toBe(0);
    expect(between.seen.filter(({ path }) => path.endsWith('/revoke-self'))).toHaveLength(2);
    expect(await tokensOf(bench, prepared)).toBe(0);
    await bench.vault('DELETE', `sys/${prepared.at.replace('/login', '')}`);
  });

  describe('leaves nothing behind', () => {
    it('when Vault fails in the middle', async () => {
      between.inject({ fault: { kind: 'answer', status: 500 }, when: ({ path }) => path.startsWith('/v1/sys/auth') });
      expect((await run(['plan', '--child-token'])).exit).toBe(4);
    });

    it.each(['/v1/auth/token/create', '/v1/sys/auth'])('when Ctrl-C comes at %s', async (at) => {
      const stop = new AbortController();
      const when = ({ path }: Seen) => {
        if (path.startsWith(at)) stop.abort();
        return path.startsWith(at);
      };
      between.inject({ fault: { kind: 'delay', milliseconds: 200 }, when });
      expect((await run(['verify', '--child-token'], {}, stop.signal)).exit).toBe(130);
    });

    it('when the answers of its end are lost once', async () => {
      between.inject({ fault: { kind: 'lose-answer' }, times: 1, when: ({ path }) => path.endsWith('/revoke-self') });
      between.inject({ fault: { kind: 'lose-answer' }, times: 1, when: ({ method }) => method === 'DELETE' });
      const { exit, stderr } = await run(['plan', '--child-token']);
      expect([exit, stderr]).toEqual([0, expect.not.stringContaining('warning')]);
    });

    it('and removes the policies of runs that were killed, but not those of others', async () => {
      const old = 'vaultbind-child-20200101t000000z-deadbeef';
      const others = `vaultbind-child-${uniqueName('mine')}`;
      for (const name of [old, others]) await bench.vault('POST', `sys/policies/acl/${name}`, { policy: '# nothing' });
      expect((await run(['plan', '--child-token'])).exit).toBe(0);
      expect((await childrenIn(bench)).policies).toEqual([others]);
      await bench.vault('DELETE', `sys/policies/acl/${others}`);
    });
  });

  it('says how to end what it could not', async () => {
    const no = { kind: 'answer', status: 400, body: '{"errors":["no"]}' } as const;
    between.inject({ fault: no, when: ({ method, path }) => method === 'DELETE' || path.includes('/token/revoke-') });
    const { exit, stderr } = await run(['plan', '--child-token']);
    expect(exit).toBe(0);
    const { tokens, policies } = await childrenIn(bench);
    expect([tokens.length, policies.length]).toEqual([1, 1]);
    expect(stderr).toContain(`to end it now: vault token revoke -accessor ${tokens[0]}\n`);
    expect(stderr).toContain(`to remove it: vault policy delete ${policies[0]}\n`);
    await removeChildren(bench, { tokens, policies });
  });

  describe('with --child-policy', () => {
    let limited: string;
    beforeAll(async () => {
      limited = uniqueName('limited');
      const { recipe } = await readRecipe(['recipe.yaml'], { cwd: bench.folder, env: {}, allowedEnv: [] });
      await bench.vault('POST', `sys/policies/acl/${limited}`, { policy: childPolicy('apply', recipe) });
      await bench.vault('POST', `sys/policies/acl/${limited}-more`, {
        policy: 'path "auth/token/create" { capabilities = ["update"] }',
      });
    });
    afterAll(async () => {
      await bench.vault('DELETE', `sys/policies/acl/${limited}`);
      await bench.vault('DELETE', `sys/policies/acl/${limited}-more`);
    });

    it.each([{}, { no_default_policy: true }])('needs no sudo and writes no policy (parent %o)', async (more) => {
      const token = await tokenWith(bench, [limited, `${limited}-more`], more);
      const result = await run(['apply', '--yes', '--child-policy', limited.toUpperCase()], { VAULT_TOKEN: token });
      expect(result.exit, result.stdout + result.stderr).toBe(0);
      const asOperator = between.seen.filter(({ headers }) => headers['x-vault-token'] === token);
      expect(asOperator.map(({ path }) => path)).toEqual(['/v1/auth/token/create']);
      await bench.vault('POST', 'auth/token/revoke', { token });
    });

    it('is refused for one that the token has not, and names the way out', async () => {
      const token = await tokenWith(bench, [`${limited}-more`]);
      const { exit, stderr, stdout } = await run(['plan', '--child-policy', limited], { VAULT_TOKEN: token });
      expect(exit).toBe(4);
      expect(stderr + stdout).toContain('child policies must be subset of parent');
      expect(stderr + stdout).toContain('vault token lookup');
      await bench.vault('POST', 'auth/token/revoke', { token });
    });
  });

  describe('is refused, and nothing else is asked,', () => {
    const refusal = async (token: string, ...flags: string[]) => {
      const result = await run(['apply', '--yes', '--child-token', ...flags], { VAULT_TOKEN: token });
      expect(between.seen.filter((one) => !isMakingOrEnding(one) && !one.path.includes('/token/'))).toEqual([]);
      return { exit: result.exit, said: result.stdout + result.stderr };
    };

    it('to who may not make policies', async () => {
      const token = await tokenWith(bench, ['default']);
      const { exit, said } = await refusal(token);
      expect(exit).toBe(4);
      for (const words of ['child-token-refused', '--child-policy NAME', 'sys/policies/acl/vaultbind-child-*'])
        expect(said).toContain(words);
      await bench.vault('POST', 'auth/token/revoke', { token });
    });

    it('to who may make policies and no free tokens; the policy is removed again', async () => {
      const maker = uniqueName('maker');
      const rules = ['path "sys/policies/acl/*" { capabilities = ["create", "update", "delete", "list"] }'];
      rules.push('path "auth/token/create" { capabilities = ["update"] }');
      await bench.vault('POST', `sys/policies/acl/${maker}`, { policy: rules.join('\n') });
      const token = await tokenWith(bench, [maker]);
      const { exit, said } = await refusal(token);
      expect(exit).toBe(4);
      expect(said).toContain('child policies must be subset of parent');
      expect(said).toContain('--child-policy NAME');
      await bench.vault('POST', 'auth/token/revoke', { token });
      await bench.vault('DELETE', `sys/policies/acl/${maker}`);
    });

    it.each([
      ['a batch token', { type: 'batch' }],
      ['a token of few uses', { num_uses: 50 }],
    ])('to %s', async (_, more) => {
      const token = await tokenWith(bench, [policy], more);
      const { exit, said } = await refusal(token);
      expect(exit).toBe(4);
      expect(said).toContain('without --child-token');
      await bench.vault('POST', 'auth/token/revoke', { token });
    });

    it('to an entity with policies of its own, which the child would have too', async () => {
      const prepared = await userpass(bench, policy);
      const mount = prepared.at.replace('/login/ci', '');
      const login = await bench.vault('POST', prepared.at, { password: prepared.secrets['password'] });
      const { client_token: token, entity_id: entity } = login.body.auth;
      await bench.vault('POST', `identity/entity/id/${entity}`, { policies: ['admins'] });
      const { exit, said } = await refusal(token);
      expect(exit).toBe(4);
      expect(said).toContain('child-token-unlimited');
      expect(said).toContain('admins');
      await bench.vault('DELETE', `sys/${mount}`);
      await bench.vault('DELETE', `identity/entity/id/${entity}`);
    });
  });

  it('needs a recipe or a policy', async () => {
    const args = ['doctor', '--mount', bench.mount, '--role', bench.role, '--child-token'];
    const { exit, stderr } = await runCli(args, { env: { ...bench.env, VAULT_ADDR: between.url }, cwd: bench.folder });
    expect(exit).toBe(3);
    expect(stderr).toContain('--child-policy');
    expect(between.seen).toEqual([]);
  });
});
