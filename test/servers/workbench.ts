import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Finding, Report } from '../../src/model/report.ts';
import type { VaultProduct } from '../../src/sandbox/servers/vault-options.ts';
import { type CliResult, reportOf, runCli } from './cli.ts';
import { kubernetes, vault } from './raw.ts';
import { environmentFor, uniqueName } from './servers.ts';

/** A recipe as plain data, so that a test changes what it is about and nothing else. */
export interface RecipeData {
  version: 1;
  name: string;
  vault?: Record<string, unknown>;
  cluster?: Record<string, unknown>;
  auth: Record<string, unknown>;
  policies?: Record<string, unknown>[];
  roles?: Record<string, unknown>[];
  expect?: Record<string, unknown>[];
}

/**
 * A place of its own on the shared servers: a namespace, a mount, a policy, a role, a binding and a KV path that no
 * other test uses, and the article's recipe for them.
 */
export interface Workbench {
  product: VaultProduct;
  folder: string;
  namespace: string;
  mount: string;
  policy: string;
  role: string;
  binding: string;
  /** Below secret/data/ and secret/metadata/. */
  secret: string;
  env: Record<string, string>;
  /** The article's recipe with these names. */
  recipe(): RecipeData;
  /** Writes a recipe into the folder; returns its file name. */
  write(recipe: RecipeData | string, file?: string): string;
  cli(...args: string[]): Promise<CliResult>;
  /** The same with -o json, parsed. */
  report(...args: string[]): Promise<Report & { exit: number }>;
  vault(method: string, path: string, body?: unknown, token?: string): ReturnType<typeof vault>;
  remove(): Promise<void>;
}

/** Makes the namespace, the accounts my-sa and stranger, and the secret; everything else is the recipe's to make. */
export async function workbench(product: VaultProduct): Promise<Workbench> {
  const tag = uniqueName('wb');
  const folder = mkdtempSync(join(tmpdir(), 'vaultbind-test-'));
  const names = {
    namespace: tag,
    mount: `k-${tag}`,
    policy: `policy-${tag}`,
    role: `role-${tag}`,
    binding: `binding-${tag}`,
    secret: `${tag}/config`,
  };
  const env = { ...environmentFor(product), HOME: folder, PATH: process.env['PATH'] ?? '' };
  await prepare(product, names);
  const cli = (...args: string[]) => runCli(args, { env, cwd: folder });
  return {
    product,
    folder,
    ...names,
    env,
    recipe: () => articleRecipe(names),
    write: (recipe, file = 'recipe.yaml') => {
      writeFileSync(join(folder, file), typeof recipe === 'string' ? recipe : stringify(recipe));
      return file;
    },
    cli,
    report: async (...args) => {
      const result = await cli(...args, '-o', 'json');
      return { ...reportOf(result), exit: result.exit };
    },
    vault: (method, path, body, token) => vault(product, method, path, body, token),
    remove: async () => {
      rmSync(folder, { recursive: true, force: true });
      await Promise.all([
        kubernetes('DELETE', `/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/${names.binding}`),
        kubernetes('DELETE', `/api/v1/namespaces/${names.namespace}`),
        vault(product, 'DELETE', `sys/auth/${names.mount}`),
      ]);
    },
  };
}

type Names = Pick<Workbench, 'namespace' | 'mount' | 'policy' | 'role' | 'binding' | 'secret'>;

async function prepare(product: VaultProduct, { namespace, secret }: Names): Promise<void> {
  await kubernetes('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
  for (const name of ['my-sa', 'stranger'])
    await kubernetes('POST', `/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name } });
  await vault(product, 'POST', `secret/data/${secret}`, { data: { password: 'kv-canary-2f6d1c' } });
}

function articleRecipe({ namespace, mount, policy, role, binding, secret }: Names): RecipeData {
  return {
    version: 1,
    name: 'test',
    auth: { path: mount, reviewer: { service_account: `${namespace}/vault-reviewer`, binding } },
    policies: [{ name: policy, rules: [{ path: `secret/data/${secret}`, capabilities: ['read'] }] }],
    roles: [
      {
        name: role,
        service_accounts: [`${namespace}/my-sa`],
        token_policies: [policy],
        token_ttl: '1h',
        audience: 'vault',
      },
    ],
    expect: [
      {
        role,
        service_account: `${namespace}/my-sa`,
        can: [`read secret/data/${secret}`],
        cannot: ['read secret/data/other', `update secret/data/${secret}`],
      },
      { role, service_account: `${namespace}/stranger`, login: 'refused' },
    ],
  };
}

/** Findings that are neither good, asked only nor left alone, as `status code subject`, for short expectations. */
export function notable({ findings }: { findings: Finding[] }): string[] {
  return findings
    .filter(({ status, code }) => status !== 'ok' && status !== 'asked' && code !== 'left-alone')
    .map(({ status, code, subject }) => `${status} ${code} ${subject}`);
}
