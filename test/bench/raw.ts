/**
 * What vaultbind is measured against: a program that knows beforehand what there is to do, makes the fewest requests
 * that do it, and checks and reports nothing. Bundled like vaultbind, run as `node raw.js JOB.json`.
 */
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { type App, type Apps, appsOf, policyOf } from './apps.ts';
import { type Ask, askers, each, type Servers } from './ask.ts';

export const operations = { plan: look, apply: make, verify: prove };

export interface Job {
  operation: keyof typeof operations;
  apps: Apps;
  servers: Servers;
}

interface Work {
  vault: Ask;
  kubernetes: Ask;
  tag: string;
  apps: App[];
  server: string;
}

/** Each object read once: Vault's by name, ServiceAccounts by one list. */
async function look({ vault, kubernetes, tag, apps }: Work): Promise<void> {
  await Promise.all([
    kubernetes('GET', `/api/v1/namespaces/${tag}/serviceaccounts`),
    kubernetes('GET', `/api/v1/namespaces/${tag}/secrets/reviewer-token`),
    kubernetes('GET', `${bindings}/${tag}`),
    vault('GET', 'sys/auth'),
    vault('GET', `auth/${tag}/config`),
    each(apps, ({ name }) => vault('GET', `sys/policies/acl/${name}`)).then(() =>
      each(apps, ({ name }) => vault('GET', `auth/${tag}/role/${name}`)),
    ),
  ]);
}

const bindings = '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings';
const apply = '?fieldManager=bench';

/** Each object written once and read back once. */
async function make(work: Work): Promise<void> {
  const { vault, kubernetes, tag, apps, server } = work;
  await vault('POST', `sys/auth/${tag}`, { type: 'kubernetes' });
  await each(apps, (app) => vault('PUT', `sys/policies/acl/${app.name}`, { policy: policyOf(app) }));
  await each(apps, ({ name }) => vault('GET', `sys/policies/acl/${name}`));
  const secret = await makeAccounts(work);
  await kubernetes('PATCH', `${bindings}/${tag}${apply}`, bindingOf(tag));
  await kubernetes('GET', `${bindings}/${tag}`);
  const text = (key: string) => Buffer.from(secret.data[key], 'base64').toString();
  const config = { kubernetes_host: server, kubernetes_ca_cert: text('ca.crt'), token_reviewer_jwt: text('token') };
  await vault('PUT', `auth/${tag}/config`, config);
  await vault('GET', `auth/${tag}/config`);
  await each(apps, ({ name }) => vault('PUT', `auth/${tag}/role/${name}`, roleOf(name, tag)));
  await each(apps, ({ name }) => vault('GET', `auth/${tag}/role/${name}`));
}

async function makeAccounts({ kubernetes, tag, apps }: Work) {
  const accounts = `/api/v1/namespaces/${tag}/serviceaccounts`;
  const meta = (name: string) => ({ name, namespace: tag, labels: { bench: tag } });
  await each(['reviewer', ...apps.map(({ name }) => name)], (name) =>
    kubernetes('PATCH', `${accounts}/${name}${apply}`, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: meta(name),
    }),
  );
  await kubernetes('GET', accounts);
  const path = `/api/v1/namespaces/${tag}/secrets/reviewer-token`;
  await kubernetes('PATCH', `${path}${apply}`, {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'kubernetes.io/service-account-token',
    metadata: { ...meta('reviewer-token'), annotations: { 'kubernetes.io/service-account.name': 'reviewer' } },
  });
  for (;;) {
    const secret = await kubernetes('GET', path);
    if (secret.data?.token) return secret;
    await setTimeout(50);
  }
}

function bindingOf(tag: string) {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: tag },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:auth-delegator' },
    subjects: [{ kind: 'ServiceAccount', namespace: tag, name: 'reviewer' }],
  };
}

function roleOf(name: string, tag: string) {
  return {
    bound_service_account_names: [name],
    bound_service_account_namespaces: [tag],
    token_policies: [name],
    token_ttl: 3600,
    audience: 'vault',
  };
}

/** TokenRequest, login, capabilities, read and revoke for each application. */
async function prove({ vault, kubernetes, tag, apps }: Work): Promise<void> {
  await each(apps, async ({ name, secret }) => {
    const spec = { audiences: ['vault'], expirationSeconds: 600 };
    const made = await kubernetes('POST', `/api/v1/namespaces/${tag}/serviceaccounts/${name}/token`, { spec });
    const login = await vault('POST', `auth/${tag}/login`, { role: name, jwt: made.status.token });
    const token: string = login.auth.client_token;
    await vault('POST', 'sys/capabilities-self', { paths: [secret] }, token);
    await vault('GET', secret, undefined, token);
    await vault('POST', 'auth/token/revoke-self', {}, token);
  });
}

async function main(file: string): Promise<void> {
  const { operation, apps, servers }: Job = JSON.parse(readFileSync(file, 'utf8'));
  const { vault, kubernetes, close } = askers(servers);
  const { tag } = apps;
  await operations[operation]({ vault, kubernetes, tag, apps: appsOf(apps), server: servers.kubernetes.server });
  await close();
}

await main(process.argv[2] ?? '');
