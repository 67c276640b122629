import { type ExitCode, type Problem, strongest, type VaultbindError } from '../errors.ts';
import type { Io } from '../model/io.ts';
import type { Left } from '../model/ledger.ts';
import { endingOf, leftInWords } from '../model/left-in-words.ts';
import { exitCodeOf, findingOf, interrupted, type Report } from '../model/report.ts';
import { tidyingEnds } from '../model/work.ts';
import { doctorText } from '../output/doctor.ts';
import { human } from '../output/human.ts';
import { reportJson } from '../output/json.ts';
import { styleOf } from '../output/layout/paint.ts';
import { tokenReviews } from '../output/token-reviews.ts';
import { tell } from './reports/write-reports.ts';
import type { OutputFormat, RecipeRequest } from './requests.ts';

/** What may be left in Vault is part of every report, whatever else it tells; stderr says it too. */
function withLeft(result: Report, left: Left[]): Report {
  if (left.length === 0) return result;
  const { summary, findings } = result;
  const told = left.map((one) => findingOf(problemOf(one), 'warning'));
  return {
    ...result,
    findings: [...findings, ...told],
    summary: { ...summary, warnings: summary.warnings + told.length },
  };
}

function problemOf(left: Left): Problem {
  const ending = endingOf(left);
  return { code: 'left-behind', subject: left.at, message: leftInWords(left), ...(ending && { fix: [ending] }) };
}

/**
 * Puts a report on stdout in the format asked for, and into the files of --report. `errors`: what kept it from being
 * whole; they weigh in the exit code, and so does an interruption, which no command needs to tell by itself. `shown`:
 * whoever was asked has seen the fields in the same terminal.
 */
export async function show(
  io: Io,
  found: Report,
  options: Pick<RecipeRequest, 'output' | 'verbose' | 'full' | 'report' | 'file'>,
  { errors = [], shown = false }: { errors?: VaultbindError[]; shown?: boolean } = {},
): Promise<ExitCode> {
  const { output, verbose } = options;
  const { aborted } = io.signal;
  await io.work.ledger.drain(tidyingEnds);
  const whole = withLeft(found, io.work.ledger.standing());
  const milliseconds = io.started === undefined ? 0 : performance.now() - io.started;
  const result = { ...(aborted ? interrupted(whole) : whole), milliseconds };
  const style = {
    ...styleOf(io.env, io.stdout, verbose > 0),
    full: options.full === true,
    brief: shown && io.stdout.isTTY === true,
  };
  const formats: Record<OutputFormat, () => string> = {
    human: () => (result.command === 'doctor' ? doctorText : human)(result, style),
    json: () => reportJson(result),
    yaml: () => tokenReviews(result),
  };
  await tell(io, result, options, { text: formats[output](), stream: io.stdout });
  return strongest(exitCodeOf(result, errors), aborted ? 130 : 0);
}
