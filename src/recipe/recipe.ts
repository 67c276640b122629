import type { Position, Problem } from '../errors.ts';
import type { ServiceAccountName } from '../model/account.ts';
import type { JudgedPolicy } from '../policy/judge.ts';
import type { ApiHost } from '../trust/api-host.ts';
import type { CaBundle } from '../trust/ca-bundle.ts';
import type { AuthType } from './auth-types/auth-type.ts';
import type { Mode } from './reviewers/names.ts';
import type { RecipeSources } from './source/saved-sources.ts';

/** A recipe read, checked, merged from all its files, with every default filled in that needs no server. */
export interface Recipe {
  /** DNS label; names this binding in reports and in the User-Agent. */
  name: string;
  /** The files it was read from, as given to `-f`, in order. */
  files: string[];
  vault: VaultPart;
  cluster: ClusterPart;
  auth: AuthPart;
  policies: Policy[];
  roles: Role[];
  expect: Expectation[];
}

export interface VaultPart {
  /** An assertion: must equal the address from VAULT_ADDR or --vault-addr. Absent: nothing is asserted. */
  address?: string;
  /** An assertion: must equal VAULT_NAMESPACE or --vault-namespace, which alone say it. Absent: nothing is asserted. */
  namespace?: string;
  at: Position;
  /** Of `namespace`. */
  namespaceAt?: Position;
}

export interface ClusterPart {
  /** An assertion: must equal --context, else the current one, which alone say it. Absent: nothing is asserted. */
  context?: string;
  /** The API server as Vault reaches it. Absent: the kubeconfig's server. */
  host?: ApiHost;
  /** Of the file the recipe names. Absent: the kubeconfig's CA, else ConfigMap kube-root-ca.crt. */
  ca?: CaBundle;
  at: Position;
  /** Of `context`. */
  contextAt?: Position;
}

/** `full`: ours. `create`: an existing mount or config is never touched. `none`: another team's mount, only looked at. */
export type Manage = 'full' | 'create' | 'none';

export interface AuthPart {
  /** Of the auth method. */
  type: AuthType;
  /** Mount path without `auth/` and without slashes at either end, e.g. `kube-policy`. */
  path: string;
  /** Default full. */
  manage: Manage;
  /** Mount description. Absent: not decided by the recipe, left as it is. */
  description?: string;
  reviewer: Reviewer;
  config: ConfigFields;
  at: Position;
}

/** Who reviews tokens for the mount, as recipe/reviewers makes it of a recipe: nothing else asks for the mode. */
export interface Reviewer {
  mode: Mode;
  /** Whose token Vault shows with a TokenReview: of an account of its own, or each login's own. `others`: not ours to say. */
  whoReviews: 'account' | 'client' | 'others';
  /** Whether Vault keeps that token. */
  storesToken: boolean;
  /** What it decides of auth/<path>/config. */
  config: { disable_local_ca_jwt?: boolean };
  /** The account of its own; made when it is missing. */
  account?: ServiceAccountName;
  /** The Secret with that account's token; made when it is missing. */
  secret?: ServiceAccountName;
  /** ClusterRoleBinding to system:auth-delegator, and whom it must hold. Absent: this recipe binds nobody. */
  binding?: { name: string; accounts: ServiceAccountName[] };
  at: Position;
}

/** Further fields of auth/<path>/config, in Vault's words. Absent: Vault's default. */
export interface ConfigFields {
  issuer?: string;
  disable_iss_validation?: boolean;
  pem_keys?: string[];
  use_annotations_as_alias_metadata?: boolean;
}

export interface Policy {
  name: string;
  /** The whole policy as the recipe has it, in Vault's policy language. `${accessor}` stands for this mount's accessor. */
  hcl: string;
  /** What is sent of it: under a ceiling the print of what was judged. */
  judged: JudgedPolicy;
  at: Position;
}

/** A role in Vault's words. Absent optional fields mean the server's default, which is written (so removing one clears it). */
export interface Role {
  /** Lower case, as Vault stores it. */
  name: string;
  bound_service_account_names: string[];
  bound_service_account_namespaces: string[];
  bound_service_account_namespace_selector?: string;
  /** The literal pairs (no `*`) among the bindings, in the order written. */
  service_accounts: ServiceAccountName[];
  /** Make the literal accounts that are missing. Default false. */
  create_service_accounts: boolean;
  audience?: string;
  alias_name_source?: string;
  token_policies?: string[];
  /** Seconds. */
  token_ttl?: number;
  /** Seconds. */
  token_max_ttl?: number;
  /** Seconds. */
  token_explicit_max_ttl?: number;
  /** Seconds. */
  token_period?: number;
  token_num_uses?: number;
  token_no_default_policy?: boolean;
  token_bound_cidrs?: string[];
  token_type?: string;
  at: Position;
}

/** One access that a workload's token must or must not have. */
export interface AccessClaim {
  /** A Vault capability: create, read, update, patch, delete, list, scan (OpenBao's), sudo. */
  capability: string;
  /** API path as policies write it, e.g. `secret/data/myapp/config`. */
  path: string;
  at: Position;
}

export interface Expectation {
  /** Name of a role on this mount; need not be a role of this recipe. */
  role: string;
  service_account: ServiceAccountName;
  /** `ok` unless the recipe says refused. */
  login: 'ok' | 'refused';
  can: AccessClaim[];
  cannot: AccessClaim[];
  /** True when vaultbind made it up: one login per literal account, because the recipe has no `expect`. */
  implied: boolean;
  at: Position;
}

/** A valid recipe with what a careful reader would still say about it. */
export interface ReadRecipe {
  recipe: Recipe;
  /** Problems of severity warning; errors are thrown as InputError with every problem at once. */
  warnings: Problem[];
  /** What it was read from. */
  sources: RecipeSources;
}
