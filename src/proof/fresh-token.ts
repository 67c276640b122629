import type { KubernetesProber, RequestedToken } from '../kubernetes/api.ts';
import type { ServiceAccountName } from '../model/account.ts';
import { nothingIf } from '../model/error-values.ts';
import type { Access } from '../model/rights.ts';

/** Ten minutes is the shortest that TokenRequest grants. */
const seconds = 600;

/** A token as the kubelet would give it to a Pod; undefined when there is no such account. Errors: SystemError. */
export async function freshToken(
  kubernetes: KubernetesProber,
  account: ServiceAccountName,
  options: { audiences?: string[] } = {},
): Promise<RequestedToken | undefined> {
  return await kubernetes.requestToken(account, { seconds, ...options }).catch(nothingIf('service-account-missing'));
}

export function freshTokenAccess({ namespace, name }: ServiceAccountName): Access {
  const resource = { group: '', resource: 'serviceaccounts/token', namespace, name };
  return { system: 'kubernetes', verb: 'create', ...resource, phase: 'verify' };
}
