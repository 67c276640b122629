import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { Phase } from '../src/engine/step.ts';
import { readRecipe } from '../src/recipe/read.ts';
import type { Recipe } from '../src/recipe/recipe.ts';
import { covers, neededFor, policyFor, rbacFor } from './servers/access.ts';
import { reportOf, runCli } from './servers/cli.ts';
import { accessOf } from './servers/declared.ts';
import { kubernetes, vault } from './servers/raw.ts';
import { environmentFor, products, servers, uniqueName } from './servers/servers.ts';
import { type Sent, watched } from './servers/wire.ts';
import { notable, type Workbench, workbench } from './servers/workbench.ts';

const folder = join(import.meta.dirname, '..', 'recipes');
const recipes = readdirSync(folder).filter((file) => file.endsWith('.yaml'));

describe.each(products)('on %s', (product) => {
  const cli = (...args: string[]) => runCli(args, { env: { ...environmentFor(product), HOME: folder }, cwd: folder });
  const report = async (...args: string[]) => {
    const result = await cli(...args, '-o', 'json');
    return { ...reportOf(result), exit: result.exit };
  };

  describe.each(recipes)('recipes/%s', (file) => {
    let recipe: Recipe;
    beforeAll(async () => {
      await provide(file, (needed) => report('apply', '-f', needed, '--yes', '--verify=none'));
      recipe = await recipeOf(file, folder);
    });

    it('is applied, leaves nothing to do, and holds', async () => {
      const applied = await watched(() => report('apply', '-f', file, '--yes', '--verify=all'));
      expect([applied.result.exit, ...notable(applied.result).filter(isTrouble)]).toEqual([0]);
      const planned = await watched(() => report('plan', '-f', file, '--detailed-exitcode'));
      expect([planned.result.exit, ...notable(planned.result)]).toEqual([0]);
      const verified = await watched(() => report('verify', '-f', file));
      expect([verified.result.exit, ...notable(verified.result).filter(isTrouble)]).toEqual([0]);
      expect(undeclared(planned.sent, recipe, product, ['plan'])).toEqual([]);
      expect(undeclared(verified.sent, recipe, product, ['plan', 'verify'])).toEqual([]);
      expect(undeclared(applied.sent, recipe, product, ['plan', 'apply', 'verify'])).toEqual([]);
    });
  });
});

/** Secrets that nobody stored are warned of; nothing else may be amiss. */
function isTrouble(line: string): boolean {
  return (
    !/^(created|updated) /.test(line) &&
    !line.startsWith('warning secret-missing') &&
    !line.startsWith('warning server-warning')
  );
}

async function recipeOf(file: string, cwd: string): Promise<Recipe> {
  return (await readRecipe([file], { cwd, env: {}, allowedEnv: [] })).recipe;
}

/** Makes what the recipe says that it needs: `# needs: accounts ns/name, …`, `# needs: namespaces …`, `# needs: recipes …`. */
async function provide(file: string, applyRecipe: (file: string) => Promise<{ exit: number }>): Promise<void> {
  const text = readFileSync(join(folder, file), 'utf8');
  for (const [, kind, list = ''] of text.matchAll(/^# needs: (accounts|namespaces|recipes) (.+)$/gm)) {
    for (const name of list.split(',').map((one) => one.trim())) {
      if (kind === 'recipes') {
        await provide(name, applyRecipe);
        expect((await applyRecipe(name)).exit).toBe(0);
      } else if (kind === 'namespaces') await kubernetes('POST', '/api/v1/namespaces', { metadata: { name } });
      else {
        const [namespace, account] = name.split('/');
        await kubernetes('POST', `/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name: account } });
      }
    }
  }
}

/** The operator's requests that no step declares. What a workload or the reviewer sends with its own token needs no right of ours. */
function undeclared(sent: Sent[], recipe: Recipe, product: 'openbao' | 'hashicorp', phases: Phase[]): string[] {
  const access = accessOf(recipe, product, phases);
  const { token } = servers().vaults[product];
  const operators = sent.filter(({ headers }) =>
    headers['x-vault-request'] ? headers['x-vault-token'] === token : headers['authorization'] === undefined,
  );
  expect(operators.length).toBeGreaterThan(0);
  const missing = operators.filter((request) => {
    const needed = neededFor(request);
    return needed && !access.some((one) => covers(one, needed));
  });
  return [...new Set(missing.map(({ method, path }) => `${method} ${path}`))];
}

describe.each(products)('with exactly the rights that the steps declare, on %s', (product) => {
  let bench: Workbench;
  beforeAll(async () => {
    bench = await workbench(product);
    bench.write({ ...bench.recipe(), vault: {} });
  });
  afterAll(() => bench.remove());

  /** An operator of their own: a Vault policy and RBAC for these phases, and nothing more. */
  async function operator(...phases: Phase[]) {
    const name = uniqueName(`operator-${phases.at(-1)}`);
    const access = accessOf(await recipeOf('recipe.yaml', bench.folder), product, phases);
    await vault(product, 'POST', `sys/policies/acl/${name}`, { policy: policyFor(access) });
    const token = await vault(product, 'POST', 'auth/token/create', { policies: [name], ttl: '1h' });
    const { namespace } = bench;
    await kubernetes('POST', `/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name } });
    for (const [path, body] of rbacFor(access, { namespace, name }, name))
      expect((await kubernetes('POST', path, body)).status).toBe(201);
    const jwt = await kubernetes('POST', `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`, {
      spec: { expirationSeconds: 3600 },
    });
    const kubeconfig = join(bench.folder, `${name}.kubeconfig`);
    writeFileSync(kubeconfig, kubeconfigWith(jwt.body.status.token));
    const env = { ...bench.env, VAULT_TOKEN: token.body.auth.client_token, KUBECONFIG: kubeconfig };
    return async (...args: string[]) => {
      const result = await runCli([...args, '-f', 'recipe.yaml', '-o', 'json'], { env, cwd: bench.folder });
      return { ...reportOf(result), exit: result.exit };
    };
  }

  it('plan, apply and verify work, and no narrower operator can apply', async () => {
    const planner = await operator('plan');
    const first = await planner('plan');
    expect([first.exit, ...notable(first).filter((line) => line.startsWith('failed'))]).toEqual([0]);
    expect(first.summary.pending).toBe(7);

    const refused = await planner('apply', '--yes');
    expect(refused.exit).toBe(4);
    expect(refused.findings.some(({ code }) => code === 'operator-forbidden' || code === 'kubernetes-forbidden')).toBe(
      true,
    );

    const applier = await operator('plan', 'apply', 'verify');
    const applied = await applier('apply', '--yes');
    expect([applied.exit, ...notable(applied).filter((line) => !line.startsWith('created'))]).toEqual([0]);

    const second = await planner('plan', '--detailed-exitcode');
    expect([second.exit, ...notable(second)]).toEqual([0]);

    const verifier = await operator('plan', 'verify');
    const verified = await verifier('verify');
    expect([verified.exit, ...notable(verified)]).toEqual([0]);
  });
});

function kubeconfigWith(token: string): string {
  const { server, ca } = servers().kubernetes;
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'c',
    clusters: [{ name: 'c', cluster: { server, 'certificate-authority-data': Buffer.from(ca).toString('base64') } }],
    users: [{ name: 'u', user: { token } }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
  });
}
