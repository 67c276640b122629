import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError, type Problem } from '../../src/errors.ts';
import { readRecipe } from '../../src/recipe/read.ts';
import type { Tree } from '../../src/recipe/tree.ts';
import { converse } from '../../src/wizard/converse.ts';
import { createGivenAnswers } from '../../src/wizard/given-answers.ts';
import type { ClusterLook } from '../../src/wizard/look/cluster.ts';
import type { VaultLook } from '../../src/wizard/look/vault.ts';
import type { Now } from '../../src/wizard/question.ts';
import { nobody } from '../../src/wizard/without-a-person.ts';

const server = 'https://10.0.0.1:6443';

/** What a server would answer, for judgements that need no server. */
export function nowOf(answers: Tree, vault: Partial<VaultLook> = {}, cluster: Partial<ClusterLook> = {}): Now {
  return {
    answers,
    vault: {
      ...{ address: 'https://vault.example.com:8200', namespace: '', tokenFrom: 'VAULT_TOKEN' },
      health: async () => ({ failed: 'not asked' }),
      operator: async () => ({ found: { policies: [], root: true } }),
      lacking: async () => [],
      authMethods: async () => ({ found: [] }),
      hostOf: async () => ({ found: undefined }),
      rolesOf: async () => ({ found: [] }),
      policies: async () => ({ found: [] }),
      engines: async () => ({ found: [{ mount: 'secret/', version: 2 }] }),
      secrets: async () => ({ found: [] }),
      ...vault,
    },
    cluster: {
      server,
      version: async () => ({ found: 'v1' }),
      whoAmI: async () => ({ found: 'somebody' }),
      lacking: async () => [],
      ca: async () => 'kubeconfig',
      namespaces: async () => ({ found: ['default'] }),
      accounts: async () => ({ found: ['default/app'] }),
      namespaceExists: async () => true,
      accountExists: async () => true,
      tokenSecretExists: async () => true,
      ...cluster,
    },
    contexts: async () => [{ name: 'here', server, answers: true }],
    currentContext: 'here',
    namespace: 'default',
    exists: () => false,
  };
}

/** A whole recipe whose one role has one policy. */
export const policyWith = (rules: unknown[] | undefined, policy: Tree = {}) => ({
  version: 1,
  name: 'app',
  cluster: { context: 'here', host: server },
  auth: { path: 'kubernetes', reviewer: { mode: 'token_secret', service_account: 'default/vault-reviewer' } },
  policies: [{ name: 'app', ...(rules && { rules }), ...policy }],
  roles: [
    { name: 'app', service_accounts: ['default/app'], audience: 'vault', token_policies: ['app'], token_ttl: '1h' },
  ],
  expect: [{ role: 'app', service_account: 'default/app' }],
  file: 'app.yaml',
});

function mistakesIn({ file: _file, ...recipe }: Tree): Problem[] {
  const cwd = mkdtempSync(join(tmpdir(), 'vaultbind-test-'));
  try {
    writeFileSync(join(cwd, 'app.yaml'), JSON.stringify(recipe));
    readRecipe(['app.yaml'], { cwd, env: {}, allowedEnv: [] });
    return [];
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

export const noMistake = () => policyWith([{ path: 'secret/data/app/config', capabilities: ['read'] }]);

interface Scene {
  vault?: Partial<VaultLook>;
  cluster?: Partial<ClusterLook>;
  given?: Record<string, string[]>;
  /** Default: as it is read from a file of its own. */
  wrong?: Problem[];
}

/** `init --yes` on a recipe, up to its answers. */
export async function talk(answers: Tree, { vault, cluster, given = {}, wrong }: Scene = {}) {
  const warnings: string[] = [];
  const told = await converse({
    ask: nobody((one) => void ('warning' in one && warnings.push(one.warning))),
    before: { answers, wrong: wrong ?? (Object.keys(answers).length === 0 ? [] : mistakesIn(answers)) },
    facts: async (tree) => nowOf(tree, vault, cluster),
    given: new Map(Object.entries(given)),
    said: createGivenAnswers(),
    refusals: () => [],
    interruptible: async (look) => await look,
  });
  return { ...told, warnings };
}
