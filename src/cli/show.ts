import { exitCodeOf, type Report } from '../engine/report.ts';
import type { ExitCode, Problem, VaultbindError } from '../errors.ts';
import { human } from '../output/human.ts';
import { json } from '../output/json.ts';
import { styleOf } from '../output/paint.ts';
import { problemText } from '../output/problems.ts';
import { tokenReviews } from '../output/token-reviews.ts';
import type { Io } from './command.ts';
import type { OutputFormat, RecipeOptions } from './options.ts';

/** Puts a report on stdout in the format asked for. `errors`: what kept it from being whole; they weigh in the exit code. */
export function show(
  io: Io,
  result: Report,
  { output, verbose }: Pick<RecipeOptions, 'output' | 'verbose'>,
  errors: VaultbindError[] = [],
): ExitCode {
  const formats: Record<OutputFormat, () => string> = {
    human: () => human(result, styleOf(io.env, io.stdout, verbose > 0)),
    json: () => json(result),
    yaml: () => tokenReviews(result),
  };
  io.stdout.write(formats[output]());
  return exitCodeOf(result, errors);
}

/** Warnings go to stderr, so that stdout keeps its one result. */
export function warn(io: Io, problems: Problem[], { output, quiet }: Pick<RecipeOptions, 'output' | 'quiet'>): void {
  if (output === 'json' || quiet) return;
  const style = styleOf(io.env, io.stderr, false);
  for (const problem of problems) io.stderr.write(`${problemText(problem, 'warning', style)}\n`);
}
