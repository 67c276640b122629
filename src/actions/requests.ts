import type { ServiceAccountName } from '../model/account.ts';
import type { OperatorLogins } from '../operator/login/logins.ts';
import type { TypedLogin } from '../operator/login/place.ts';
import type { PlannedFor } from '../saved-plan/planned-for.ts';
import type { Secret } from '../secret.ts';

/** What every command that reads a recipe takes. */
export interface RecipeRequest extends ReportRequest {
  /** Names that `${env:NAME}` may expand. */
  env: string[];
  /** File that says what recipes may be at most. */
  ceiling?: string;
  output: OutputFormat;
  quiet?: boolean;
  /** Show all of a kind; absent: the first ten. */
  full?: boolean;
  /** 1: show all that is in place. 2: each request, without bodies. */
  verbose: number;
}

export type OutputFormat = 'human' | 'json' | 'yaml';

/** What every command that speaks to both systems takes. */
export interface ConnectRequest extends RecipeRequest, ChildRequest, MintRequest {
  context?: string;
  kubeconfig?: string;
  vaultAddr?: string;
  vaultNamespace?: string;
  /** Of the flags about the login, what was typed, by flag: `--vault-login-role`. Absent: none. */
  loginFlags?: Readonly<Record<string, string>>;
  /** Typed by a person at a hidden question; no flag says it. */
  vaultToken?: Secret;
  /** What a person answered to questions about the login; in place of the flags about it. */
  typedLogin?: TypedLogin;
  /** Shared by all that this run opens; whoever opens first makes and ends it. */
  logins?: OperatorLogins;
  /** What a saved plan was made for; set by it, and compared with what the operator gives. */
  plannedFor?: PlannedFor;
  /** Milliseconds. */
  timeout?: number;
  parallel: number;
}

export interface SelectRequest extends ConnectRequest {
  only: string[];
  skip: string[];
}

export interface ChildRequest {
  /** Work with a child of the token, limited to what the recipe needs. */
  childToken?: boolean;
  /** Names of policies that the child has instead of one made for it. */
  childPolicy?: string[];
  /** doctor --probe: the child makes scratch mounts too. */
  probe?: boolean;
}

/** What only the operator may say about where tokens go; no recipe and no ceiling can. */
export interface MintRequest {
  /** The operator's own word that this address is the cluster. */
  clusterHost?: string;
  /** Mount paths without `auth/`. */
  trustMount?: string[];
  mintFor?: ServiceAccountName[];
}

/** What a command line says that matters to reports. */
export interface ReportRequest {
  /** `kind=path`, as typed. */
  report: string[];
  /** Recipes, as typed. */
  file: string[];
  output: string;
}
