import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { accessorAnchor, heredocThatHides } from '../policy/attacks.ts';
import { reportOf, runCli } from '../servers/cli.ts';
import { listen } from '../servers/listen.ts';
import { products } from '../servers/servers.ts';
import { notable, type Workbench, workbench } from '../servers/workbench.ts';

/**
 * Law: what is judged is what is sent. The hostile review's policies, each with its right end: beyond the ceiling before
 * anything is contacted, shown as drift, or written as what was judged.
 */
describe.each(products)('policies on %s', (product) => {
  let bench: Workbench;
  let accessor: string;
  const live = async (name = bench.policy) =>
    String((await bench.vault('GET', `sys/policies/acl/${encodeURI(name)}`)).body?.data?.policy);
  const withPolicies = (...policies: Record<string, unknown>[]) =>
    bench.write({
      ...bench.recipe(),
      policies,
      roles: bench.recipe().roles?.map((role) => ({ ...role, token_policies: policies.map(({ name }) => name) })) ?? [],
    });
  const under = (...paths: [path: string, ...capabilities: string[]][]) =>
    bench.write(
      stringify({
        version: 1,
        auth: { paths: [bench.mount], reviewers: [`${bench.namespace}/*`], bindings: ['*'] },
        policies: { names: ['*'], paths: paths.map(([path, ...capabilities]) => ({ path, capabilities })) },
        roles: { names: ['*'], service_accounts: [`${bench.namespace}/*`] },
        expect: { service_accounts: ['*/*'] },
      }),
      'ceiling.yaml',
    );
  const read = 'capabilities = ["read"]';

  beforeAll(async () => {
    bench = await workbench(product);
    expect((await bench.report('apply', '--yes', '-f', bench.write(bench.recipe()))).exit).toBe(0);
    accessor = (await bench.vault('GET', `sys/auth/${bench.mount}`)).body.accessor;
  });
  afterAll(() => bench.remove());

  const attacks: [what: string, code: string, policy: () => Record<string, unknown>][] = [
    [
      'a heredoc that hides sys/*',
      'ceiling-exceeded',
      () => ({ hcl: heredocThatHides(`secret/data/${bench.secret}`) }),
    ],
    ['a heredoc that ends at the accessor', 'policy-invalid', () => ({ hcl: accessorAnchor(accessor) })],
    [
      'sys/ of a child namespace',
      'ceiling-exceeded',
      () => ({ rules: [{ path: 'team/sys/policies/acl/*', capabilities: ['read'] }] }),
    ],
  ];

  it.each(attacks)('%s: exit 3, and nothing is sent', async (_what, code, policy) => {
    withPolicies({ name: bench.policy, ...policy() });
    bench.write({ ...parse(readFileSync(join(bench.folder, 'recipe.yaml'), 'utf8')), expect: [] });
    const silent = await listen(createServer());
    const env = { ...bench.env, VAULT_ADDR: `http://127.0.0.1:${silent.port}` };
    const ceiling = under(['*', 'read']);
    const args = ['apply', '--yes', '-f', 'recipe.yaml', '--ceiling', ceiling, '-o', 'json'];
    const result = await runCli(args, { env, cwd: bench.folder });
    expect([result.exit, reportOf(result).findings.map((one) => one.code)]).toEqual([3, [code]]);
    expect(silent.accepted()).toBe(0);
    await silent.close();
  });

  it('what is hidden in the live policy shows in plan, verify and doctor', async () => {
    bench.write(bench.recipe());
    await bench.vault('PUT', `sys/policies/acl/${bench.policy}`, {
      policy: heredocThatHides(`secret/data/${bench.secret}`),
    });
    const { exit, findings } = await bench.report('plan', '--detailed-exitcode', '-f', 'recipe.yaml');
    expect([exit, findings.filter(({ status }) => status === 'pending').map(({ subject }) => subject)]).toEqual([
      2,
      [`sys/policies/acl/${bench.policy}`],
    ]);
    expect((await bench.report('verify', '-f', 'recipe.yaml')).exit).toBe(1);
    expect(notable(await bench.report('doctor', '-f', 'recipe.yaml'))).toContain(
      `warning policy-unclear sys/policies/acl/${bench.policy}`,
    );
    expect((await bench.report('apply', '--yes', '-f', 'recipe.yaml')).exit).toBe(0);
  });

  it('under a ceiling the print is written and comes to rest; without one, the text as it came', async () => {
    const path = `secret/data/${bench.secret}`;
    const hcl = `# ours\npath "${path}" { policy = "read" }\npath "${path}/\${accessor}/${accessor}" { ${read} }`;
    withPolicies({ name: bench.policy, hcl });
    const ceiling = ['--ceiling', under([path, 'read', 'list'], [`${path}/*`, 'read'])];
    expect((await bench.report('apply', '--yes', '-f', 'recipe.yaml', ...ceiling)).exit).toBe(0);
    expect(await live()).toBe(
      `path "${path}" {\n  capabilities = ["read", "list"]\n}\n\npath "${path}/${accessor}/${accessor}" {\n  ${read}\n}\n`,
    );
    for (const flags of [ceiling, []])
      expect((await bench.report('plan', '--detailed-exitcode', '-f', 'recipe.yaml', ...flags)).exit).toBe(0);
    await bench.report('apply', '--yes', '-f', 'recipe.yaml', '--rewrite', `sys/policies/acl/${bench.policy}`);
    expect(await live()).toBe(hcl.replace('${accessor}', accessor));
    expect((await bench.report('plan', '--detailed-exitcode', '-f', 'recipe.yaml', ...ceiling)).exit).toBe(0);
  });

  it('policies of any name that the server takes are written, given and proved', async () => {
    const rules = [{ path: `secret/data/${bench.secret}`, capabilities: ['read'] }];
    const names = [`${bench.policy}/app`, `${bench.policy} my`, `${bench.policy}-pölicy,b`, `${bench.policy}?#%`];
    withPolicies(...names.map((name) => ({ name, rules })));
    expect(
      notable(await bench.report('apply', '--yes', '-f', 'recipe.yaml')).filter(
        (one) => !/^(created|updated) /.test(one),
      ),
    ).toEqual([]);
    const again = await bench.report('plan', '--detailed-exitcode', '-f', 'recipe.yaml');
    expect([again.exit, notable(again)]).toEqual([0, []]);
    expect((await bench.report('verify', '-f', 'recipe.yaml')).exit).toBe(0);
    expect((await bench.report('doctor', '-f', 'recipe.yaml')).exit).toBe(0);
  });
});
