import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Between, between, reachedDirectly } from '../servers/between.ts';
import { runCli } from '../servers/cli.ts';
import { kubernetes } from '../servers/raw.ts';
import { products, uniqueName } from '../servers/servers.ts';
import { type RecipeData, type Workbench, workbench } from '../servers/workbench.ts';

describe.each(products)('requests as the servers see them, on %s', (product) => {
  let bench: Workbench;
  let proxies: Between;
  beforeEach(async () => {
    bench = await workbench(product);
    proxies = await between(bench);
  });
  afterEach(async () => {
    await proxies.close();
    await bench.remove();
  });

  /** Requests of one call, sorted, without what only connecting needs. */
  const seenDuring = async (...args: string[]): Promise<string[]> => {
    proxies.vault.seen.splice(0);
    proxies.kubernetes.seen.splice(0);
    const { exit, stdout } = await runCli(args, { env: proxies.env, cwd: bench.folder });
    expect(exit, stdout).toBe(0);
    const all = [...proxies.vault.seen, ...proxies.kubernetes.seen].map(({ method, path }) => `${method} ${path}`);
    return all.filter((line) => !connecting.test(line)).sort();
  };
  const connecting = /^GET (\/v1\/sys\/health\?.*|\/version|.*\/configmaps\/kube-root-ca\.crt)$/;

  const healthy = async (recipe: RecipeData) => {
    bench.write(reachedDirectly(recipe));
    await seenDuring('apply', '-f', 'recipe.yaml', '--yes', '--verify=none');
  };

  it('a plan with nothing to do reads each object once', async () => {
    await healthy(bench.recipe());
    const { namespace, mount, policy, role, binding } = bench;
    expect(await seenDuring('plan', '-f', 'recipe.yaml')).toEqual(
      [
        'GET /v1/sys/auth',
        'GET /v1/auth/token/lookup-self',
        `GET /v1/sys/policies/acl/${policy}`,
        `GET /v1/auth/${mount}/config`,
        `GET /v1/auth/${mount}/role?list=1`,
        `GET /v1/auth/${mount}/role/${role}`,
        `GET /api/v1/namespaces/${namespace}/serviceaccounts?limit=500`,
        `GET /api/v1/namespaces/${namespace}/secrets/vault-reviewer-token`,
        `GET /apis/rbac.authorization.k8s.io/v1/clusterrolebindings/${binding}`,
      ].sort(),
    );
  });

  it('an apply with nothing to do makes the same requests and no login', async () => {
    await healthy(bench.recipe());
    const planned = await seenDuring('plan', '-f', 'recipe.yaml');
    expect(await seenDuring('apply', '-f', 'recipe.yaml', '--yes')).toEqual(planned);
  });

  it('ten apps in three namespaces: one list of accounts a namespace, one read of Vault an object', async () => {
    const recipe = bench.recipe();
    const namespaces = [bench.namespace, uniqueName('apps'), uniqueName('apps')];
    for (const name of namespaces.slice(1)) await kubernetes('POST', '/api/v1/namespaces', { metadata: { name } });
    const apps = Array.from({ length: 10 }, (_, index) => ({
      name: `${bench.role}-${index}`,
      account: `${namespaces[index % 3]}/app-${index}`,
    }));
    const { expect: _, ...rest } = recipe;
    await healthy({
      ...rest,
      policies: apps.map(({ name }) => ({ name, rules: [{ path: `secret/data/${name}`, capabilities: ['read'] }] })),
      roles: apps.map(({ name, account }) => ({
        name,
        service_accounts: [account],
        create_service_accounts: true,
        token_policies: [name],
        audience: 'vault',
      })),
    });
    const seen = await seenDuring('plan', '-f', 'recipe.yaml');
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((line) => line.includes('/serviceaccounts'))).toEqual(
      namespaces.map((name) => `GET /api/v1/namespaces/${name}/serviceaccounts?limit=500`).sort(),
    );
    expect(seen.filter((line) => line.includes('/v1/sys/policies/acl/'))).toHaveLength(10);
    expect(seen.filter((line) => line.includes(`/v1/auth/${bench.mount}/role/`))).toHaveLength(10);
    expect(seen).toHaveLength(10 + 10 + 3 + 4 + 1 + 1);
    expect(await seenDuring('apply', '-f', 'recipe.yaml', '--yes')).toEqual(seen);
    for (const name of namespaces.slice(1)) await kubernetes('DELETE', `/api/v1/namespaces/${name}`);
  });

  it('a plan on an empty system asks nothing below a mount that is not there', async () => {
    bench.write(reachedDirectly(bench.recipe()));
    const seen = await seenDuring('plan', '-f', 'recipe.yaml');
    expect(seen.filter((line) => line.includes(`/auth/${bench.mount}`))).toEqual([]);
    // What is not there is asked for by name, once: a list could not tell.
    expect(seen.filter((line) => line.includes('/sys/policies/acl'))).toEqual([
      `GET /v1/sys/policies/acl/${bench.policy}`,
    ]);
    expect(seen.filter((line) => line.includes('/serviceaccounts'))).toEqual([
      `GET /api/v1/namespaces/${bench.namespace}/serviceaccounts/vault-reviewer`,
      `GET /api/v1/namespaces/${bench.namespace}/serviceaccounts?limit=500`,
    ]);
    expect(new Set(seen).size).toBe(seen.length);
  });
});
