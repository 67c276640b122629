import { kubernetes, type vault } from '../servers/raw.ts';
import { servers } from '../servers/servers.ts';
import { type RecipeData, type Workbench, workbench } from '../servers/workbench.ts';
import type { Call } from './fault.ts';

type Fields = Record<string, unknown>;

/** A healthy binding, and hands that change it by the servers' own APIs. */
export interface Bench extends Workbench {
  /** The recipe that it was made by. */
  stored(): RecipeData;
  /** Token in the reviewer's Secret. */
  reviewerToken(): Promise<string>;
  /** The whole auth config as a healthy one has it, but for these fields. */
  config(fields?: Fields): Promise<void>;
  /** Merged into the role, as the server does it. */
  bind(fields: Fields): Promise<void>;
  /** The role anew, with these fields in place of the healthy ones. */
  bindAnew(fields?: Fields): Promise<void>;
  writePolicy(text: string, name?: string): Promise<void>;
  /** Deletes the ClusterRoleBinding, and makes it anew when it is given as changes of the healthy one. */
  delegate(changes?: Fields): Promise<void>;
  /** A token of an account in the bench's namespace, for the audience `vault` unless told otherwise. */
  token(account?: string, spec?: Fields): Promise<string>;
  /** Writes a file into the folder; returns its name. */
  file(name: string, text: string): string;
}

const account = { kind: 'ServiceAccount', name: 'vault-reviewer' };
const delegator = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:auth-delegator' };

/** Applied once by vaultbind, without a login, so that no server remembers a token that is broken afterwards. */
export async function healthy(
  product: Workbench['product'],
  change: (recipe: RecipeData, bench: Workbench) => void | Promise<void> = () => undefined,
): Promise<Bench> {
  const bench = await workbench(product);
  const recipe = bench.recipe();
  await change(recipe, bench);
  bench.write(recipe);
  const applied = await bench.cli('apply', '-f', 'recipe.yaml', '--yes', '--verify=none');
  if (applied.exit !== 0) throw new Error(`not healthy: ${applied.stdout}${applied.stderr}`);
  return { ...bench, ...hands(bench), stored: () => recipe };
}

export async function must(answer: ReturnType<typeof vault>): Promise<void> {
  const { status, text } = await answer;
  if (status >= 300) throw new Error(`${status} ${text}`);
}

function hands(bench: Workbench): Omit<Bench, keyof Workbench | 'stored'> {
  const { mount, namespace, role, policy } = bench;
  const write = (path: string, body: unknown) => must(bench.vault('POST', path, body));
  const secretPath = `/api/v1/namespaces/${namespace}/secrets/vault-reviewer-token`;
  const reviewerToken = async () =>
    Buffer.from((await kubernetes('GET', secretPath)).body.data.token, 'base64').toString();
  const healthyRole = {
    bound_service_account_names: ['my-sa'],
    bound_service_account_namespaces: [namespace],
    token_policies: [policy],
    token_ttl: '1h',
    audience: 'vault',
  };
  return {
    reviewerToken,
    config: async (fields = {}) => {
      const { server, ca } = servers().kubernetes;
      const token = 'token_reviewer_jwt' in fields ? '' : await reviewerToken();
      const body = { kubernetes_host: server, kubernetes_ca_cert: ca, token_reviewer_jwt: token, ...fields };
      await write(`auth/${mount}/config`, body);
    },
    bind: (fields) => write(`auth/${mount}/role/${role}`, fields),
    bindAnew: async (fields = healthyRole) => {
      await bench.vault('DELETE', `auth/${mount}/role/${role}`);
      await write(`auth/${mount}/role/${role}`, fields);
    },
    writePolicy: (text, name = policy) => write(`sys/policies/acl/${name}`, { policy: text }),
    delegate: async (changes) => {
      const bindings = '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings';
      await must(kubernetes('DELETE', `${bindings}/${bench.binding}`));
      const subjects = [{ ...account, namespace }];
      const whole = { metadata: { name: bench.binding }, roleRef: delegator, subjects, ...changes };
      if (changes) await must(kubernetes('POST', bindings, whole));
    },
    token: async (name = 'my-sa', spec = {}) => {
      const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`;
      const asked = { audiences: ['vault'], expirationSeconds: 600, ...spec };
      return (await kubernetes('POST', path, { spec: asked })).body.status.token;
    },
    file: (name, text) => bench.write(text, name),
  };
}

/** What a namespace selector takes, which system:auth-delegator does not give. */
export async function letReviewerReadNamespaces({ namespace, binding }: Workbench): Promise<Call> {
  const api = '/apis/rbac.authorization.k8s.io/v1/clusterrole';
  const name = `${binding}-namespaces`;
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name };
  const rules = [{ apiGroups: [''], resources: ['namespaces'], verbs: ['get'] }];
  await must(kubernetes('POST', `${api}s`, { metadata: { name }, rules }));
  const subjects = [{ ...account, namespace }];
  await must(kubernetes('POST', `${api}bindings`, { metadata: { name }, roleRef, subjects }));
  const gone = (kind: string) => kubernetes('DELETE', `${api}${kind}/${name}`);
  return { after: () => Promise.all([gone('s'), gone('bindings')]) };
}

/** The identity entity that logins of my-sa get; made by a login. */
export async function entityOf({ vault, mount, role, token }: Bench): Promise<string> {
  const login = await vault('POST', `auth/${mount}/login`, { role, jwt: await token() }, '');
  const { client_token: made, entity_id: entity } = login.body.auth;
  await vault('POST', 'auth/token/revoke', { token: made });
  return entity;
}
