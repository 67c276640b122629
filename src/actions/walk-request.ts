import type { StepCheck } from '../engine/verify.ts';
import type { InputError, VaultbindError } from '../errors.ts';
import type { ConnectRequest } from './requests.ts';
import type { HeldPlan } from './saved-plan/hold-plan.ts';

/** What apply and step share: plan, confirm, walk, read back, prove. */
export interface WalkOptions extends ConnectRequest {
  yes?: boolean;
}

export interface WalkRequest {
  /** Name in the report. */
  command: string;
  /** Names of the steps to walk. */
  chosen: ReadonlySet<string>;
  /** Addresses to write although they look equal. */
  rewrite: ReadonlySet<string>;
  /** A saved plan: what is planned now must be the same. */
  held?: HeldPlan;
  /** Why the saved plan that was named cannot be held to. */
  unheld?: VaultbindError;
  /** What is wrong with the other arguments, told with all else that is. */
  wrong?: InputError | undefined;
  /** The saved plan that stands for the recipe on the command line; absent: the -f that were given. */
  typed?: string;
  /** The checks to run afterwards, given the addresses that changed. */
  checks(all: StepCheck[], changed: ReadonlySet<string>): StepCheck[];
}
