import { setTimeout } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { Check, Outcome } from '../contracts/check.ts';
import type { Laboratory } from '../contracts/experiment.ts';
import type { Step } from '../contracts/step.ts';
import type { Target } from '../contracts/target.ts';
import type { VaultbindError } from '../errors.ts';
import type { Observer } from '../model/observer.ts';
import { type Chain, type Finding, finding, findingOf } from '../model/report.ts';

export interface StepCheck {
  step: string;
  check: Check;
}

export interface Verified {
  findings: Finding[];
  chain: Chain[];
  /** Why facts are missing: a system did not answer, or refused the operator. */
  errors: VaultbindError[];
}

/** The checks of these steps, in their order. */
export function checksOf(steps: readonly Step[], target: Target): StepCheck[] {
  return steps.flatMap((step) => step.verify(target).map((check) => ({ step: step.name, check })));
}

export interface VerifyOptions {
  observer: Observer;
  /** Checks at once. */
  parallel: number;
  /** Once aborted no further experiment is begun; what is in flight finishes, tokens are revoked. */
  signal: AbortSignal;
  /** True right after an apply: a failed check is tried again until so long as it says has passed since the run began. */
  settling?: boolean;
}

/** Runs the experiments that the checks need, each once, and judges. */
export async function verify(
  checks: StepCheck[],
  newLaboratory: () => Laboratory,
  { observer, parallel, signal, settling = false }: VerifyOptions,
): Promise<Verified> {
  observer({ type: 'phase', phase: 'verify', total: checks.length });
  const limit = pLimit(parallel);
  const used: Laboratory[] = [];
  const newOne = () => {
    const laboratory = newLaboratory();
    used.push(laboratory);
    return laboratory;
  };
  const shared = newOne();
  const again = settling ? { began: performance.now(), newOne } : undefined;
  const results = await Promise.all(
    checks.map((one) =>
      limit(async () => {
        if (signal.aborted) return notReached(one);
        const result = await runCheck(one, shared, again);
        observer({ type: 'done', phase: 'verify', subject: one.check.subject });
        return result;
      }),
    ),
  );
  const changed = await changedMeanwhile(used);
  return {
    findings: [...results.flatMap((one) => one.findings), ...changed],
    chain: results.flatMap((one) => one.chain ?? []),
    errors: results.flatMap((one) => one.errors ?? []),
  };
}

/** What was true of a mount when tokens were shown to it must still be so after the last one. */
async function changedMeanwhile(used: Laboratory[]): Promise<Finding[]> {
  const problems = (await Promise.all(used.map((one) => one.recheck()))).flat();
  const once = new Map(problems.map((problem) => [`${problem.subject} ${problem.message}`, problem]));
  return [...once.values()].map((problem) => findingOf(problem, 'failed'));
}

interface Result {
  findings: Finding[];
  chain?: Chain;
  errors?: VaultbindError[];
}

/** Milliseconds between two tries of a check whose server may not have caught up. */
const pause = 250;

/** The servers catch up once for the whole run: were each check given its time anew, many failing would hammer them. */
interface Again {
  /** By the clock of `performance`. */
  began: number;
  newOne: () => Laboratory;
}

async function runCheck({ step, check }: StepCheck, first: Laboratory, again?: Again): Promise<Result> {
  const started = performance.now();
  let laboratory = first;
  let outcome = await judge(check, laboratory);
  while (again && outcome.status === 'failed' && performance.now() + pause < again.began + (check.retryFor ?? 0)) {
    await setTimeout(pause);
    laboratory = again.newOne();
    outcome = await judge(check, laboratory);
  }
  const { chain, details = [], evidence = [], asked, ...said } = outcome;
  const fields = details.map(([field, after]) => ({ field, after }));
  const { subject, at = null } = check;
  const findings = [
    finding({ ...said, step, subject, evidence, fields, at, milliseconds: performance.now() - started }),
    ...(asked ? [finding({ ...asked, code: 'asked-only', status: 'asked', step, subject, at })] : []),
  ];
  const facts = check.needs.map((needed) => laboratory.of(needed));
  const errors = facts.flatMap((fact) => (fact.known ? [] : [fact.because]));
  return { findings, errors, chain };
}

async function judge(check: Check, laboratory: Laboratory): Promise<Outcome> {
  for (const asked of check.needs) await laboratory.run(asked);
  return check.judge(laboratory);
}

function notReached({ step, check }: StepCheck): Result {
  const { subject, title } = check;
  return {
    findings: [finding({ step, subject, status: 'skipped', code: 'not-reached', message: `not tried: ${title}` })],
  };
}
