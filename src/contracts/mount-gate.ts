import type { Problem } from '../errors.ts';
import type { ServiceAccountName } from '../model/account.ts';
import type { Voucher } from '../trust/own-cluster.ts';
import type { VaultData } from '../vault/api.ts';
import type { VouchedMount } from '../vault/vouched-mount.ts';

/** What the operator says on the command line, and no recipe can. */
export interface OperatorsWord {
  /** --cluster-host: this address is the cluster. */
  clusterHost?: string;
  /** --trust-mount: tokens may be shown to these mounts, wherever they pass them on to. */
  mounts: readonly string[];
  /** --mint-for: tokens of these accounts may be made that the API server itself accepts. */
  accounts: readonly ServiceAccountName[];
}

/** The recipe's mount, and what shows that it is ours. */
export interface OwnMount {
  /** Mount path without `auth/`. */
  path: string;
  /** Of the recipe, for the command that is told. */
  files: string[];
  /** By what no recipe can say. Errors: those of the systems. */
  isOurs(): Promise<boolean>;
}

export interface Vouched {
  mount: VouchedMount;
  /** `mount`: by the operator's word alone, wherever its tokens go. */
  by: Voucher | 'mount';
}

/**
 * The one way to a VouchedMount. Vault shows the token of each login to the kubernetes_host of the mount, so before a
 * token is made for a mount its config is read, and the host in it must be this cluster.
 */
export interface MountGate {
  readonly word: OperatorsWord;
  /** Absent: there is no recipe. */
  readonly own?: OwnMount;
  /**
   * Something that no recipe can give shows that this mount is ours, and it leads to the cluster by more than the
   * operator's word for the mount. False where it may not be looked at.
   */
  isOurs(vouched: Vouched): Promise<boolean>;
  /**
   * Reads the config anew, once a mount. Errors: FailedError mount-not-vouched; SystemError mount-not-vouched where the
   * config may not be read; those of a Vault that does not answer.
   */
  vouch(mount: string): Promise<Vouched>;
  /** For a config that this process itself has written to a mount of its own. Errors: FailedError mount-not-vouched. */
  vouchWritten(mount: string, config: VaultData): Promise<Vouched>;
  /**
   * Reads the configs again, after the last login. Only a change that lasted is seen: who led the mount elsewhere for a
   * moment and back is not, so a token that is good for the API server itself goes to no mount of others to begin with.
   */
  recheck(): Promise<Problem[]>;
}
