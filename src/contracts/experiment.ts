import type { Problem, VaultbindError } from '../errors.ts';
import type { Access } from '../model/rights.ts';
import type { Probing } from './clients.ts';
import type { MountGate } from './mount-gate.ts';

/** How dear an experiment is; cheap and harmless ones are tried first. */
export type Cost = 'read' | 'review' | 'login';

/** What an experiment tries with: no token is shown to a mount but through the gate. */
export interface Trying extends Probing {
  gate: MountGate;
}

/**
 * One thing that can be tried, and the fact that comes of it. Verify and doctor share them: there is one
 * implementation of a login, a TokenReview, a handshake.
 */
export interface Experiment<S = unknown, F = unknown> {
  id: string;
  /** In words fit for evidence: what is tried. */
  title(subject: S): string;
  cost: Cost;
  /** What the operator must be allowed to do. */
  access(subject: S): Access[];
  /** Requests it makes at most, one after the other; default 2. Its deadline gives each of them its time. */
  requests?(subject: S): number;
  /** Leaves nothing behind: tokens it makes are revoked before it returns, or told by the ledger. */
  run(trying: Trying, subject: S): Promise<F>;
}

/** An experiment about one subject. The pair is memoised: asked twice, it runs once. */
export interface Question<S = unknown, F = unknown> {
  experiment: Experiment<S, F>;
  subject: S;
}

export function question<S, F>(experiment: Experiment<S, F>, subject: S): Question<S, F> {
  return { experiment, subject };
}

/** A fact, or why there is none. */
export type Fact<F> = { known: true; value: F } | { known: false; because: VaultbindError };

/** Facts by question. Asking for one that was not needed is a bug. */
export interface Facts {
  of<S, F>(question: Question<S, F>): Fact<F>;
}

/** Runs experiments once each, with a deadline, and keeps their facts. */
export interface Laboratory extends Facts {
  run(question: Question): Promise<void>;
  /** After the last experiment: mounts whose config was changed since tokens were shown to them. */
  recheck(): Promise<Problem[]>;
}
