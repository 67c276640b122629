import { rootCertificates } from 'node:tls';
import type { ApiHost } from './api-host.ts';
import { CaBundle } from './ca-bundle.ts';

/** The cluster that the operator works on, as the kubeconfig has it. */
export interface OwnCluster {
  /** The kubeconfig's server; '' when there is none. */
  server: ApiHost | '';
  /** Absent: nobody knows it. */
  ca?: CaBundle;
}

/** What Vault is told of an API server: where it sends tokens, and whom it lets answer there. */
export interface ToldCluster {
  host: ApiHost | '';
  /** Absent: the system's roots. `unread`: something that cannot be read with certainty. */
  ca?: CaBundle | 'unread';
}

/** By what it is known that a host is this cluster. */
export type Voucher = 'server' | 'ca' | 'operator';

/**
 * By what it is known that tokens sent there arrive at this cluster; undefined: nothing shows it. An address alone is
 * never enough: 10.96.0.1, 127.0.0.1 or a name of a split DNS is another machine where Vault stands. So either it is the
 * kubeconfig's server and Vault lets nobody answer there whom we would not, or Vault insists on the cluster's own CA, or
 * the operator vouches for the address. A path below an API server may be a proxy to anybody's Pod, so it counts only
 * where the kubeconfig has it too.
 *
 * Not seen from here: a kubeconfig whose CA is a company's root, which signs for other machines as well. It then counts as
 * the cluster's own.
 *
 * @param word --cluster-host
 */
export function vouchedBy({ host, ca }: ToldCluster, own: OwnCluster, word?: ApiHost): Voucher | undefined {
  if (host === '') return undefined;
  if (host === word) return 'operator';
  if (host === own.server) return mayAnswer(host, ca, own.ca) ? 'server' : undefined;
  const isReached = host.startsWith('https:') && ['/', pathOf(own.server)].includes(pathOf(host));
  return isReached && own.ca && ca instanceof CaBundle && ca.isAmong(own.ca) && !hasPublicRoot(ca) ? 'ca' : undefined;
}

/** Vault lets only those answer at the kubeconfig's server that we let answer there ourselves. */
function mayAnswer(host: ApiHost, ca: ToldCluster['ca'], own: CaBundle | undefined): boolean {
  if (!host.startsWith('https:')) return true;
  if (ca === undefined || own === undefined) return ca === own;
  return ca !== 'unread' && ca.isAmong(own);
}

/** It signs for everybody, so it says nothing of who answers at another address. */
function hasPublicRoot({ certificates }: CaBundle): boolean {
  const roots = new Set(rootCertificates.map((pem) => pem.replace(/-----[^-]+-----|\s/g, '')));
  return certificates.some(({ raw }) => roots.has(raw.toString('base64')));
}

function pathOf(host: ApiHost | ''): string {
  return host === '' ? '/' : new URL(host).pathname;
}
