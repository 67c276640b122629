import { type CauseId, causes, isCause } from '../../codes.ts';
import { catalogue, explain } from '../../doctor/catalogue.ts';
import { finding, report } from '../../engine/report.ts';
import { type ExitCode, InputError } from '../../errors.ts';
import { explanationText } from '../../output/explanation.ts';
import { styleOf } from '../../output/paint.ts';
import { didYouMean, nearest } from '../../recipe/suggest.ts';
import type { Io } from '../command.ts';
import type { RecipeOptions } from '../options.ts';
import { show } from '../show.ts';

/** Prints what the catalogue says of a cause; contacts nothing. Errors: InputError for an id that is none. */
export async function explainCause(
  io: Io,
  cause: string,
  options: Pick<RecipeOptions, 'output' | 'verbose' | 'report' | 'file'>,
): Promise<ExitCode> {
  if (!isCause(cause)) throw unknownCause(cause);
  if (options.output === 'human') {
    const parts = { cause, title: causes[cause], ...catalogue[cause] };
    io.stdout.write(explanationText(parts, styleOf(io.env, io.stdout, false)));
    return 0;
  }
  const findings = [finding({ code: cause, cause, subject: '', status: 'ok', message: explain(cause) })];
  return await show(io, report({ command: 'doctor', findings }), options);
}

function unknownCause(cause: string): InputError {
  const ids = Object.keys(causes) as CauseId[];
  return new InputError({
    code: 'usage',
    subject: cause,
    message: `there is no cause ${cause}${didYouMean(nearest(cause, ids))}`,
    fix: [{ why: `the causes are ${ids.join(', ')}` }],
  });
}
