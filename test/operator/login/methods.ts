import { randomBytes } from 'node:crypto';
import { githubEndpoint, idToken, issuerKey } from '../../servers/issuer.ts';
import type { Listening } from '../../servers/listen.ts';
import { kubernetes } from '../../servers/raw.ts';
import { servers, uniqueName } from '../../servers/servers.ts';
import type { Workbench } from '../../servers/workbench.ts';

/** A real auth method at a mount of its own, and how vaultbind is told to log in there. */
export interface Prepared {
  /** Path of what logs in, as a token's `path` has it. */
  at: string;
  env: Record<string, string>;
  flags: string[];
  /** Never to be seen in any output. */
  secrets: Record<string, string>;
  /** Requests that one login makes, besides the revoke. */
  requests: string[];
}

export const audience = 'vaultbind-test';

/** What the operator needs for all that a workbench does, as a policy of its own. */
export async function operatorPolicy(bench: Workbench): Promise<string> {
  const name = uniqueName('operator');
  const policy = 'path "*" { capabilities = ["create", "read", "update", "delete", "list", "sudo"] }';
  await must(bench, 'POST', `sys/policies/acl/${name}`, { policy });
  return name;
}

async function must(bench: Workbench, method: string, path: string, body?: unknown) {
  const answer = await bench.vault(method, path, body);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
  return answer.body;
}

async function enable(bench: Workbench, type: string): Promise<string> {
  const mount = uniqueName(type);
  await must(bench, 'POST', `sys/auth/${mount}`, { type });
  return mount;
}

export type Prepare = (bench: Workbench, policy: string, role?: object) => Promise<Prepared>;

export const approle: Prepare = async (bench, policy, role = {}) => {
  const mount = await enable(bench, 'approle');
  await must(bench, 'POST', `auth/${mount}/role/ci`, { token_policies: [policy], token_ttl: '5m', ...role });
  const roleId = (await must(bench, 'GET', `auth/${mount}/role/ci/role-id`)).data.role_id;
  const secretId = (await must(bench, 'POST', `auth/${mount}/role/ci/secret-id`, {})).data.secret_id;
  return {
    at: `auth/${mount}/login`,
    env: { VAULTBIND_LOGIN_SECRET_ID: secretId, VAULTBIND_LOGIN_ROLE_ID: roleId },
    flags: ['--vault-login', 'approle', '--vault-login-path', mount],
    secrets: { secretId },
    requests: [`POST /v1/auth/${mount}/login`],
  };
};

export const userpass: Prepare = async (bench, policy, role = {}) => {
  const mount = await enable(bench, 'userpass');
  const password = `canary pass!wörd+${randomBytes(6).toString('hex')}`;
  await must(bench, 'POST', `auth/${mount}/users/ci`, { password, token_policies: [policy], token_ttl: '5m', ...role });
  return {
    at: `auth/${mount}/login/ci`,
    env: { VAULTBIND_LOGIN_PASSWORD: password },
    flags: ['--vault-login', 'userpass', '--vault-login-path', mount, '--vault-login-username', 'ci'],
    secrets: { password },
    requests: [`POST /v1/auth/${mount}/login/ci`],
  };
};

async function jwtMount(bench: Workbench, policy: string, role: object): Promise<string> {
  const mount = await enable(bench, 'jwt');
  await must(bench, 'POST', `auth/${mount}/config`, { jwt_validation_pubkeys: [issuerKey] });
  await must(bench, 'POST', `auth/${mount}/role/ci`, {
    ...{ role_type: 'jwt', bound_audiences: [audience], user_claim: 'sub', token_policies: [policy], token_ttl: '5m' },
    ...role,
  });
  return mount;
}

/** As GitLab's id_tokens: a variable that the pipeline names. */
export const gitlab: Prepare = async (bench, policy, role = {}) => {
  const mount = await jwtMount(bench, policy, role);
  const jwt = idToken({ aud: audience });
  return {
    at: `auth/${mount}/login`,
    env: { MY_ID_TOKEN: jwt, VAULTBIND_LOGIN: 'jwt', VAULTBIND_LOGIN_PATH: mount, VAULTBIND_LOGIN_ROLE: 'ci' },
    flags: ['--vault-login-jwt-env', 'MY_ID_TOKEN'],
    secrets: { jwt },
    requests: [`POST /v1/auth/${mount}/login`],
  };
};

export const github: Prepare = async (bench, policy, role = {}) => {
  const mount = await jwtMount(bench, policy, role);
  const bearer = `canary-bearer-${randomBytes(9).toString('hex')}`;
  const endpoint = await githubEndpoint(bearer);
  endpoints.push(endpoint);
  return {
    at: `auth/${mount}/login`,
    env: { ACTIONS_ID_TOKEN_REQUEST_URL: endpoint.url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer },
    flags: [
      ...['--vault-login', 'jwt', '--vault-login-path', mount, '--vault-login-role', 'ci'],
      ...['--vault-login-audience', audience],
    ],
    secrets: { bearer },
    requests: [`GET /token?api-version=2.0&audience=${audience}`, `POST /v1/auth/${mount}/login`],
  };
};

