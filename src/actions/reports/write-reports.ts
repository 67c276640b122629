import { randomUUID } from 'node:crypto';
import type { Writable } from 'node:stream';
import type { Io } from '../../model/io.ts';
import type { Report } from '../../model/report.ts';
import { cleaned } from '../../output/reports/clean.ts';
import type { Reported } from '../../output/reports/reported.ts';
import { scrub } from '../../secret.ts';
import type { ReportRequest } from '../requests.ts';
import { appendReport, replaceFile } from './files.ts';
import { inRepository } from './repository.ts';
import { kindNamed, type WantedReport, wantedReports } from './wanted-reports.ts';

/** What a person gets to read, and where. */
interface Told {
  text: string;
  stream: Writable;
}

interface Rendered {
  path: string;
  appended: boolean;
  file: string;
  /** For the job's log; undefined for kinds that say nothing there. */
  log?: string;
}

/**
 * Tells a person the result and writes every report that was asked for. A report that goes to stdout stands there in
 * place of the text. Errors: InputError for a file that cannot be written any more.
 */
export async function tell(io: Io, result: Report, options: ReportRequest, told: Told): Promise<void> {
  if (options.report.length === 0) {
    told.stream.write(told.text);
    return;
  }
  const { wanted } = await wantedReports(io, options);
  const files = result.recipe?.files ?? options.file;
  const reported = cleaned(inRepository(io, { report: result, files }), scrub);
  const rendered = await Promise.all(wanted.map((one) => render(one, reported)));
  write(io, options, told, rendered);
  for (const { path, appended, file } of rendered)
    if (path !== '-') await (appended ? appendReport : replaceFile)(io.cwd, path, file);
}

async function render({ kind, path }: WantedReport, reported: Reported): Promise<Rendered> {
  const { load, appended = false } = kindNamed(kind);
  const { file, log } = await load();
  return { path, appended, file: file(reported), ...(log ? { log: log(reported) } : {}) };
}

function write(io: Io, { output }: ReportRequest, { text, stream }: Told, rendered: Rendered[]): void {
  const instead = rendered.find(({ path }) => path === '-');
  const logs = rendered.flatMap(({ log }) => (log === undefined ? [] : [log]));
  const free = stream === io.stderr || (output === 'human' && !instead);
  if (!instead || stream === io.stderr) stream.write(free && logs.length > 0 ? withoutCommands(text) : text);
  if (instead) io.stdout.write(instead.file);
  (free ? stream : io.stderr).write(logs.join(''));
}

/**
 * GitHub's runner obeys commands in every line of a job's log, and names and texts of a recipe stand there too.
 * Between these two lines it does not.
 */
function withoutCommands(text: string): string {
  if (text === '') return '';
  const token = randomUUID();
  return `::stop-commands::${token}\n${text.replace(/\n?$/, '\n')}::${token}::\n`;
}
