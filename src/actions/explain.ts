import { catalogue } from '../causes/catalogue.ts';
import { type Code, codes, isCause } from '../codes.ts';
import { type ExitCode, InputError } from '../errors.ts';
import { vaultbind } from '../model/commands.ts';
import type { Io } from '../model/io.ts';
import { type Finding, finding, report } from '../model/report.ts';
import { codesText, type Explained, explanationText } from '../output/explanation.ts';
import { styleOf } from '../output/layout/paint.ts';
import { remedies } from '../output/remedies.ts';
import { didYouMean, nearest } from '../recipe/suggest.ts';
import { tell } from './reports/write-reports.ts';
import type { RecipeRequest } from './requests.ts';
import { show } from './show.ts';

/** What says how it is told, and as which command. */
type Telling = Pick<RecipeRequest, 'output' | 'verbose' | 'report' | 'file'> & { command: string };

const all = Object.keys(codes) as Code[];

/** Prints what one code means, or the list of them; contacts nothing. Errors: InputError for a code that is none. */
export async function explainCode(io: Io, code: string | undefined, options: Telling): Promise<ExitCode> {
  const one = code === undefined ? undefined : all.find((known) => known === code);
  if (code !== undefined && !one) throw unknownCode(code);
  const findings = one ? [explained(one)] : all.map(listed);
  const result = report({ command: options.command, findings });
  if (options.output !== 'human') return await show(io, result, options);
  const style = styleOf(io.env, io.stdout, false);
  const text = one ? explanationText(partsOf(one), style) : codesText(codes, style);
  await tell(io, result, options, { text, stream: io.stdout });
  return 0;
}

function partsOf(code: Code): Explained {
  if (isCause(code)) return { code, title: codes[code], ...catalogue[code] };
  return { code, title: codes[code], mend: remedies[code] };
}

function listed(code: Code): Finding {
  return finding({ code, cause: isCause(code) ? code : null, subject: code, status: 'ok', message: codes[code] });
}

/** For machines: each part in a field, and no Markdown in any. */
function explained(code: Code): Finding {
  const { looksLike, why, tellApart, mend } = partsOf(code);
  const apart = tellApart && Object.fromEntries(Object.entries(tellApart).map(([other, how]) => [other, bare(how)]));
  const parts = { looks_like: looksLike && bare(looksLike), why: why && bare(why), not_to_be_mistaken_for: apart };
  const fields = Object.entries({ ...parts, mend: bare(mend) }).flatMap(([field, after]) =>
    after === undefined ? [] : [{ field, after }],
  );
  return { ...listed(code), fields };
}

function bare(markdown: string): string {
  return markdown.replaceAll('`', '');
}

function unknownCode(code: string): InputError {
  return new InputError({
    code: 'usage',
    subject: code,
    message: `there is no code ${code}${didYouMean(nearest(code, all))}`,
    fix: [{ why: 'see which there are', command: vaultbind('explain') }],
  });
}
