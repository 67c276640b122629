import type { Access, Probing } from '../engine/step.ts';
import { type Problem, SystemError, VaultbindError } from '../errors.ts';
import { type MountGate, mountGate, type OperatorsWord, type OwnMount } from './vouched-mount.ts';

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

export interface LaboratoryOptions {
  /**
   * Milliseconds that one request may take. An experiment may take as long as all of its requests; then its fact is
   * unknown. That ends waiting alone: what it made is ended by the ledger.
   */
  deadline: number;
  /** Absent: the operator says nothing about mounts. */
  word?: OperatorsWord;
  /** Absent: there is no recipe. */
  own?: OwnMount;
}

export function laboratory(probing: Probing, { deadline, word, own }: LaboratoryOptions): Laboratory {
  const trying = { ...probing, gate: mountGate(probing, word, own) };
  const started = new Map<string, Promise<void>>();
  const facts = new Map<string, Fact<unknown>>();
  return {
    run(asked) {
      const key = keyOf(asked);
      const running =
        started.get(key) ??
        settle(trying, asked, deadline * requestsOf(asked)).then((fact) => void facts.set(key, fact));
      started.set(key, running);
      return running;
    },
    of<S, F>(asked: Question<S, F>): Fact<F> {
      const fact = facts.get(keyOf(asked));
      if (!fact) throw new Error(`experiment ${asked.experiment.id} was not declared in needs`);
      return fact as Fact<F>;
    },
    recheck: () => trying.gate.recheck(),
  };
}

async function settle(trying: Trying, { experiment, subject }: Question, deadline: number): Promise<Fact<unknown>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooLate(experiment.title(subject), deadline)), deadline);
  });
  try {
    return { known: true, value: await Promise.race([experiment.run(trying, subject), late]) };
  } catch (error) {
    if (error instanceof VaultbindError) return { known: false, because: error };
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function requestsOf({ experiment, subject }: Question): number {
  return experiment.requests?.(subject) ?? 2;
}

function tooLate(title: string, deadline: number): SystemError {
  return new SystemError({
    code: 'timeout',
    subject: title,
    message: `no answer within ${deadline / 1000} s: ${title}`,
    fix: [{ why: 'give it longer with --timeout, or see what drops its packets' }],
  });
}

function keyOf({ experiment, subject }: { experiment: { id: string }; subject: unknown }): string {
  return `${experiment.id} ${JSON.stringify(subject)}`;
}
