import type { ExitCode } from '../../errors.ts';
import { vaultbind } from '../../model/commands.ts';
import type { Io } from '../../model/io.ts';
import { inWords } from '../../model/printed.ts';
import { exitCodeOf, finding, type Report, report } from '../../model/report.ts';
import { reportJson } from '../../output/json.ts';
import { textIn } from '../../recipe/tree.ts';
import type { WizardResult } from '../../wizard/wizard.ts';
import { tell } from '../reports/write-reports.ts';
import type { InitRequest } from './request.ts';

/** What `keep` did. */
export interface Kept {
  file: string;
  changed: boolean;
}

/** For machines alone: a person has read it already. */
export async function tellKept(io: Io, options: InitRequest, told: WizardResult, kept: Kept): Promise<ExitCode> {
  const result = reportOf(told, kept);
  await tell(io, result, options, { text: options.output === 'json' ? reportJson(result) : '', stream: io.stdout });
  return exitCodeOf(result, []);
}

function reportOf({ answers }: WizardResult, { file, changed }: Kept): Report {
  const written = finding({
    code: 'recipe-written',
    subject: file,
    status: changed ? 'updated' : 'ok',
    message: `${changed ? 'written' : 'needs no change'}; next: ${inWords(vaultbind('plan', { f: file }))}`,
  });
  const name = textIn(answers, ['name']) ?? file;
  return report({ command: 'init', recipe: { name, files: [file] }, findings: [written] });
}