const endpoints: Listening[] = [];

export async function closeEndpoints(): Promise<void> {
  await Promise.all(endpoints.splice(0).map((one) => one.close()));
}

export const inCluster: Prepare = async (bench, policy, role = {}) => {
  const mount = await enable(bench, 'kubernetes');
  const { namespace } = bench;
  await kubernetes('POST', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
    metadata: { name: mount },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:auth-delegator' },
    subjects: [{ kind: 'ServiceAccount', name: 'my-sa', namespace }],
  });
  const token = async (audiences: string[]) => {
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts/my-sa/token`;
    return (await kubernetes('POST', path, { spec: { audiences, expirationSeconds: 600 } })).body.status.token;
  };
  const { server, ca } = servers().kubernetes;
  const issuer = 'https://kubernetes.default.svc.cluster.local';
  const reviewer = await token([issuer]);
  await must(bench, 'POST', `auth/${mount}/config`, {
    ...{ kubernetes_host: server, kubernetes_ca_cert: ca, token_reviewer_jwt: reviewer, disable_local_ca_jwt: true },
  });
  await must(bench, 'POST', `auth/${mount}/role/ci`, {
    ...{ bound_service_account_names: ['my-sa'], bound_service_account_namespaces: [namespace] },
    ...{ audience: issuer, token_policies: [policy], token_ttl: '5m' },
    ...role,
  });
  const jwt = await token([issuer]);
  bench.write(`${jwt}\n`, 'sa-token');
  return {
    at: `auth/${mount}/login`,
    env: {},
    flags: [
      ...['--vault-login', 'kubernetes', '--vault-login-path', mount, '--vault-login-role', 'ci'],
      ...['--vault-login-jwt-file', 'sa-token'],
    ],
    secrets: { jwt, reviewer },
    requests: [`POST /v1/auth/${mount}/login`],
  };
};

/** A wrapping token around what this path answers. */
export async function wrap(bench: Workbench, path: string, body: object): Promise<string> {
  const { address, token } = servers().vaults[bench.product];
  const answer = await fetch(`${address}/v1/${path}`, {
    method: 'POST',
    headers: { 'x-vault-token': token, 'x-vault-wrap-ttl': '120s' },
    body: JSON.stringify(body),
  });
  const { wrap_info: info } = (await answer.json()) as { wrap_info: { token: string } };
  return info.token;
}

const unwrapping = ['POST /v1/sys/wrapping/lookup', 'POST /v1/sys/wrapping/unwrap'];

export const wrappedToken: Prepare = async (bench, policy, role = {}) => {
  const token = await wrap(bench, 'auth/token/create', { policies: [policy], ttl: '5m', ...role });
  bench.write(token, 'wrapping-token');
  return {
    at: 'auth/token/create',
    env: {},
    flags: ['--vault-login', 'wrapped', '--vault-login-wrapping-token-file', 'wrapping-token'],
    secrets: { token },
    requests: unwrapping,
  };
};

export const wrappedSecretId: Prepare = async (bench, policy, role = {}) => {
  const { env, at } = await approle(bench, policy, role);
  const mount = at.split('/')[1] ?? '';
  const token = await wrap(bench, `auth/${mount}/role/ci/secret-id`, {});
  return {
    at,
    env: { VAULTBIND_LOGIN_ROLE_ID: env['VAULTBIND_LOGIN_ROLE_ID'] ?? '', VAULTBIND_LOGIN_WRAPPING_TOKEN: token },
    flags: [
      ...['--vault-login', 'wrapped', '--vault-login-path', mount],
      ...['--vault-login-wrapping-path', `auth/${mount}/role/ci/secret-id`],
    ],
    secrets: { token },
    requests: [...unwrapping, `POST /v1/auth/${mount}/login`],
  };
};

export const all: Record<string, Prepare> = {
  ...{ approle, 'kubernetes, a file': inCluster, 'jwt, a variable as GitLab sets it': gitlab },
  ...{ 'jwt, from GitHub': github, userpass, 'wrapped, a token': wrappedToken },
  'wrapped, a secret id': wrappedSecretId,
};

/** Tokens that a login at this path left behind. */
export async function tokensOf(bench: Workbench, { at }: Prepared): Promise<number> {
  const { data } = await must(bench, 'LIST', 'auth/token/accessors');
  const looked = await Promise.all(
    data.keys.map((accessor: string) => bench.vault('POST', 'auth/token/lookup-accessor', { accessor })),
  );
  // The servers are shared, and auth/token/create is everybody's: there, the policy tells.
  return looked.filter(({ body }) => body?.data?.path === at).length;
}
