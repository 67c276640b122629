import { planFindings, serverWarnings } from '../engine/findings.ts';
import { plan, refusalsOf } from '../engine/plan.ts';
import { type ExitCode, InputError } from '../errors.ts';
import type { Io } from '../model/io.ts';
import { printed } from '../model/printed.ts';
import { report } from '../model/report.ts';
import { identityOf } from '../saved-plan/identity.ts';
import { steps } from '../steps/index.ts';
import { chosenSteps, unknownSteps } from './choose-steps.ts';
import { type Opened, withOpened } from './open.ts';
import type { SelectRequest } from './requests.ts';
import { cannotKeep, keepPlan } from './saved-plan/save-plan.ts';
import { show } from './show.ts';

export interface PlanRequest extends SelectRequest {
  /** File to save the plan in. */
  out?: string;
  detailedExitcode?: boolean;
  showCommands?: boolean;
}

export async function runPlan(io: Io, options: PlanRequest): Promise<ExitCode> {
  const { out } = options;
  const chosen = chosenSteps(options);
  const wrong = [
    reportsOfCommands(options),
    unknownSteps(options),
    out === undefined ? out : await cannotKeep(io, out, options.file),
  ];
  const look = async ({ target, reading, recipe, servers, sources, warnings, progress }: Opened): Promise<ExitCode> => {
    if (options.showCommands) {
      const mine = steps.filter((step) => chosen.has(step.name) && step.commands(target).length > 0);
      progress.clear();
      io.stdout.write(
        mine
          .map((step) =>
            [`# ${step.title}`, ...step.commands(target).map((command) => printed(command) ?? notShown), ''].join('\n'),
          )
          .join('\n'),
      );
      return 0;
    }
    const identity = out === undefined ? undefined : await identityOf(reading, recipe.files);
    const planned = await plan(steps, target, reading, { chosen, observer: progress.observer });
    const findings = [...warnings, ...planFindings(planned), ...serverWarnings(reading.vault)];
    progress.clear();
    if (out !== undefined && identity)
      findings.push(await keepPlan(io, out, { recipe, sources, target, identity, chosen, planned }));
    const result = report({ command: 'plan', recipe, servers, findings });
    const exit = await show(io, result, options, { errors: refusalsOf(planned) });
    return exit === 0 && options.detailedExitcode && result.summary.pending > 0 ? 2 : exit;
  };
  return await withOpened(io, options, 'plan', look, { wrong });
}

const notShown = '# one command is not shown: a name in it holds characters that cannot be seen';

function reportsOfCommands({ showCommands, output, report: reports, out }: PlanRequest): InputError | undefined {
  if (!showCommands) return undefined;
  const beside = [output === 'json' ? '-o json' : '', reports.length > 0 ? '--report' : '', out ? '--out' : ''];
  const named = beside.filter((flag) => flag !== '');
  if (named.length === 0) return undefined;
  return new InputError({
    code: 'usage',
    subject: '--show-commands',
    message: `--show-commands prints shell commands and makes no plan, which ${named.join(' and ')} would tell of`,
    fix: [{ why: 'leave one of them out' }],
  });
}
