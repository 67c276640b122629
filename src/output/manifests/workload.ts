import type { ServiceAccountName } from '../../model/account.ts';

/** A workload that logs in, as its manifests must know it. All of it is the recipe's word and the operator's. */
export interface Workload {
  /** Whose Pods they are. */
  account: ServiceAccountName;
  /** Name of the role in Vault. */
  role: string;
  /** Path of the auth method, without `auth/`. */
  mount: string;
  /** What the Pod's token must be for. Absent: the token that every Pod has will do. */
  audience?: string;
  /** As the operator reaches it, which may be another address than the Pod's. */
  vault: { address: string; namespace: string };
}
