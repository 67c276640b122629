import type { Code } from '../codes.ts';
import type { Fact } from '../contracts/experiment.ts';
import type { Fix } from '../errors.ts';
import type { Handshake } from '../kubernetes/handshake.ts';
import type { ServiceAccountName } from '../model/account.ts';
import type { FieldChange } from '../model/report.ts';
import type { LoginAnswer } from '../proof/auth-method.ts';
import type { Bisection } from '../proof/bisect.ts';
import type { Delegator, FoundAccount, FoundTokenSecret } from '../proof/cluster.ts';
import type { HeldToken } from '../proof/given-token.ts';
import type { ObservedLogin } from '../proof/observed-login.ts';
import type { SecretFact } from '../proof/stored-secret.ts';
import type { ApiHost } from '../trust/api-host.ts';
import type { CaBundle } from '../trust/ca-bundle.ts';
import type { VaultData, VaultHealth, VaultOperator } from '../vault/api.ts';
import type { AuthMount } from '../vault/objects/mount.ts';
import type { Patient } from './patient.ts';

/**
 * All facts about one patient. Undefined: not asked, because what it stands on is not there. A fact that is not known
 * carries the reason: a cause is never made of what could not be looked at.
 */
export interface Examination {
  patient: Patient;
  /** Shown in fixes: `-f recipe.yaml`, or the flags that were given. */
  address: string;
  kubeconfig: { server: ApiHost | ''; ca?: CaBundle };
  /** How long the looking took. */
  milliseconds?: number;
  health: Fact<VaultHealth>;
  /** Version of the API server; unknown: nothing at all can be asked of the cluster. */
  kubernetes: Fact<string>;
  /** What scratch mounts showed; only with --probe, or when the question was answered with yes. */
  probe?: Fact<Bisection>;
  /** Kind of Vault's storage. */
  storage?: Fact<string>;
  /** Who may create tokenreviews. */
  delegators?: Fact<Delegator[]>;
  /** The token somebody has, by itself. */
  held?: Fact<HeldToken>;
  operator?: Fact<VaultOperator>;
  mount?: Fact<AuthMount | undefined>;
  mounts?: Fact<Record<string, string>>;
  impossibleLogin?: Fact<LoginAnswer>;
  config?: Fact<VaultData | undefined>;
  role?: Fact<VaultData | undefined>;
  roles?: Fact<string[]>;
  /** The role of that name at other kubernetes auth methods, by mount; only where this one has none. */
  elsewhere?: Map<string, VaultData>;
  /** Only for a token without a role: the roles that bind its account, with their audiences ('' any). */
  bindingRoles?: BindingRole[];
  account?: Fact<FoundAccount>;
  /** The account that was tried: the patient's, or the first that the role binds. */
  tried?: ServiceAccountName;
  login?: Fact<ObservedLogin>;
  /** Of the host and CA in the stored config. */
  handshake?: Fact<Handshake>;
  /** Of the kubeconfig's server with the kubeconfig's CA, to tell a wrong host from a dead cluster. */
  ownHandshake?: Fact<Handshake>;
  /** Whom --reviewer names. */
  reviewerAccount?: Fact<FoundAccount>;
  reviewerSecret?: Fact<FoundTokenSecret | undefined>;
  /** May whoever reviews create tokenreviews? */
  mayReview?: Fact<{ allowed: boolean; reason: string }>;
  /** Text by name of the role's policies. */
  policies: Map<string, Fact<string | undefined>>;
  /** Of the login's token and not of the role: `default`, and what its entity and groups have. Undefined: no login. */
  otherPolicies?: Map<string, Fact<string | undefined>>;
  /** By API path of `can`. */
  secrets: Map<string, Fact<SecretFact>>;
  /** Objects that are not as the recipe has them; only with one. Undefined: not compared. */
  drift?: Drift[];
}

/** A role that binds an account; audience '' for any. */
export interface BindingRole {
  role: string;
  audience: string;
}

/** An object that is not as the recipe has it, by the comparison of plan. */
export type Drift = {
  /** As plans show it. */
  address: string;
  /** The step that writes it. */
  step: string;
} & (
  | { action: 'create' | 'update'; fields: FieldChange[] }
  /** The step would not write it. */
  | { action: 'blocked'; code: Code; reason: string; fix: Fix[] }
);

/** The value where it is known; undefined where it is not, was not asked, or is not there. */
export function known<T>(fact: Fact<T> | undefined): T | undefined {
  return fact?.known ? fact.value : undefined;
}

/** Known, and the object is not there. */
export function absent<T>(fact: Fact<T | undefined> | undefined): boolean {
  return fact?.known === true && fact.value === undefined;
}
