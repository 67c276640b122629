import { planFindings, serverWarnings } from '../engine/findings.ts';
import { plan, refusalsOf } from '../engine/plan.ts';
import { checksOf, verify } from '../engine/verify.ts';
import type { ExitCode } from '../errors.ts';
import { vaultbind } from '../model/commands.ts';
import type { Io } from '../model/io.ts';
import { shownFix } from '../model/printed.ts';
import { type Finding, report } from '../model/report.ts';
import { steps } from '../steps/index.ts';
import { chosenSteps, unknownSteps } from './choose-steps.ts';
import { type Opened, withOpened } from './open.ts';
import type { SelectRequest } from './requests.ts';
import { show } from './show.ts';

export interface VerifyRequest extends SelectRequest {
  strict?: boolean;
}

export async function runVerify(io: Io, options: VerifyRequest): Promise<ExitCode> {
  const chosen = chosenSteps(options);
  const prove = async (opened: Opened): Promise<ExitCode> => {
    const { target, reading, probing, recipe, servers, warnings, progress, newLaboratory } = opened;
    const planned = await plan(steps, target, reading, { chosen, observer: progress.observer });
    const checks = checksOf(steps, target).filter(({ step }) => chosen.has(step));
    const { observer } = progress;
    const proved = await verify(checks, () => newLaboratory(), {
      observer,
      parallel: options.parallel,
      signal: io.signal,
    });
    const findings = [
      ...warnings,
      ...planFindings(planned).map((one) => asDrift(one, recipe.files)),
      ...(options.strict ? proved.findings.map(asUnproved) : proved.findings),
      ...serverWarnings(probing.vault),
    ];
    progress.clear();
    const errors = [...refusalsOf(planned), ...proved.errors];
    const result = report({ command: 'verify', recipe, servers, findings, chain: proved.chain });
    return await show(io, result, options, { errors });
  };
  return await withOpened(io, options, 'verify', prove, { wrong: [unknownSteps(options)] });
}

/** What plan would change is, to verify, a failure: the recipe does not hold. */
function asDrift(one: Finding, files: string[]): Finding {
  if (one.status !== 'pending') return one;
  const differs = one.code === 'to-update';
  return {
    ...one,
    status: 'failed',
    code: differs ? 'drift' : 'missing',
    message: differs ? 'is not as the recipe has it' : 'is not there',
    fix: [
      shownFix({
        why: `${differs ? 'write' : 'make'} it as the recipe has it`,
        command: vaultbind('apply', { f: files }),
      }),
    ],
  };
}

/** With --strict what was asked only is a failure: it is not proved. */
function asUnproved(one: Finding): Finding {
  if (one.status !== 'asked') return one;
  return {
    ...one,
    status: 'failed',
    fix: [{ why: 'leave the claim out of the recipe, or leave out --strict: then it is told and does not fail' }],
  };
}
