import type { RecipeOptions } from '../../cli/options.ts';
import { type CauseId, causes, isCause } from '../../codes.ts';
import { catalogue, explain } from '../../doctor/catalogue.ts';
import { type ExitCode, InputError } from '../../errors.ts';
import type { Io } from '../../model/io.ts';
import { finding, report } from '../../model/report.ts';
import { explanationText } from '../../output/explanation.ts';
import { styleOf } from '../../output/paint.ts';
import { didYouMean, nearest } from '../../recipe/suggest.ts';
import { tell } from '../reports/write-reports.ts';
import { show } from '../show.ts';

/** Prints what the catalogue says of a cause; contacts nothing. Errors: InputError for an id that is none. */
export async function explainCause(
  io: Io,
  cause: string,
  options: Pick<RecipeOptions, 'output' | 'verbose' | 'report' | 'file'>,
): Promise<ExitCode> {
  if (!isCause(cause)) throw unknownCause(cause);
  const findings = [finding({ code: cause, cause, subject: '', status: 'ok', message: explain(cause) })];
  const result = report({ command: 'doctor', findings });
  if (options.output !== 'human') return await show(io, result, options);
  const parts = { cause, title: causes[cause], ...catalogue[cause] };
  await tell(io, result, options, {
    text: explanationText(parts, styleOf(io.env, io.stdout, false)),
    stream: io.stdout,
  });
  return 0;
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
