import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../servers/cli.ts';
import { products, servers, uniqueName } from '../servers/servers.ts';
import { shellAt } from '../servers/shell.ts';
import { notable, type RecipeData, type Workbench, workbench } from '../servers/workbench.ts';
import { type Hand, handOf, pending, watched } from './hand.ts';

describe.each(products)('what a recipe may manage, on %s', (product) => {
  let bench: Workbench;
  let hand: Hand;
  beforeEach(async () => {
    bench = await workbench(product);
    hand = handOf(bench);
  });
  afterEach(() => bench.remove());

  const managed = (manage: string): RecipeData => {
    const recipe = bench.recipe();
    return { ...recipe, auth: { ...recipe.auth, manage } };
  };

  describe('manage: create', () => {
    it('makes what is missing, and then has nothing left to do', async () => {
      bench.write(managed('create'));
      const applied = await bench.report('apply', '-f', 'recipe.yaml', '--yes');
      expect(applied.exit).toBe(0);
      expect(applied.summary.changed).toBe(7);
      const second = await bench.report('plan', '-f', 'recipe.yaml', '--detailed-exitcode');
      expect(notable(second)).toEqual([]);
      expect(second.exit).toBe(0);
    });

    it('never touches an existing mount and config, however they differ, and writes the roles', async () => {
      await hand.done(bench.vault('POST', hand.address.mount, { type: 'kubernetes', description: 'theirs' }));
      const theirs = { kubernetes_host: 'https://elsewhere', disable_local_ca_jwt: true };
      const ca = { kubernetes_ca_cert: servers().kubernetes.ca };
      await hand.done(bench.vault('POST', hand.address.config, { ...theirs, ...ca }));
      const before = await hand.world();
      const recipe = managed('create');
      bench.write({ ...recipe, auth: { ...recipe.auth, description: 'ours' } });
      const plan = await bench.report('plan', '-f', 'recipe.yaml');
      expect(Object.keys(pending(plan))).not.toContain(hand.address.mount);
      expect(Object.keys(pending(plan))).not.toContain(hand.address.config);
      const apply = await watched(bench, 'apply', '-f', 'recipe.yaml', '--yes', '--verify=none');
      expect(apply.exit).toBe(0);
      expect(apply.writes.filter((line) => line.includes(hand.address.config) || line.includes('sys/auth'))).toEqual(
        [],
      );
      const after = await hand.world();
      expect(after[hand.address.mount]).toEqual(before[hand.address.mount]);
      expect(after[hand.address.config]).toEqual(before[hand.address.config]);
      expect(after[hand.address.role]).toMatchObject({ audience: 'vault' });
    });

    it('writes a config that is missing on a mount that exists', async () => {
      await hand.done(bench.vault('POST', hand.address.mount, { type: 'kubernetes', description: 'theirs' }));
      bench.write(managed('create'));
      const applied = await bench.report('apply', '-f', 'recipe.yaml', '--yes');
      expect(applied.exit).toBe(0);
      expect(notable(applied)).toContain(`created created ${hand.address.config}`);
      expect((await bench.vault('GET', hand.address.mount)).body.data.description).toBe('theirs');
    });
  });

  describe('manage: none', () => {
    /** The mount as another team has made it, working. */
    const theirMount = async () => {
      const { policies: _, roles: __, expect: ___, ...mountOnly } = bench.recipe();
      bench.write(mountOnly, 'theirs.yaml');
      expect((await bench.report('apply', '-f', 'theirs.yaml', '--yes')).exit).toBe(0);
    };
    const ours = (): RecipeData => {
      const { auth, ...recipe } = bench.recipe();
      return { ...recipe, auth: { path: auth['path'], manage: 'none' } };
    };

    it('writes policies and roles with a token that has no rights on sys/auth, and touches nothing else', async () => {
      await theirMount();
      const before = await hand.world();
      const operator = await operatorToken();
      const cli = (...args: string[]) =>
        runCli(args, { env: { ...bench.env, VAULT_TOKEN: operator }, cwd: bench.folder });
      bench.write(ours());
      const applied = await cli('apply', '-f', 'recipe.yaml', '--yes', '-o', 'json');
      expect(JSON.parse(applied.stdout)).toMatchObject({ ok: true, summary: { changed: 2 } });
      expect(applied.exit).toBe(0);
      const after = await hand.world();
      for (const address of [hand.address.policy, hand.address.role]) delete after[address];
      for (const address of [hand.address.policy, hand.address.role]) delete before[address];
      expect(after).toEqual(before);
      expect((await cli('plan', '-f', 'recipe.yaml', '--detailed-exitcode')).exit).toBe(0);
      const verified = await cli('verify', '-f', 'recipe.yaml');
      expect(verified.stdout).toContain('logs in, access is as expected');
      expect(verified.exit).toBe(0);
    });

    const operatorToken = async (): Promise<string> => {
      const name = uniqueName('operator');
      const policy = [
        `path "sys/policies/acl/${bench.policy}" { capabilities = ["create", "update", "read"] }`,
        `path "auth/${bench.mount}/role/*" { capabilities = ["create", "update", "read"] }`,
        `path "auth/${bench.mount}/config" { capabilities = ["read"] }`,
      ].join('\n');
      await hand.done(bench.vault('POST', `sys/policies/acl/${name}`, { policy }));
      const made = await hand.done(bench.vault('POST', 'auth/token/create', { policies: [name], ttl: '10m' }));
      return made.body.auth.client_token;
    };

    it('a mount that is missing is blocked, with whom to ask', async () => {
      bench.write(ours());
      const applied = await watched(bench, 'apply', '-f', 'recipe.yaml', '--yes');
      expect(applied.exit).toBe(1);
      expect(notable(applied.report)).toEqual([
        `blocked auth-mount-missing ${hand.address.mount}`,
        `created created ${hand.address.policy}`,
        `skipped need-missing ${hand.address.config}`,
        `skipped need-missing ${hand.address.role}`,
      ]);
      const [blocked] = applied.report.findings.filter(({ status }) => status === 'blocked');
      expect(blocked?.fix[0]?.why).toMatch(/ask the team that owns this mount/);
    });

    it('a mount without a configuration is blocked, with whom to ask', async () => {
      await hand.done(bench.vault('POST', hand.address.mount, { type: 'kubernetes' }));
      bench.write(ours());
      const applied = await bench.report('apply', '-f', 'recipe.yaml', '--yes', '--verify=none');
      expect(applied.exit).toBe(1);
      expect(notable(applied)).toContain(`blocked auth-config-missing ${hand.address.config}`);
    });
  });

  it('a role taken out of the recipe is warned of, and the printed command removes it and nothing else', async () => {
    const [role] = bench.recipe().roles ?? [];
    const gone = { role: `${bench.role}-gone`, policy: `${bench.policy}-gone` };
    const rules = [{ path: `secret/data/${bench.secret}/gone`, capabilities: ['read'] }];
    const taken = {
      ...role,
      name: gone.role,
      service_accounts: [`${bench.namespace}/stranger`],
      token_policies: [bench.policy, gone.policy],
    };
    const whole = bench.recipe();
    bench.write({
      ...whole,
      policies: [...(whole.policies ?? []), { name: gone.policy, rules }],
      roles: [role ?? {}, taken],
    });
    expect((await bench.report('apply', '-f', 'recipe.yaml', '--yes', '--verify=none')).exit).toBe(0);
    bench.write(whole);
    const plan = await bench.report('plan', '-f', 'recipe.yaml', '--detailed-exitcode');
    const left = plan.findings.filter(({ code }) => code === 'left-alone');
    expect([plan.exit, plan.summary.warnings, plan.summary.ok]).toEqual([0, 1, plan.findings.length - 1]);
    expect(left).toMatchObject([
      {
        status: 'warning',
        subject: `auth/${bench.mount}/role/${gone.role}`,
        message: `no role of this recipe, and left alone: it still lets in ${bench.namespace}/stranger`,
        fix: [
          { command: `vault delete auth/${bench.mount}/role/${gone.role}` },
          {
            why: expect.stringContaining(
              `no other role of this mount has its policy ${gone.policy}; before you remove it`,
            ),
          },
        ],
      },
    ]);
    for (const command of ['plan', 'verify', 'apply']) {
      const { exit, stdout } = await bench.cli(command, '-f', 'recipe.yaml', ...(command === 'apply' ? ['--yes'] : []));
      expect([exit, stdout]).toEqual([0, expect.stringContaining(`it still lets in ${bench.namespace}/stranger`)]);
    }
    // Not sooner: Kubernetes notes in a Secret that its token was used.
    const before = await hand.world();
    const shell = shellAt(bench);
    const commands = (left[0]?.fix ?? []).flatMap(({ command }) => command ?? []);
    expect(commands).toHaveLength(1);
    for (const command of commands) await shell(command);
    expect(await hand.world()).toEqual(before);
    expect((await bench.vault('GET', `auth/${bench.mount}/role/${gone.role}`)).status).toBe(404);
    await hand.done(bench.vault('DELETE', `sys/policies/acl/${gone.policy}`));
    expect(await hand.world()).toEqual(before);
    const { exit, findings } = await bench.report('plan', '-f', 'recipe.yaml', '--detailed-exitcode');
    expect([exit, findings.filter(({ status }) => status !== 'ok')]).toEqual([0, []]);
  });

  it('a policy that another role has, a role of others and its fields are left as they are', async () => {
    bench.write(bench.recipe());
    await bench.report('apply', '-f', 'recipe.yaml', '--yes', '--verify=none');
    const bound = { bound_service_account_names: '*', bound_service_account_namespaces: 'b', token_policies: 'shared' };
    for (const name of ['Theirs', 'more'])
      await hand.done(bench.vault('POST', `auth/${bench.mount}/role/${name}`, bound));
    const theirs = `auth/${bench.mount}/role/theirs`;
    const before = (await bench.vault('GET', theirs)).body.data;
    await hand.role({ token_ttl: 5 });
    const applied = await bench.report('apply', '-f', 'recipe.yaml', '--yes', '--verify=none');
    const left = applied.findings.filter(({ code }) => code === 'left-alone');
    expect([applied.exit, left.map(({ subject }) => subject).sort()]).toEqual([
      0,
      [`auth/${bench.mount}/role/more`, theirs],
    ]);
    expect(left[0]?.message).toMatch(/it still lets in every ServiceAccount of namespaces b$/);
    expect(
      left.flatMap(({ fix }) => fix.map(({ command }) => command)).filter((one) => one?.includes('policy')),
    ).toEqual([]);
    expect((await bench.vault('GET', theirs)).body.data).toEqual(before);
  });
});
