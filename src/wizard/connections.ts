import type { Problem, VaultbindError } from '../errors.ts';
import type { KubernetesProber } from '../kubernetes/api.ts';
import type { LoginMethod } from '../operator/login/method.ts';
import type { TypedLogin } from '../operator/login/place.ts';
import type { Secret } from '../secret.ts';
import type { VaultBrowser, VaultProber } from '../vault/api.ts';

/** Where Vault is and as whom to speak to it. Absent: what the environment and the flags say. */
export interface VaultWhere extends Answered {
  address?: string;
}

/** As whom to speak to Vault: never both. */
export interface Answered {
  token?: Secret;
  login?: TypedLogin;
}

/** A Vault that can be asked. Nothing was contacted yet, but for a login. */
export interface VaultWay {
  address: string;
  /** '' for the root. */
  namespace: string;
  /** Where the token was found; '' when there is none, and then only what everybody may ask is answered. */
  tokenFrom: string;
  /** Why there is no token: none was found, the login lacks something, or was refused. */
  noToken?: VaultbindError;
  /** Which variables were used where others of the same meaning differ. */
  differing?: Problem[];
  reader: VaultProber;
  browser: VaultBrowser;
}

/** The ways to log in. */
export interface Logins {
  /** Named by a flag or the environment. */
  named?: string;
  /** The default first. */
  ways: LoginWay[];
}

export interface LoginWay {
  method: LoginMethod;
  /** Path of the auth method, where a flag or the environment says it. */
  mount?: string;
  /** What is known already of the inputs, by name. */
  given: ReadonlyMap<string, GivenInput>;
}

export interface GivenInput {
  /** A flag, a variable, a file or a service. */
  from: string;
  /** Absent for a secret. */
  text?: string;
}

export interface Context {
  name: string;
  /** URL; '' when the kubeconfig does not say. */
  server: string;
  /** Absent: it names none. */
  namespace?: string;
}

export interface Contexts {
  /** Of the flag --context, else the kubeconfig's own. */
  current?: string;
  all: Context[];
}

/** The ways to both systems, which the command line knows; the wizard never connects by itself. */
export interface Ways {
  /** Logs in when that is asked for. Errors: InputError address-missing and plain mistakes. */
  vault(where: VaultWhere): Promise<VaultWay>;
  logins(): Logins;
  /** Why there is no cluster to speak to, from now on with this kubeconfig if one is given; undefined: there is one. */
  noCluster(kubeconfig?: string): Promise<VaultbindError | undefined>;
  /** Errors: InputError kubernetes-config-invalid. */
  contexts(): Promise<Contexts>;
  /** Errors: InputError kubernetes-context-missing. */
  kubernetes(context: string | undefined): Promise<KubernetesProber>;
}
