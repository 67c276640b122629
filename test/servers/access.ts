import type { Access } from '../../src/model/rights.ts';
import type { Sent } from './wire.ts';

/** What a request takes, in Vault's and Kubernetes' words; undefined when everybody may send it. */
export type Needed =
  | { system: 'vault'; path: string; capabilities: string[] }
  | { system: 'kubernetes'; verb: string; group: string; resource: string; namespace?: string; name?: string };

/** Nobody needs a right for these: Vault's `default` policy and Kubernetes' public-info-viewer and basic-user give them. */
const forEveryone = [
  /^\/v1\/sys\/(health|seal-status)$/,
  /^\/v1\/auth\/token\/(lookup|revoke)-self$/,
  /^\/v1\/sys\/capabilities-self$/,
  /^\/v1\/auth\/.+\/login$/,
  /^\/v1\/sys\/internal\/ui\/mounts(\/.+)?$/,
  /^\/apis\/authorization\.k8s\.io\/v1\/selfsubject(rules|access)reviews$/,
  /^\/version\/?$/,
];

export function neededFor({ method, path }: Sent): Needed | undefined {
  const { pathname, searchParams } = new URL(path, 'http://server');
  if (forEveryone.some((open) => open.test(pathname))) return undefined;
  if (pathname.startsWith('/v1/')) {
    const list = method === 'LIST' || searchParams.has('list');
    const capabilities = list ? ['list'] : method === 'GET' ? ['read'] : ['update'];
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
