import type { KubernetesProber } from '../kubernetes/api.ts';
import type { Secret } from '../secret.ts';
import type { VaultBrowser, VaultProber } from '../vault/api.ts';

/** Where Vault is and as whom to speak to it. Absent: what the environment and the flags say. */
export interface VaultWhere {
  address?: string;
  token?: Secret;
}

/** A Vault that can be asked. Nothing was contacted yet. */
export interface VaultWay {
  address: string;
  /** '' for the root. */
  namespace: string;
  /** Where the token was found; '' when there is none, and then only what everybody may ask is answered. */
  tokenFrom: string;
  reader: VaultProber;
  browser: VaultBrowser;
}

export interface Context {
  name: string;
  /** URL; '' when the kubeconfig does not say. */
  server: string;
}

export interface Contexts {
  /** Of the flag --context, else the kubeconfig's own. */
  current?: string;
  all: Context[];
}

/** The ways to both systems, which the command line knows; the wizard never connects by itself. */
export interface Ways {
  /** Errors: InputError address-missing and plain mistakes. */
  vault(where: VaultWhere): Promise<VaultWay>;
  /** Errors: InputError kubernetes-config-invalid. */
  contexts(): Promise<Contexts>;
  /** Errors: InputError kubernetes-context-missing. */
  kubernetes(context: string | undefined): Promise<KubernetesProber>;
}
