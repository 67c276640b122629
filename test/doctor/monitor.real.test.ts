import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportOf, runCli } from '../servers/cli.ts';
import { kubernetes } from '../servers/raw.ts';
import { products, uniqueName } from '../servers/servers.ts';
import { type Bench, healthy } from './bench.ts';

describe.each(products)("Vault's log, on %s", (product) => {
  let bench: Bench;
  let other: Bench;
  beforeAll(async () => {
    bench = await healthy(product);
    other = await healthy(product);
    // The one may not review tokens, the other's API server is not there.
    await bench.delegate();
    await other.config({ kubernetes_host: 'https://localhost:1' });
  });
  afterAll(async () => {
    await bench.remove();
    await other.remove();
  });

  const logOf = (report: Awaited<ReturnType<Bench['report']>>) =>
    report.causes.flatMap(({ evidence }) => evidence.filter(({ experiment }) => experiment === "Vault's log"));
  const log = async () => logOf(await bench.report('doctor', '-f', 'recipe.yaml'));

  it("is quoted for this mount alone, while another mount's logins are refused", async () => {
    const jwt = await other.token();
    let stop = false;
    const noise = (async () => {
      for (let count = 0; ; count += 1) {
        if (stop) return count;
        await other.vault('POST', `auth/${other.mount}/login`, { role: other.role, jwt });
      }
    })();
    const said = await log();
    stop = true;
    expect(await noise).toBeGreaterThan(0);
    expect(said.length).toBeGreaterThan(0);
    for (const one of said) expect(one.said).toMatch(/tokenreviews.*is forbidden/);
  });

  it('is heard of the first login, and of ten refused ones more', async () => {
    const names = Array.from({ length: 12 }, (_, at) => `app-${at}`);
    const recipe = bench.recipe();
    const [role = {}] = recipe.roles ?? [];
    const accounts = names.map((name) => `${bench.namespace}/${name}`);
    for (const name of names)
      await kubernetes('POST', `/api/v1/namespaces/${bench.namespace}/serviceaccounts`, { metadata: { name } });
    await bench.bind({ bound_service_account_names: names });
    bench.write(
      {
        ...recipe,
        roles: [{ ...role, service_accounts: accounts }],
        expect: accounts.map((service_account) => ({ role: bench.role, service_account })),
      },
      'many.yaml',
    );
    const { stdout, stderr } = await bench.cli('doctor', '-f', 'many.yaml', '-vv', '-o', 'json');
    expect(stderr.match(/^GET \/v1\/sys\/monitor/gm)).toHaveLength(11);
    expect(JSON.parse(stdout).findings.filter(({ code }: { code: string }) => code === 'log-not-heard')).toEqual([
      expect.objectContaining({ message: expect.stringContaining('that of other refused logins at this mount was') }),
    ]);
  });

  it('is not listened to with --no-monitor, and that is said', async () => {
    const report = await bench.report('doctor', '-f', 'recipe.yaml', '--no-monitor');
    expect(logOf(report)).toEqual([]);
    expect(report.causes.map(({ cause }) => cause)).toContain('reviewer-forbidden');
    expect(report.findings).toContainEqual(
      expect.objectContaining({ code: 'log-not-heard', message: expect.stringContaining('--no-monitor was given') }),
    );
  });

  it('is forbidden to a narrow token, and that is said with the rule to ask for', async () => {
    const name = uniqueName('narrow');
    const policy = 'path "auth/*" { capabilities = ["read", "list"] }\npath "sys/auth" { capabilities = ["read"] }';
    await bench.vault('POST', `sys/policies/acl/${name}`, { policy });
    const made = await bench.vault('POST', 'auth/token/create', { policies: [name], ttl: '1h' });
    const env = { ...bench.env, VAULT_TOKEN: made.body.auth.client_token };
    const report = reportOf(await runCli(['doctor', '-f', 'recipe.yaml', '-o', 'json'], { env, cwd: bench.folder }));
    const unheard = report.findings.find(({ code }) => code === 'log-not-heard');
    expect(unheard?.message).toMatch(/may not read sys\/monitor/);
    expect(unheard?.fix[0]?.why).toContain('path "sys/monitor" { capabilities = ["read"] }');
  });
});
