import type { KubernetesProber, KubernetesReader, KubernetesSession } from '../kubernetes/api.ts';
import type { VaultProber, VaultReader, VaultSession } from '../vault/api.ts';

/** Clients that may only look; `plan` has no others. */
export interface Reading {
  vault: VaultReader;
  kubernetes: KubernetesReader;
}

/** Clients that may also try things that leave nothing behind; verify and doctor. */
export interface Probing {
  vault: VaultProber;
  kubernetes: KubernetesProber;
}

/** Clients that may write; only `apply` has them. */
export interface Session {
  vault: VaultSession;
  kubernetes: KubernetesSession;
}
