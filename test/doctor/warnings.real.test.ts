import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kubernetes } from '../servers/raw.ts';
import { products } from '../servers/servers.ts';
import { type Bench, healthy, must } from './bench.ts';

describe.each(products)('what the doctor warns of on real servers, %s', (product) => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await healthy(product);
  });
  afterAll(() => bench.remove());

  /** @param expected exit code: 1 when the role or the policy was changed by hand, which is drift */
  async function warnings(expected = 0): Promise<string[]> {
    const { findings, exit } = await bench.report('doctor', '-f', 'recipe.yaml');
    expect(exit).toBe(expected);
    const own = findings.filter(({ status, code }) => status === 'warning' && !ofOthers.includes(code));
    return own.map(({ code, subject }) => `${code} ${subject}`);
  }

  /** Other tests leave bindings and scratch mounts on the shared servers while they run. */
  const ofOthers = ['probe-left'];
  const shared = () => [`vault-dev-mode ${bench.env['VAULT_ADDR']}`];

  it('the root token and the dev server that tests use, and nothing of a good recipe', async () => {
    expect(await warnings()).toEqual(shared());
  });

  it('a role without audience and TTL, of many accounts, and a policy that is too wide', async () => {
    await bench.bind({
      audience: '',
      token_ttl: 0,
      bound_service_account_names: ['my-sa', 'stranger'],
      bound_service_account_namespaces: [bench.namespace, 'elsewhere'],
    });
    await bench.writePolicy(`path "secret/data/${bench.secret}" { capabilities = ["read", "delete"] }`);
    const role = `auth/${bench.mount}/role/${bench.role}`;
    expect(await warnings(1)).toEqual([
      ...shared(),
      `role-without-audience ${role}`,
      `default-ttl ${role}`,
      `role-cross-product ${role}`,
      `policy-too-wide sys/policies/acl/${bench.policy}`,
    ]);
    await bench.vault('POST', `sys/mounts/auth/${bench.mount}/tune`, { default_lease_ttl: '1h' });
    expect(await warnings(1)).not.toContain(`default-ttl ${role}`);
    await bench.bindAnew();
    await bench.writePolicy(`path "secret/data/${bench.secret}" { capabilities = ["read"] }`);
  });

  it("the application's own account among the delegators", async () => {
    const binding = `${bench.binding}-too`;
    const bindings = '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings';
    await must(
      kubernetes('POST', bindings, {
        metadata: { name: binding },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:auth-delegator' },
        subjects: [{ kind: 'ServiceAccount', name: 'my-sa', namespace: bench.namespace }],
      }),
    );
    try {
      expect(await warnings()).toEqual([...shared(), `delegator-too-wide ClusterRoleBinding ${binding}`]);
    } finally {
      await kubernetes('DELETE', `${bindings}/${binding}`);
    }
  });
});
