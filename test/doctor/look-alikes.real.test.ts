import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { products } from '../servers/servers.ts';
import { type Bench, entityOf, healthy, letReviewerReadNamespaces, must } from './bench.ts';

/** What looks healthy and is not, or like one cause and is another, to somebody who may see little. */
describe.each(products)('on %s', (product) => {
  let bench: Bench;
  const after: (() => Promise<unknown>)[] = [];
  beforeEach(async () => {
    bench = await healthy(product);
  });
  afterEach(async () => {
    for (const each of after.splice(0)) await each();
    await bench.remove();
  });

  const doctor = (...more: string[]) => bench.report('doctor', '-f', 'recipe.yaml', ...more);
  const named = ({ causes }: Awaited<ReturnType<typeof doctor>>) =>
    causes.map(({ cause, certainty }) => `${cause} ${certainty}`);

  async function narrowToken(): Promise<string> {
    const name = `${bench.policy}-narrow`;
    await bench.writePolicy(`path "auth/${bench.mount}/*" { capabilities = ["read"] }`, name);
    after.push(() => bench.vault('DELETE', `sys/policies/acl/${name}`));
    return (await bench.vault('POST', 'auth/token/create', { policies: [name], ttl: '10m' })).body.auth.client_token;
  }

  it('a login that a quota refuses is not healthy, and the stranger is not refused rightly by it', async () => {
    const path = `sys/quotas/rate-limit/${bench.mount}`;
    await must(
      bench.vault('POST', path, { path: `auth/${bench.mount}`, rate: 0.02, interval: '60s', block_interval: '60s' }),
    );
    after.push(() => bench.vault('DELETE', path));
    for (let tries = 0; tries < 20; tries += 1)
      if ((await bench.vault('POST', `auth/${bench.mount}/login`, { role: 'x', jwt: 'x' }, '')).status === 429) break;
    const report = await doctor('--timeout', '2s');
    expect([report.exit, report.findings.filter(({ code }) => code === 'healthy')]).toEqual([4, []]);
    expect(report.findings.map(({ message }) => message).join()).toMatch(/429/);
    expect(report.findings.filter(({ code, status }) => code === 'login-refused' && status === 'ok')).toEqual([]);
  });

  it('without a Vault token, the audience that the recipe has is judged by the login', async () => {
    await bench.bind({ audience: 'somebody-else' });
    delete bench.env['VAULT_TOKEN'];
    const report = await doctor('--trust-mount', bench.mount);
    expect(named(report)[0]).toBe('audience-mismatch certain');
    expect(report.exit).toBe(1);
  });

  it('with a token that may read the mount alone, a dead reviewer is no matter of policies', async () => {
    const dead = await bench.token('vault-reviewer', { audiences: ['other'] });
    await bench.config({ token_reviewer_jwt: dead });
    bench.env['VAULT_TOKEN'] = await narrowToken();
    const report = await doctor();
    expect(named(report).filter((one) => one.startsWith('policy-'))).toEqual([]);
    expect(named(report)[0]).toMatch(/^reviewer-token-revoked (likely|possible)$/);
    expect(report.chain[0]?.links.find(({ link }) => link === 'token-review')?.status).toBe('failed');
    expect(report.exit).toBe(1);
  });

  it('a disabled entity is not blamed on the reviewer by a probe', async () => {
    await must(bench.vault('POST', `identity/entity/id/${await entityOf(bench)}`, { disabled: true }));
    expect(named(await doctor('--probe'))).toEqual(['entity-disabled likely']);
  });

  it('a good token without a role is judged by Kubernetes, and no login is called healthy', async () => {
    const file = bench.file('token', await bench.token('my-sa', { audiences: [] }));
    const env = { ...bench.env };
    delete bench.env['VAULT_TOKEN'];
    const report = await bench.report('doctor', '--jwt-file', file);
    Object.assign(bench.env, env);
    const healthyOnes = report.findings.filter(({ code }) => code === 'healthy');
    expect(healthyOnes.map(({ subject }) => subject)).toEqual([
      'the given token, to Kubernetes; no login was tried (--role)',
    ]);
  });

  it('a stranger whom nobody could judge is not refused rightly', async () => {
    const recipe = bench.recipe();
    const { service_accounts: _, ...role } = recipe.roles?.[0] ?? {};
    const selecting = {
      bound_service_account_names: ['stranger'],
      bound_service_account_namespace_selector: '{"matchLabels":{"team":"a"}}',
    };
    recipe.roles = [{ ...role, ...selecting }];
    recipe.expect = recipe.expect?.slice(1) ?? [];
    bench.write(recipe);
    await bench.report('apply', '-f', 'recipe.yaml', '--yes', '--verify=none');
    expect(named(await doctor())).toEqual(['namespace-selector-unusable certain']);
    after.push((await letReviewerReadNamespaces(bench)).after ?? (async () => undefined));
    expect(named(await doctor())).toEqual([]);
  });

  it("a password in a stored host's URL is not shown", async () => {
    await bench.config({ kubernetes_host: 'https://user:hunter2-canary@127.0.0.1:1' });
    for (const format of ['human', 'json']) {
      const { stdout, stderr } = await bench.cli('doctor', '-f', 'recipe.yaml', '-o', format);
      expect(stdout).toContain('127.0.0.1:1');
      expect(stdout + stderr).not.toContain('hunter2-canary');
    }
    const planned = await bench.cli('plan', '-f', 'recipe.yaml');
    expect(planned.stdout + planned.stderr).not.toContain('hunter2-canary');
  });

  it('--fix says so when the recipe decides nothing of what is wrong', async () => {
    await bench.vault('DELETE', `secret/metadata/${bench.secret}`);
    const report = await doctor('--fix', '--yes');
    expect(named(report)).toEqual(['secret-missing certain']);
    expect(report.findings.map(({ code }) => code)).toContain('nothing-to-mend');
  });

  it("--fix sends the reviewer's token again when the stored one is a stranger's", async () => {
    await bench.config({ token_reviewer_jwt: await bench.token('stranger', { audiences: [] }) });
    const report = await doctor('--fix', '--yes');
    expect([report.exit, named(report)]).toEqual([0, []]);
  });
});
