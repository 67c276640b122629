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

/** A fact, or why there is none; or it was not asked, because what it stands on is not there. */
export type IfAsked<T> = Fact<T> | Unasked;

interface Unasked {
  readonly known: false;
  readonly because?: undefined;
}

export const unasked: Unasked = { known: false };

/** All facts about one patient, each group by one look. A cause is never made of what could not be looked at. */
export interface Examination {
  readonly patient: Patient;
  /** Shown in fixes: `-f recipe.yaml`, or the flags that were given. */
  readonly address: string;
  readonly kubeconfig: KubeconfigFacts;
  /** How long the looking took. */
  readonly milliseconds: number;
  readonly vault: VaultFacts;
  readonly cluster: ClusterFacts;
  /** The token somebody has, by itself. */
  readonly held: IfAsked<HeldToken>;
  readonly mount: MountFacts;
  readonly host: HostFacts;
  readonly role: RoleFacts;
  readonly account: AccountFacts;
  /** By API path of `can`. */
  readonly secrets: ReadonlyMap<string, Fact<SecretFact>>;
  readonly reviewer: ReviewerFacts;
  readonly login: IfAsked<ObservedLogin>;
  /** Of the login's token and not of the role: `default`, and what its entity and groups have. */
  readonly otherPolicies: IfAsked<ReadonlyMap<string, Fact<string | undefined>>>;
  /** What scratch mounts showed; only with --probe, or when the question was answered with yes. */
  readonly probe: IfAsked<Bisection>;
  /** Objects that are not as the recipe has them; only with one. */
  readonly drift: IfAsked<readonly Drift[]>;
}

/** What the operator's kubeconfig says. */
export interface KubeconfigFacts {
  readonly server: ApiHost | '';
  readonly ca?: CaBundle;
}

export interface VaultFacts {
  readonly health: Fact<VaultHealth>;
  readonly operator: IfAsked<VaultOperator>;
  /** Kind of its storage. */
  readonly storage: IfAsked<string>;
}

export interface ClusterFacts {
  /** Version of the API server; unknown: nothing at all can be asked of the cluster. */
  readonly version: Fact<string>;
  /** Who may create tokenreviews. */
  readonly delegators: IfAsked<Delegator[]>;
}

export interface MountFacts {
  readonly found: IfAsked<AuthMount | undefined>;
  /** Types of all auth methods by path. */
  readonly all: IfAsked<Record<string, string>>;
  readonly impossibleLogin: IfAsked<LoginAnswer>;
  readonly config: IfAsked<VaultData | undefined>;
}

/** Handshakes. */
export interface HostFacts {
  /** Of the host and CA in the stored config. */
  readonly configured: IfAsked<Handshake>;
  /** Of the kubeconfig's server with the kubeconfig's CA, to tell a wrong host from a dead cluster. */
  readonly own: IfAsked<Handshake>;
}

export interface RoleFacts {
  readonly stored: IfAsked<VaultData | undefined>;
  readonly names: IfAsked<string[]>;
  /** The role of that name at other kubernetes auth methods, by mount; looked for only where this one has none. */
  readonly elsewhere: ReadonlyMap<string, VaultData>;
  /** Only for a token without a role: the roles that bind its account. */
  readonly binding: readonly BindingRole[];
  /** Text by name of its policies. */
  readonly policies: ReadonlyMap<string, Fact<string | undefined>>;
}

export interface AccountFacts {
  /** The account that is tried: the patient's, or the first that the role binds; absent: nobody knows one. */
  readonly tried?: ServiceAccountName;
  readonly found: IfAsked<FoundAccount>;
}

/** Whoever reviews. */
export interface ReviewerFacts {
  readonly secret: IfAsked<FoundTokenSecret | undefined>;
  /** Whom --reviewer names. */
  readonly account: IfAsked<FoundAccount>;
  /** May it create tokenreviews? */
  readonly mayReview: IfAsked<{ allowed: boolean; reason: string }>;
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

/** Known, or known why not. */
export function isAsked(fact: IfAsked<unknown>): boolean {
  return fact.known || fact.because !== undefined;
}

/** The value where it is known; undefined where it is not, was not asked, or is not there. */
export function known<T>(fact: IfAsked<T> | undefined): T | undefined {
  return fact?.known ? fact.value : undefined;
}

/** Known, and the object is not there. */
export function absent<T>(fact: IfAsked<T | undefined>): boolean {
  return fact.known && fact.value === undefined;
}
