import { exitCodeOf, interrupted, type Report } from '../engine/report.ts';
import { type ExitCode, strongest, type VaultbindError } from '../errors.ts';
import { doctorText } from '../output/doctor.ts';
import { human } from '../output/human.ts';
import { json } from '../output/json.ts';
import { styleOf } from '../output/paint.ts';
import { tokenReviews } from '../output/token-reviews.ts';
import type { Io } from './command.ts';
import type { OutputFormat, RecipeOptions } from './options.ts';
import { tell } from './reports/reports.ts';

/**
 * Puts a report on stdout in the format asked for, and into the files of --report. `errors`: what kept it from being
 * whole; they weigh in the exit code,
 * and so does an interruption, which no command needs to tell by itself.
 */
export async function show(
  io: Io,
  found: Report,
  options: Pick<RecipeOptions, 'output' | 'verbose' | 'report' | 'file'>,
  errors: VaultbindError[] = [],
): Promise<ExitCode> {
  const { output, verbose } = options;
  const { aborted } = io.signal;
  const result = aborted ? interrupted(found) : found;
  const formats: Record<OutputFormat, () => string> = {
    human: () => (result.command === 'doctor' ? doctorText : human)(result, styleOf(io.env, io.stdout, verbose > 0)),
    json: () => json(result),
    yaml: () => tokenReviews(result),
  };
  await tell(io, result, options, { text: formats[output](), stream: io.stdout });
  return strongest(exitCodeOf(result, errors), aborted ? 130 : 0);
}
