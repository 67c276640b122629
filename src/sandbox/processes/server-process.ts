import type { ProcessIdentity } from './process-identity.ts';

export interface ServerProcess extends ProcessIdentity {
  /** The program: bao, vault, etcd, kube-apiserver, kube-controller-manager. */
  name: string;
  /** File that its stdout and stderr go to. */
  log: string;
}
