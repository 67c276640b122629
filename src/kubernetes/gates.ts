import type { Allow } from '../http/gate.ts';

/** What each capability may send, whatever the code above it asks for. The server's own path may stand before. */

const token = /\/api\/v1\/namespaces\/[^/]+\/serviceaccounts\/[^/]+\/token$/;
const reviews =
  /\/apis\/(?:authentication\.k8s\.io\/v1\/(?:tokenreviews|selfsubjectreviews)|authorization\.k8s\.io\/v1\/(?:(?:selfs|s)ubjectaccessreviews|selfsubjectrulesreviews))$/;
const applied =
  /\/(?:api\/v1\/namespaces\/[^/]+\/(?:serviceaccounts|secrets)\/[^/]+|apis\/rbac\.authorization\.k8s\.io\/v1\/clusterrolebindings\/[^/]+)$/;

export const mayRead: Allow = (method) => method === 'GET';

export const mayProbe: Allow = (method, path) =>
  mayRead(method, path) || (method === 'POST' && (token.test(path) || reviews.test(path)));

export const mayApply: Allow = (method, path) => mayProbe(method, path) || (method === 'PATCH' && applied.test(path));
