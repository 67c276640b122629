import type { Access } from '../../src/engine/step.ts';
import type { Sent } from './wire.ts';

type VaultAccess = Extract<Access, { system: 'vault' }>;
type KubernetesAccess = Extract<Access, { system: 'kubernetes' }>;

/** What a request takes, in Vault's and Kubernetes' words; undefined when everybody may send it. */
export type Needed =
  | { system: 'vault'; path: string; capabilities: string[] }
  | { system: 'kubernetes'; verb: string; group: string; resource: string; namespace?: string; name?: string };

/** Nobody needs a right for these: Vault's `default` policy and Kubernetes' public-info-viewer give them. */
const forEveryone = [
  /^\/v1\/sys\/(health|seal-status)$/,
  /^\/v1\/auth\/token\/(lookup|revoke)-self$/,
  /^\/v1\/sys\/capabilities-self$/,
  /^\/v1\/auth\/.+\/login$/,
  /^\/version\/?$/,
];

export function neededFor({ method, path }: Sent): Needed | undefined {
  const { pathname, searchParams } = new URL(path, 'http://server');
  if (forEveryone.some((open) => open.test(pathname))) return undefined;
  if (pathname.startsWith('/v1/')) {
    const list = method === 'LIST' || searchParams.has('list');
    const capabilities = list ? ['list'] : method === 'GET' ? ['read'] : ['create', 'update'];
    return {
      system: 'vault',
      path: decodeURIComponent(pathname.slice('/v1/'.length)).replace(/\/$/, ''),
      capabilities,
    };
  }
  return kubernetesNeed(
    method,
    pathname
      .split('/')
      .filter((part) => part !== '')
      .map(decodeURIComponent),
  );
}

function kubernetesNeed(method: string, parts: string[]): Needed {
  const group = parts[0] === 'apis' ? (parts[1] ?? '') : '';
  const rest = parts.slice(parts[0] === 'apis' ? 3 : 2);
  const inside = rest[0] === 'namespaces' && rest.length > 2 ? rest[1] : undefined;
  const [kind = '', name, subresource] = inside === undefined ? rest : rest.slice(2);
  const verbs: Record<string, string> = { GET: name === undefined ? 'list' : 'get', POST: 'create', PATCH: 'patch' };
  return {
    system: 'kubernetes',
    verb: verbs[method] ?? method,
    group,
    resource: subresource === undefined ? kind : `${kind}/${subresource}`,
    ...(inside === undefined ? {} : { namespace: inside }),
    ...(name === undefined ? {} : { name }),
  };
}

export function covers(access: Access, needed: Needed): boolean {
  if (access.system === 'vault')
    return (
      needed.system === 'vault' &&
      pathCovers(access.path, needed.path) &&
      needed.capabilities.every((one) => access.capabilities.includes(one))
    );
  return (
    needed.system === 'kubernetes' &&
    access.verb === needed.verb &&
    access.group === needed.group &&
    access.resource === needed.resource &&
    (access.namespace === undefined || access.namespace === needed.namespace) &&
    (access.name === undefined || access.name === needed.name)
  );
}

function pathCovers(pattern: string, path: string): boolean {
  const escaped = pattern.replace(/[.\\^$?()[\]{}|]/g, '\\$&').replaceAll('+', '[^/]+');
  return new RegExp(`^${escaped.replace(/\*$/, '.*')}$`).test(path);
}

/** A Vault policy that gives exactly this. */
export function policyFor(accesses: Access[]): string {
  const paths = new Map<string, Set<string>>();
  for (const { path, capabilities } of accesses.filter((one): one is VaultAccess => one.system === 'vault'))
    for (const capability of capabilities) paths.set(path, (paths.get(path) ?? new Set()).add(capability));
  return [...paths].map(([path, held]) => `path "${path}" { capabilities = ${JSON.stringify([...held])} }`).join('\n');
}

/** RBAC objects that give exactly this to one ServiceAccount, as [path to POST to, body]. */
export function rbacFor(
  accesses: Access[],
  account: { namespace: string; name: string },
  name: string,
): [string, object][] {
  const api = '/apis/rbac.authorization.k8s.io/v1';
  const places = new Map<string, KubernetesAccess[]>();
  for (const one of accesses.filter((each): each is KubernetesAccess => each.system === 'kubernetes'))
    places.set(one.namespace ?? '', [...(places.get(one.namespace ?? '') ?? []), one]);
  return [...places].flatMap(([namespace, held]): [string, object][] => {
    const kind = namespace === '' ? 'ClusterRole' : 'Role';
    const at = namespace === '' ? api : `${api}/namespaces/${namespace}`;
    const rules = held.map((one) => ({
      apiGroups: [one.group],
      resources: [one.resource],
      verbs: [one.verb],
      ...(one.name === undefined ? {} : { resourceNames: [one.name] }),
    }));
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind, name };
    const subjects = [{ kind: 'ServiceAccount', ...account }];
    return [
      [`${at}/${kind.toLowerCase()}s`, { metadata: { name }, rules }],
      [`${at}/${kind.toLowerCase()}bindings`, { metadata: { name }, roleRef, subjects }],
    ];
  });
}
