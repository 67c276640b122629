import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { kubernetes } from '../servers/raw.ts';
import { servers } from '../servers/servers.ts';
import type { RecipeData } from '../servers/workbench.ts';
import { letReviewerReadNamespaces, must } from './bench.ts';
import type { Fault } from './fault.ts';

/** Nothing is broken, in a way that a hasty doctor takes for a fault. */
export type Variant = Pick<Fault, 'id' | 'recipe' | 'only'> & Partial<Pick<Fault, 'break'>>;

const role = (recipe: RecipeData): Record<string, unknown> => recipe.roles?.[0] ?? {};
const expectation = (recipe: RecipeData): Record<string, unknown> => recipe.expect?.[0] ?? {};
const set = (fields: Record<string, unknown>) => (recipe: RecipeData) => void Object.assign(role(recipe), fields);

const withoutAudience = (recipe: RecipeData) => {
  delete role(recipe)['audience'];
};

const publicKey = () =>
  createPublicKey(readFileSync(servers().kubernetes.serviceAccountKeyFile, 'utf8'))
    .export({ type: 'spki', format: 'pem' })
    .toString();

export const variants: Variant[] = [
  { id: 'as-the-article-has-it' },
  {
    id: 'mount-path-with-slashes',
    recipe: (recipe, { mount }) => {
      recipe.auth['path'] = `clusters/eu/${mount}`;
    },
    break: async ({ vault, mount }) => ({ after: () => vault('DELETE', `sys/auth/clusters/eu/${mount}`) }),
  },
  {
    id: 'client-review',
    recipe: (recipe) => {
      recipe.auth['reviewer'] = { mode: 'client_jwt', bind_clients: true };
      withoutAudience(recipe);
    },
    // Of the run that wrote the mount nothing is left in the cluster.
    break: async ({ namespace }) => ({
      args: ['-f', 'recipe.yaml', ...['my-sa', 'stranger'].flatMap((name) => ['--mint-for', `${namespace}/${name}`])],
    }),
  },
  { id: 'role-without-audience', recipe: withoutAudience },
  { id: 'audience-of-the-api-server', recipe: set({ audience: 'https://kubernetes.default.svc' }) },
  {
    id: 'several-roles',
    recipe: (recipe, { namespace, role: name, secret }) => {
      recipe.roles = [
        role(recipe),
        { ...role(recipe), name: `${name}-2`, service_accounts: [`${namespace}/stranger`] },
      ];
      const can = [`read secret/data/${secret}`];
      recipe.expect = [
        { role: name, service_account: `${namespace}/my-sa`, can },
        { role: `${name}-2`, service_account: `${namespace}/stranger`, can },
      ];
    },
  },
  {
    id: 'namespace-by-wildcard',
    recipe: (recipe) => {
      const { service_accounts: _, ...rest } = role(recipe);
      const bound = { bound_service_account_names: ['my-sa'], bound_service_account_namespaces: ['wb-*'] };
      recipe.roles = [{ ...rest, ...bound }];
      recipe.expect = [expectation(recipe)];
    },
  },
  {
    id: 'namespace-by-selector',
    recipe: async (recipe, { namespace }) => {
      const labels = { team: 'a' };
      await must(kubernetes('PATCH', `/api/v1/namespaces/${namespace}`, { metadata: { labels } }));
      const { service_accounts: _, ...rest } = role(recipe);
      const bound_service_account_namespace_selector = JSON.stringify({ matchLabels: labels });
      recipe.roles = [{ ...rest, bound_service_account_names: ['my-sa'], bound_service_account_namespace_selector }];
    },
    break: letReviewerReadNamespaces,
  },
  {
    id: 'vault-namespace',
    only: 'openbao',
    recipe: async (recipe, { vault, namespace, env, secret }) => {
      await must(vault('POST', `sys/namespaces/${namespace}`, {}));
      Object.assign(env, { VAULT_NAMESPACE: namespace });
      await must(vault('POST', `${namespace}/sys/mounts/secret`, { type: 'kv', options: { version: '2' } }));
      // An engine of version 2 takes a moment until it is one.
      for (let tries = 0; tries < 50; tries++)
        if ((await vault('POST', `${namespace}/secret/data/${secret}`, { data: { a: 'b' } })).status === 200) break;
      recipe.vault = { namespace };
    },
    break: async ({ vault, namespace }) => ({ after: () => vault('DELETE', `sys/namespaces/${namespace}`) }),
  },
  {
    id: 'kv-version-1',
    recipe: async (recipe, { vault, namespace }) => {
      const mount = `kv-${namespace}`;
      await must(vault('POST', `sys/mounts/${mount}`, { type: 'kv', options: { version: '1' } }));
      await must(vault('POST', `${mount}/app`, { a: 'b' }));
      Object.assign(recipe.policies?.[0] ?? {}, { rules: [{ path: `${mount}/app`, capabilities: ['read'] }] });
      Object.assign(expectation(recipe), { can: [`read ${mount}/app`], cannot: [] });
    },
    break: async ({ vault, namespace }) => ({ after: () => vault('DELETE', `sys/mounts/kv-${namespace}`) }),
  },
  { id: 'token-without-default-policy', recipe: set({ token_no_default_policy: true }) },
  { id: 'batch-token', recipe: set({ token_type: 'batch' }) },
  { id: 'one-use-one-read', recipe: set({ token_num_uses: 1 }) },
  {
    id: 'pem-keys-set-right',
    recipe: (recipe) => {
      recipe.auth['config'] = { pem_keys: [publicKey()] };
    },
  },
  {
    id: 'issuer-checked-and-right',
    recipe: (recipe) => {
      recipe.auth['config'] = { issuer: 'https://kubernetes.default.svc.cluster.local', disable_iss_validation: false };
    },
  },
  {
    id: 'mount-of-another-team',
    break: async (bench) => {
      bench.write({ ...bench.recipe(), auth: { path: bench.mount, manage: 'none' } });
    },
  },
  {
    id: 'globs-and-a-deny-elsewhere',
    recipe: (recipe, { secret }) => {
      const rules = [
        { path: 'secret/data/+/config', capabilities: ['read'] },
        { path: `secret/data/${secret}/*`, capabilities: ['deny'] },
      ];
      Object.assign(recipe.policies?.[0] ?? {}, { rules });
    },
  },
  {
    id: 'policy-written-otherwise-and-equal',
    break: ({ writePolicy, secret }) =>
      writePolicy(`# by hand\npath  "secret/data/${secret}"\n{\n  capabilities = [ "read" , ]\n}\n`),
  },
  {
    id: 'another-role-at-the-mount-open-to-everybody',
    break: ({ vault, mount, role: name }) =>
      must(
        vault('POST', `auth/${mount}/role/${name}-of-others`, {
          bound_service_account_names: ['*'],
          bound_service_account_namespaces: ['*'],
        }),
      ),
  },
  {
    id: 'host-written-with-a-slash',
    break: (bench) => bench.config({ kubernetes_host: `${servers().kubernetes.server}/` }),
  },
  {
    id: 'host-written-in-capitals',
    break: (bench) => bench.config({ kubernetes_host: servers().kubernetes.server.replace('https', 'HTTPS') }),
  },
  {
    id: 'stranger-that-does-not-exist',
    break: ({ namespace }) => must(kubernetes('DELETE', `/api/v1/namespaces/${namespace}/serviceaccounts/stranger`)),
  },
  {
    id: 'without-a-recipe',
    break: async ({ mount, role: name, namespace, secret }) => {
      const who = ['--mount', mount, '--role', name, '--service-account', `${namespace}/my-sa`];
      return { args: [...who, '--secret', `secret/data/${secret}`] };
    },
  },
  {
    id: 'a-token-somebody-has',
    break: async (bench) => ({
      args: ['--mount', bench.mount, '--role', bench.role, '--jwt-file', bench.file('token', await bench.token())],
    }),
  },
  { id: 'vault-behind-a-proxy', break: async ({ product }, { farAway }) => ({ env: farAway(product) }) },
];
