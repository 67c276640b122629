import { scrub } from '../secret.ts';
import type { ServerProduct } from './server-product.ts';
import { eachText, oneLine } from './unseen.ts';

/** The Vault that a run speaks to, and as whom. No secrets. */
export interface VaultServer {
  address: string;
  /** Vault namespace, '' for the root. */
  namespace: string;
  /** Null: it did not say. */
  product: ServerProduct | null;
  version: string | null;
  /** Who the token belongs to, in words; also that it may not look itself up, or that there is none. */
  as: string;
  /** Policies of the token, its identity's too; empty when it may not look itself up. */
  policies: string[];
}

/** The cluster that a run speaks to, and as whom. */
export interface ClusterServer {
  /** Of the kubeconfig; '' in a pod. */
  context: string;
  server: string;
  /** The kubeconfig's name of the user, or whom it impersonates. */
  user: string;
  /** Null: it did not say. */
  version: string | null;
}

/** Null: there is no way to it, or none was needed. */
export interface Servers {
  vault: VaultServer | null;
  cluster: ClusterServer | null;
}

/** Names in them are a server's, a kubeconfig's or an environment's: each without secrets, on one line, to be seen. */
export function shownServers(servers: Servers): Servers {
  return eachText(servers, (text) => oneLine(scrub(text)));
}
