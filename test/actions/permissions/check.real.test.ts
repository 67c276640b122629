import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rightsOf } from '../../../src/actions/permissions/rights.ts';
import { readRecipe } from '../../../src/recipe/read.ts';
import { between, reachedDirectly } from '../../servers/between.ts';
import { reportOf, runCli } from '../../servers/cli.ts';
import { operatorWith } from '../../servers/operator.ts';
import { kubernetes } from '../../servers/raw.ts';
import { products } from '../../servers/servers.ts';
import { type Workbench, workbench } from '../../servers/workbench.ts';

describe.each(products)('the rights are asked for before the first write, on %s', (product) => {
  let bench: Workbench;
  beforeEach(async () => {
    bench = await workbench(product);
    bench.write(bench.recipe());
  });
  afterEach(() => bench.remove());

  const rights = async (command: 'plan' | 'apply') => {
    const { recipe } = await readRecipe(['recipe.yaml'], { cwd: bench.folder, env: {}, allowedEnv: [] });
    return rightsOf(command, recipe);
  };
  const run = async (env: Record<string, string>, ...args: string[]) => {
    const result = await runCli([...args, '-f', 'recipe.yaml', '--yes', '-o', 'json'], { env, cwd: bench.folder });
    return { ...reportOf(result), exit: result.exit };
  };
  const written = async () => [
    (await bench.vault('GET', 'sys/auth')).body.data[`${bench.mount}/`],
    (await bench.vault('GET', `sys/policies/acl/${bench.policy}`)).status,
    (await kubernetes('GET', `/api/v1/namespaces/${bench.namespace}/serviceaccounts/vault-reviewer`)).status,
    (await kubernetes('GET', `/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/${bench.binding}`)).status,
  ];

  it('all that is missing in both systems is told at once, with whom to ask, and nothing is written', async () => {
    const operator = await operatorWith(bench, await rights('plan'));
    const refused = await run(operator.env, 'apply');
    expect(refused.exit).toBe(4);
    const { mount, policy, role, namespace } = bench;
    expect(
      refused.findings.map(
        ({ code, subject, message }) =>
          `${code} ${subject}: ${message.replace(/^.*?(lacks|may not)/, '$1').replace(/ \(http.*$/, '')}`,
      ),
    ).toEqual([
      `operator-forbidden sys/auth/${mount}: lacks update, sudo; nothing was written`,
      `operator-forbidden sys/policies/acl/${policy}: lacks update; nothing was written`,
      `operator-forbidden auth/${mount}/config: lacks update; nothing was written`,
      `operator-forbidden auth/${mount}/role/${role}: lacks create; nothing was written`,
      `kubernetes-forbidden serviceaccounts: may not create serviceaccounts in namespace ${namespace}`,
      `kubernetes-forbidden secrets: may not create secrets in namespace ${namespace}`,
      'kubernetes-forbidden clusterrolebindings: may not create clusterrolebindings at the cluster scope',
      'kubernetes-forbidden clusterroles system:auth-delegator: may not bind clusterroles system:auth-delegator at the cluster scope',
      `kubernetes-forbidden secrets vault-reviewer-token: may not patch secrets vault-reviewer-token in namespace ${namespace}`,
    ]);
    for (const { fix } of refused.findings) expect(fix[0]?.why).toMatch(/^ask /);
    const whole = refused.findings
      .flatMap(({ fix }) => fix.map(({ command = '' }) => command))
      .filter((one) => / --out /.test(one));
    expect(whole).toEqual(['vaultbind permissions -f recipe.yaml --for apply --out rights']);
    expect((await bench.cli(...(whole[0] ?? '').split(' ').slice(1))).exit).toBe(0);
    expect(readdirSync(join(bench.folder, 'rights')).sort()).toEqual([
      'kubernetes-apply.yaml',
      'vault-policy-apply.hcl',
    ]);
    expect(await written()).toEqual([undefined, 404, 404, 404]);
    await operator.remove();
  });

  it('a step alone needs only what it writes', async () => {
    const all = await rights('apply');
    const ofPolicies = all.filter(({ rule }) => rule.system === 'vault' && rule.path.startsWith('sys/policies'));
    const operator = await operatorWith(bench, ofPolicies);
    expect((await run(operator.env, 'step', 'write-policy')).exit).toBe(0);
    await operator.remove();
  });

  it("who holds all of system:auth-delegator's rights needs no verb bind", async () => {
    const needed = (await rights('apply')).filter(({ rule }) => rule.system === 'vault' || rule.verb !== 'bind');
    const reviews = [
      { group: 'authentication.k8s.io', resource: 'tokenreviews' },
      { group: 'authorization.k8s.io', resource: 'subjectaccessreviews' },
    ].map((one) => ({ rule: { system: 'kubernetes' as const, verb: 'create', ...one }, neededBy: [] }));
    const operator = await operatorWith(bench, [...needed, ...reviews]);
    expect((await run(operator.env, 'apply')).exit).toBe(0);
    await operator.remove();
  });

  it('costs one request to Vault and one to Kubernetes where there is something to write, else none', async () => {
    const proxies = await between(bench);
    bench.write(reachedDirectly(bench.recipe()));
    const asked = async () => {
      proxies.vault.seen.splice(0);
      proxies.kubernetes.seen.splice(0);
      expect((await run(proxies.env, 'apply', '--verify=none')).exit).toBe(0);
      return [...proxies.vault.seen, ...proxies.kubernetes.seen]
        .map(({ method, path }) => `${method} ${path}`)
        .filter((line) => /capabilities|selfsubject/.test(line));
    };
    try {
      expect(await asked()).toEqual([
        'POST /v1/sys/capabilities-self',
        'POST /apis/authorization.k8s.io/v1/selfsubjectrulesreviews',
      ]);
      expect(await asked()).toEqual([]);
    } finally {
      await proxies.close();
    }
  });
});
