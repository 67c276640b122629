import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AccessPhase } from '../src/model/rights.ts';
import { readRecipe } from '../src/recipe/read.ts';
import type { Recipe } from '../src/recipe/recipe.ts';
import { covers, neededFor } from './servers/access.ts';
import { reportOf, runCli } from './servers/cli.ts';
import { accessOf } from './servers/declared.ts';
import { kubernetes } from './servers/raw.ts';
import { environmentFor, products, servers } from './servers/servers.ts';
import { type Sent, watched } from './servers/wire.ts';
import { notable } from './servers/workbench.ts';

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
      const verified = await watched(() => report('verify', '-f', file, ...minting(recipe)));
      expect([verified.result.exit, ...notable(verified.result).filter(isTrouble)]).toEqual([0]);
      expect(undeclared(planned.sent, recipe, product, ['plan'])).toEqual([]);
      expect(undeclared(verified.sent, recipe, product, ['plan', 'verify'])).toEqual([]);
      expect(undeclared(applied.sent, recipe, product, ['plan', 'apply', 'verify'])).toEqual([]);
    });
  });
});

/** Secrets that nobody stored are warned of, and what no harmless request can try is asked only; nothing else may be amiss. */
function isTrouble(line: string): boolean {
  return (
    !/^(created|updated) /.test(line) &&
    !line.startsWith('warning secret-missing') &&
    !line.startsWith('asked asked-only') &&
    !line.startsWith('warning server-warning')
  );
}

/** In client review tokens are for the API server itself, and nothing shows later that the mount is ours. */
function minting({ auth, expect: logins }: Recipe): string[] {
  if (auth.manage === 'none' || auth.reviewer.mode !== 'client_jwt') return [];
  return logins.flatMap(({ service_account: { namespace, name } }) => ['--mint-for', `${namespace}/${name}`]);
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
function undeclared(sent: Sent[], recipe: Recipe, product: 'openbao' | 'hashicorp', phases: AccessPhase[]): string[] {
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
