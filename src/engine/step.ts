import type { Code } from '../codes.ts';
import type { Fix, Position, Problem } from '../errors.ts';
import type { KubernetesProber, KubernetesReader, KubernetesSession } from '../kubernetes/api.ts';
import type { Command } from '../model/commands.ts';
import type { ServerProduct } from '../model/server-product.ts';
import type { Check } from '../proof/check.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { ApiHost } from '../trust/api-host.ts';
import type { CaBundle } from '../trust/ca-bundle.ts';
import type { VaultProber, VaultReader, VaultSession } from '../vault/api.ts';
import type { FieldChange } from './report.ts';

/** What both systems are and what the recipe wants of them. Facts only: no clients, no secrets. */
export interface Target {
  recipe: Recipe;
  vault: {
    address: string;
    /** Vault namespace, '' for the root. */
    namespace: string;
    product: ServerProduct;
    version: string;
  };
  cluster: {
    /** The kubeconfig's own server; '' when there is none. Credentials go here and nowhere else. */
    server: ApiHost | '';
    /** The API server as Vault reaches it: goes into the auth config. */
    host: ApiHost | '';
    /** Absent when none was found: Vault then uses the system's roots. */
    ca?: CaBundle;
    /** Where host and CA came from, for the report. */
    source: { host: 'recipe' | 'kubeconfig'; ca: 'recipe' | 'kubeconfig' | 'kube-root-ca.crt' | 'none' };
    version: string;
    /** The host is the kubeconfig's server, or Vault will insist on the cluster's own CA there, or the operator vouches for it. */
    vouched: boolean;
  };
}

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

/** Fields in the server's own words. Never holds a secret. */
export type State = Record<string, unknown>;

/** One object that a recipe wants. */
export interface Resource {
  system: 'vault' | 'kubernetes';
  /** Vault: the API path. Kubernetes: `Kind namespace/name` or `Kind name`. Unique in a run. */
  address: string;
  /** The fields that the recipe decides. */
  desired: State;
  /** Address of the object that holds this one: while that is missing, this one cannot exist. */
  inside?: string;
  /** Further addresses that must be in place first; like `inside` they belong to this or an earlier step. */
  needs?: string[];
  /** Place in the recipe. */
  at?: Position;
}

export type Change =
  | { action: 'none'; warnings?: Problem[]; because?: { code: Code; message: string } }
  | { action: 'create' | 'update'; fields: FieldChange[]; note?: string }
  | { action: 'blocked'; code: Code; reason: string; fix: Fix[] };

/** What the operator must be allowed to do. */
export type Access = (VaultRight | KubernetesRight) & {
  phase: Phase;
  /** What is lost without it. Absent: nothing works without it. */
  optional?: string;
  /** Only where the object is missing, or only where it is there and differs. Absent: both. */
  when?: 'create' | 'update';
  /** Address of the object whose writing takes it; only in phase apply. */
  of?: string;
};

/** A rule of an ACL policy. */
export interface VaultRight {
  system: 'vault';
  /** API path, literal. */
  path: string;
  capabilities: string[];
}

/** A rule of RBAC. */
export interface KubernetesRight {
  system: 'kubernetes';
  verb: string;
  /** API group, '' for core. */
  group: string;
  /** With its subresource, e.g. serviceaccounts/token. */
  resource: string;
  /** Absent: cluster scope. */
  namespace?: string;
  /** Absent: any name. */
  name?: string;
  /** Rights that do as well, all of them together. */
  instead?: KubernetesRight[];
}

export type Phase = 'plan' | 'apply' | 'verify';

/**
 * One line of the article, made idempotent. A step is an object literal in steps/; the list in steps/index.ts feeds the
 * subcommands, the help, the walk and the reports.
 */
export interface Step<R extends Resource = Resource> {
  /** Subcommand and name in reports. */
  name: string;
  /** A few words for lists. */
  title: string;
  /** The article's line, and what idempotent means here; for help. */
  summary: string;
  /** False: it looks or proves and never writes, so it is never pending. */
  writes: boolean;
  /** The same as `vault` and `kubectl` commands, secrets as `$SA_TOKEN`; for --show-commands. */
  commands(target: Target): Command[];
  access(target: Target): Access[];
  /** Pure. */
  resources(target: Target): R[];
  /** Undefined: the object does not exist. Errors: SystemError. */
  observe(reading: Reading, resource: R, target: Target): Promise<State | undefined>;
  /** Pure. */
  diff(resource: R, observed: State | undefined, target: Target): Change;
  /** Values of this object that nobody can tell before what holds it is there, by name; shown as unknown in a plan. */
  unknowns?(resource: R): string[];
  /** The only writer. Must be safe to repeat. */
  apply(session: Session, resource: R, target: Target): Promise<void>;
  /** Objects beside ours that a reader should know of; shown as "left alone". */
  others?(reading: Reading, target: Target): Promise<Problem[]>;
  /** What proves that this step's work holds. */
  verify(target: Target): Check[];
}

/** A step with the parts it does not have filled in: no resources, nothing to write, nothing to prove. */
export function defineStep<R extends Resource>(
  step: Pick<Step<R>, 'name' | 'title' | 'summary' | 'commands' | 'access'> & Partial<Step<R>>,
): Step {
  const defaults: Omit<Step<R>, 'name' | 'title' | 'summary' | 'commands' | 'access'> = {
    writes: true,
    resources: () => [],
    observe: async () => undefined,
    diff: () => ({ action: 'none' }),
    apply: async () => undefined,
    verify: () => [],
  };
  return { ...defaults, ...step };
}
