import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { vi } from 'vitest';
import { parseAllDocuments, stringify } from 'yaml';
import type { PermissionCommand, Right } from '../../src/model/rights.ts';
import { rbac, type Subject } from '../../src/output/permissions/rbac.ts';
import { vaultPolicy } from '../../src/output/permissions/vault-policy.ts';
import { kubernetes, vault } from './raw.ts';
import { servers, uniqueName } from './servers.ts';
import type { Workbench } from './workbench.ts';

/** Somebody who has these rights and nothing more: a token with one policy, a ServiceAccount with these roles. */
export interface Operator {
  /** Of vaultbind. */
  env: Record<string, string>;
  token: string;
  /** Name of the policy. */
  policy: string;
  remove(): Promise<void>;
}

export async function operatorWith(bench: Workbench, rights: Right[]): Promise<Operator> {
  const name = uniqueName('operator');
  const subject: Subject = { kind: 'ServiceAccount', namespace: bench.namespace, name };
  return await operatorFrom(bench, name, vaultPolicy(rights), rbac(rights, name, subject));
}

/** The same with what `vaultbind permissions` writes for a command of the bench's recipe. */
export async function operatorFor(bench: Workbench, command: PermissionCommand, ...flags: string[]): Promise<Operator> {
  const name = uniqueName('operator');
  const subject = `serviceaccount:${bench.namespace}/${name}`;
  const args = ['-f', 'recipe.yaml', '--for', command, '--subject', subject, '--out', name, ...flags];
  const { exit, stdout, stderr } = await bench.cli('permissions', ...args);
  if (exit !== 0 || stdout + stderr !== '') throw new Error(`exit ${exit}: ${stdout}${stderr}`);
  const text = (file: string) => readFileSync(join(bench.folder, name, file), 'utf8');
  // The servers are shared, and the roles of every bench's recipe have the same name.
  const yaml = text(`kubernetes-${command}.yaml`).replaceAll(`name: vaultbind-test-${command}`, `name: ${name}-r`);
  return await operatorFrom(bench, name, text(`vault-policy-${command}.hcl`), yaml);
}

/** `name` is the ServiceAccount that the roles bind. */
async function operatorFrom(bench: Workbench, name: string, hcl: string, yaml: string): Promise<Operator> {
  const { namespace, product, folder } = bench;
  const policy = hcl.trim() === '' ? '# nothing' : hcl;
  const written = await vault(product, 'POST', `sys/policies/acl/${name}`, { policy });
  if (written.status >= 300) throw new Error(`policy refused: ${written.text}\n${policy}`);
  const made = await vault(product, 'POST', 'auth/token/create', { policies: [name], ttl: '1h' });
  const token: string = made.body.auth.client_token;
  const accounts = `/api/v1/namespaces/${namespace}/serviceaccounts`;
  await kubernetes('POST', accounts, { metadata: { name } });
  const paths = parseAllDocuments(yaml).map((document) => pathOf(document.toJS()));
  for (const [path, body] of paths) {
    const answer = await kubernetes('POST', path, body);
    if (answer.status !== 201) throw new Error(`${path}: ${answer.text}`);
  }
  for (const [, role] of paths) await isGranted(`system:serviceaccount:${namespace}:${name}`, role);
  const jwt = await kubernetes('POST', `${accounts}/${name}/token`, { spec: { expirationSeconds: 3600 } });
  const kubeconfig = join(folder, `${name}.kubeconfig`);
  writeFileSync(kubeconfig, kubeconfigWith(jwt.body.status.token));
  return {
    env: { ...bench.env, VAULT_TOKEN: token, KUBECONFIG: kubeconfig },
    token,
    policy: name,
    remove: async () => {
      for (const [path, body] of paths) await kubernetes('DELETE', `${path}/${body.metadata.name}`);
      await vault(product, 'POST', 'auth/token/revoke', { token });
      await vault(product, 'DELETE', `sys/policies/acl/${name}`);
    },
  };
}

interface RbacObject {
  kind: string;
  metadata: { name: string; namespace?: string };
  /** Of a role. */
  rules?: { verbs: string[]; apiGroups?: string[]; resources?: string[]; resourceNames?: string[] }[];
}

/** The API server grants by a cache of the roles, which follows a moment later. */
async function isGranted(user: string, { metadata: { namespace }, rules = [] }: RbacObject): Promise<void> {
  for (const { verbs, apiGroups, resources, resourceNames } of rules) {
    const [resource, subresource] = resources?.[0]?.split('/') ?? [];
    if (resource === undefined) continue;
    const wanted = {
      namespace,
      verb: verbs[0],
      group: apiGroups?.[0],
      resource,
      subresource,
      name: resourceNames?.[0],
    };
    const review = { spec: { user, resourceAttributes: wanted } };
    const allowed = async () =>
      (await kubernetes('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', review)).body.status.allowed;
    await vi.waitUntil(allowed, { timeout: 30_000, interval: 50 });
  }
}

function pathOf(object: RbacObject): [path: string, object: RbacObject] {
  const { kind, metadata } = object;
  const place = metadata.namespace === undefined ? '' : `/namespaces/${metadata.namespace}`;
  return [`/apis/rbac.authorization.k8s.io/v1${place}/${kind.toLowerCase()}s`, object];
}

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
