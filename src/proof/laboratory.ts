import type { Probing } from '../contracts/clients.ts';
import type { Fact, Laboratory, Question, Trying } from '../contracts/experiment.ts';
import type { OperatorsWord, OwnMount } from '../contracts/mount-gate.ts';
import { SystemError, VaultbindError } from '../errors.ts';
import { mountGate } from './vouched-mount.ts';

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
