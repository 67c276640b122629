export type VaultProduct = 'openbao' | 'hashicorp';

export interface SandboxVaultOptions {
  product: VaultProduct;
  /** Configuration, log, certificates and data; made when missing. */
  folder: string;
  /** Serve https with a certificate of an own authority. Default false. */
  tls?: boolean;
  /** `ready`: initialised, unsealed, KV version 2 at secret/, as with `-dev`. Default ready. */
  state?: 'ready' | 'uninitialized';
  /** `disk` keeps its data over a restart; so does `raft`, which several nodes can share. Default memory. */
  storage?: 'memory' | 'disk' | 'raft';
  /** Its name in the cluster, and of its process and log beside the program's name. Default: the only one. */
  node?: string;
}
