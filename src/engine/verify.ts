import pLimit from 'p-limit';
import type { Check } from '../proof/check.ts';
import type { Laboratory } from '../proof/experiment.ts';
import type { Observer } from './observer.ts';
import { type Chain, type Finding, finding } from './report.ts';
import type { Step, Target } from './step.ts';

export interface StepCheck {
  step: string;
  check: Check;
}

export interface Verified {
  findings: Finding[];
  chain: Chain[];
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
}

/** Runs the experiments that the checks need, each once, and judges. */
export async function verify(
  checks: StepCheck[],
  laboratory: Laboratory,
  { observer, parallel, signal }: VerifyOptions,
): Promise<Verified> {
  observer({ type: 'phase', phase: 'verify', total: checks.length });
  const limit = pLimit(parallel);
  const results = await Promise.all(
    checks.map((one) =>
      limit(async () => {
        if (signal.aborted) return notReached(one);
        const result = await runCheck(one, laboratory);
        observer({ type: 'done', phase: 'verify', subject: one.check.subject });
        return result;
      }),
    ),
  );
  return { findings: results.map((one) => one.finding), chain: results.flatMap((one) => one.chain ?? []) };
}

async function runCheck(
  { step, check }: StepCheck,
  laboratory: Laboratory,
): Promise<{ finding: Finding; chain?: Chain }> {
  const started = performance.now();
  for (const asked of check.needs) await laboratory.run(asked);
  const { chain, details = [], evidence = [], ...said } = check.judge(laboratory);
  const shown = details.map(([field, after]) => ({ field, after }));
  const milliseconds = performance.now() - started;
  const one = finding({
    ...said,
    step,
    subject: check.subject,
    evidence,
    fields: shown,
    at: check.at ?? null,
    milliseconds,
  });
  return { finding: one, ...(chain ? { chain } : {}) };
}

function notReached({ step, check }: StepCheck): { finding: Finding; chain?: Chain } {
  const { subject, title } = check;
  return {
    finding: finding({ step, subject, status: 'skipped', code: 'not-reached', message: `not tried: ${title}` }),
  };
}
