import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'junit2json';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { products } from '../servers/servers.ts';
import { type Workbench, workbench } from '../servers/workbench.ts';

const kinds = ['junit=out/j.xml', 'sarif=out/s.json', 'github=out/sum.md', 'gitlab=out/g.json', 'markdown=out/m.md'];
const flags = kinds.flatMap((one) => ['--report', one]);

interface Place {
  level: string;
  ruleId: string;
  locations: { physicalLocation: { region: { startLine: number } } }[];
}

describe.each(products)('reports of real runs, on %s', (product) => {
  let bench: Workbench;
  beforeAll(async () => {
    bench = await workbench(product);
    bench.write(bench.recipe());
  });
  afterAll(() => bench.remove());

  /** One run with every kind of report; all five are there whatever the exit code is. */
  async function run(args: string[], env: Record<string, string> = {}) {
    rmSync(join(bench.folder, 'out'), { recursive: true, force: true });
    const { runCli } = await import('../servers/cli.ts');
    const result = await runCli([...args, '-f', 'recipe.yaml', ...flags], {
      env: { ...bench.env, ...env },
      cwd: bench.folder,
    });
    const read = (file: string) => readFileSync(join(bench.folder, 'out', file), 'utf8');
    expect(readdirSync(join(bench.folder, 'out')).sort()).toEqual(['g.json', 'j.xml', 'm.md', 's.json', 'sum.md']);
    const suites = await parse(read('j.xml'));
    if (!suites || !('testsuite' in suites)) throw new Error('no testsuites');
    const cases = (suites.testsuite ?? []).flatMap(({ testcase = [] }) => testcase);
    const results: Place[] = JSON.parse(read('s.json')).runs[0].results;
    return { ...result, suites, cases, results, gitlab: JSON.parse(read('g.json')), comment: read('m.md') };
  }

  it('plan: pending changes are no failure, and stand in the comment as a diff', async () => {
    const { exit, suites, comment } = await run(['plan', '--detailed-exitcode']);
    expect(exit).toBe(2);
    expect(suites.failures).toBe(0);
    expect(comment).toMatch(/### ✓ vaultbind plan `[^`]+`: \d+ to create/);
    expect(comment).toContain('+ token_policies: ["');
    expect(comment).toContain(`\`sys/policies/acl/${bench.policy}\` \`to create\``);
  });

  it('apply: what was done, with its time, and the chain', async () => {
    const { exit, cases, comment } = await run(['apply', '--yes']);
    expect(exit).toBe(0);
    const role = cases.find(({ name }) => name === `auth/${bench.mount}/role/${bench.role}`);
    expect(role?.time).toBeGreaterThan(0);
    expect(role).toMatchObject({ classname: 'vaultbind.apply.bind-role', file: 'recipe.yaml' });
    expect(comment).toContain(': done');
    expect(comment).toContain('#### Chain');
    expect(comment).not.toMatch(/eyJ|hvs\./);
  });

  it('step: its own suite', async () => {
    const { exit, suites } = await run(['step', 'login']);
    expect(exit).toBe(0);
    expect(suites.testsuite?.map(({ name }) => name)).toContain('vaultbind.step-login.login');
  });

  it('verify: drift is an error at the line of the recipe that says otherwise', async () => {
    expect((await run(['verify'])).suites.failures).toBe(0);
    await bench.vault('POST', `sys/policies/acl/${bench.policy}`, { policy: 'path "x" { capabilities = ["read"] }' });
    const { exit, results, gitlab, comment, stdout } = await run(['verify']);
    expect(exit).toBe(1);
    const drift = results.find(({ ruleId }) => ruleId === 'drift');
    const line = drift?.locations[0]?.physicalLocation.region.startLine ?? 0;
    expect(readFileSync(join(bench.folder, 'recipe.yaml'), 'utf8').split('\n')[line - 1]).toContain(bench.policy);
    expect(gitlab.map((one: { check_name: string }) => one.check_name)).toEqual(results.map(({ ruleId }) => ruleId));
    expect(comment).toMatch(/^- {3}path "x"/m);
    expect(stdout).toMatch(
      new RegExp(`^::error file=recipe\\.yaml,line=${line},col=\\d+,title=vaultbind%3A drift::`, 'm'),
    );
  });

  it('doctor: the causes, each at the part of the recipe that it is about', async () => {
    const { exit, results, comment, suites, cases, gitlab, stdout } = await run(['doctor', '--no-monitor']);
    expect(exit).toBe(1);
    const named = results.filter(({ level }) => level === 'error').map(({ ruleId }) => ruleId);
    expect(named.length).toBeGreaterThan(0);
    for (const cause of named) expect(comment).toContain(`#### ✗ \`${cause}\``);
    expect(suites.failures).toBe(named.length);
    const [cause = ''] = named;
    const line = results.find(({ ruleId }) => ruleId === cause)?.locations[0]?.physicalLocation.region.startLine ?? 0;
    const recipe = readFileSync(join(bench.folder, 'recipe.yaml'), 'utf8').split('\n');
    expect(recipe[line - 1]).toBe(`  - name: ${bench.policy}`);
    expect(cases.find(({ failure }) => failure?.[0]?.type === cause)).toMatchObject({ file: 'recipe.yaml', line });
    expect(gitlab).toContainEqual(
      expect.objectContaining({ location: { path: 'recipe.yaml', lines: { begin: line } } }),
    );
    expect(stdout).toContain(`::error file=recipe.yaml,line=${line},`);
    expect(comment).toContain(`#### ✗ \`${cause}\` (\`recipe.yaml:${line}:`);
  });

  it('doctor: a role that binds somebody else, at the role', async () => {
    const bound = { bound_service_account_names: ['other'], bound_service_account_namespaces: [bench.namespace] };
    await bench.vault('POST', `auth/${bench.mount}/role/${bench.role}`, bound);
    const { results } = await run(['doctor', '--no-monitor']);
    const found = results.find(({ ruleId }) => ruleId === 'service-account-not-bound');
    const line = found?.locations[0]?.physicalLocation.region.startLine ?? 0;
    expect(readFileSync(join(bench.folder, 'recipe.yaml'), 'utf8').split('\n')[line - 1]).toBe(
      `  - name: ${bench.role}`,
    );
  });

  it.each([
    ['plan', 4],
    ['apply', 4],
    ['verify', 4],
    ['doctor', 1],
  ])('%s when Vault does not answer: a failing case', async (command, expected) => {
    const args = command === 'apply' ? ['apply', '--yes'] : [command];
    const { exit, cases, comment } = await run(args, { VAULT_ADDR: 'http://127.0.0.1:1' });
    expect(exit).toBe(expected);
    expect(cases.some(({ failure }) => failure?.[0]?.type === 'vault-unreachable')).toBe(true);
    expect(comment).toContain('vault-unreachable');
  });
});
