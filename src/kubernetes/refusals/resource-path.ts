import type { Command } from '../../command.ts';
import type { HttpRequest } from '../../http/transport.ts';
import { type Flags, kubectl } from '../../model/commands.ts';

/** What a request to the API server was about, in words. */
export interface AskedOfCluster {
  /** kubectl's verb: get, list, create, patch. */
  verb: string;
  group: string;
  /** With its subresource, e.g. serviceaccounts/token. */
  resource: string;
  namespace?: string;
  name?: string;
  /** Its address, e.g. `ServiceAccount default/my-sa`. */
  subject: string;
  /** `kubectl get` of it, with these flags besides. */
  shownBy(flags: Flags): Command;
}

const kinds: Record<string, string> = {
  serviceaccounts: 'ServiceAccount',
  secrets: 'Secret',
  configmaps: 'ConfigMap',
  namespaces: 'Namespace',
  clusterrolebindings: 'ClusterRoleBinding',
  tokenreviews: 'TokenReview',
  subjectaccessreviews: 'SubjectAccessReview',
  selfsubjectaccessreviews: 'SelfSubjectAccessReview',
  selfsubjectrulesreviews: 'SelfSubjectRulesReview',
};

const objectPath =
  /\/(?:api\/v1|apis\/(?<group>[^/]+)\/[^/]+)(?:\/namespaces\/(?<namespace>[^/]+)(?=\/[^/]+))?\/(?<resource>[^/]+)(?:\/(?<name>[^/]+))?(?:\/(?<sub>[^/]+))?$/;

export function askedBy(request: Pick<HttpRequest, 'method' | 'url' | 'body'>): AskedOfCluster {
  const path = decodeURIComponent(new URL(request.url).pathname);
  const found = objectPath.exec(path)?.groups;
  const resource = found?.['resource'];
  if (!resource)
    return { verb: 'get', group: '', resource: path, subject: path, shownBy: () => kubectl('get', [], { raw: path }) };
  const { group = '', namespace, sub } = found;
  const name = found['name'] ?? nameOfNew(request.method, request.body);
  return {
    verb: verbOf(request.method, found['name']),
    group,
    resource: sub ? `${resource}/${sub}` : resource,
    namespace,
    name,
    subject: subjectOf(kinds[resource] ?? resource, namespace, name),
    shownBy: (flags) => kubectl('get', name ? [resource, name] : [resource], { namespace, ...flags }),
  };
}

/** An object to be made is named by the body alone. */
function nameOfNew(method: string, body: string | undefined): string | undefined {
  if (method !== 'POST' || body === undefined) return undefined;
  const { metadata }: { metadata?: { name?: string } } = JSON.parse(body);
  return metadata?.name;
}

function verbOf(method: string, name: string | undefined): string {
  if (method === 'GET') return name ? 'get' : 'list';
  return method === 'POST' ? 'create' : method.toLowerCase();
}

function subjectOf(kind: string, namespace: string | undefined, name: string | undefined): string {
  if (!name) return namespace ? `${kind}s of namespace ${namespace}` : kind;
  return namespace ? `${kind} ${namespace}/${name}` : `${kind} ${name}`;
}
