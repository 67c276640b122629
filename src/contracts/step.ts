import type { Code } from '../codes.ts';
import type { Command } from '../command.ts';
import type { Fix, Position, Problem } from '../errors.ts';
import type { FieldChange } from '../model/report.ts';
import type { Access } from '../model/rights.ts';
import type { Check } from './check.ts';
import type { Reading, Session } from './clients.ts';
import type { Target } from './target.ts';

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
  /** The only writer. Must be safe to repeat. `theirs`: somebody else made it since it was looked at, and it was left so. */
  apply(session: Session, resource: R, target: Target): Promise<'theirs' | undefined>;
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
