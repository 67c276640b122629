import type { Allow } from '../http/gate.ts';
import type { HttpRequest } from '../http/transport.ts';
import { isResourceVersion } from './version.ts';

/** What each capability may send, whatever the code above it asks for. The server's own path may stand before. */

const token = /\/api\/v1\/namespaces\/[^/]+\/serviceaccounts\/[^/]+\/token$/;
const reviews =
  /\/apis\/(?:authentication\.k8s\.io\/v1\/(?:tokenreviews|selfsubjectreviews)|authorization\.k8s\.io\/v1\/(?:(?:selfs|s)ubjectaccessreviews|selfsubjectrulesreviews))$/;
const created =
  /\/(?:api\/v1\/namespaces\/[^/]+\/(?:serviceaccounts|secrets)|apis\/rbac\.authorization\.k8s\.io\/v1\/clusterrolebindings)$/;
const updated =
  /\/(?:api\/v1\/namespaces\/[^/]+\/secrets\/[^/]+|apis\/rbac\.authorization\.k8s\.io\/v1\/clusterrolebindings\/[^/]+)$/;

export const mayRead: Allow = (method) => method === 'GET';

export const mayProbe: Allow = (method, path) =>
  mayRead(method, path) || (method === 'POST' && (token.test(path) || reviews.test(path)));

/**
 * A POST makes and never overwrites. A PATCH must say which version of the object it was made of, so that the server
 * refuses it when somebody wrote since; server-side apply removes what it does not send again, and can force.
 */
export const mayApply: Allow = (method, path, _list, request) =>
  mayProbe(method, path) ||
  (method === 'POST' && created.test(path)) ||
  (method === 'PATCH' && updated.test(path) && isMergePatch(request) && namesVersion(request?.body));

function isMergePatch(request: HttpRequest | undefined): boolean {
  const types = Object.entries(request?.headers ?? {}).filter(([name]) => name.toLowerCase() === 'content-type');
  return types.length === 1 && types[0]?.[1] === 'application/merge-patch+json';
}

function namesVersion(body: string | undefined): boolean {
  try {
    const { metadata }: { metadata?: { resourceVersion?: unknown } } = JSON.parse(body ?? '');
    return isResourceVersion(metadata?.resourceVersion);
  } catch {
    return false;
  }
}
