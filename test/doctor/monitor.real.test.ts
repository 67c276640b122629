import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportOf, runCli } from '../servers/cli.ts';
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
