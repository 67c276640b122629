import type { Problem } from '../../errors.ts';
import type { Io } from '../../model/io.ts';
import { type ReportKind, type ReportKindName, reportKinds } from '../../output/reports/kinds.ts';
import { didYouMean, nearest } from '../../recipe/suggest.ts';
import type { ReportRequest } from '../requests.ts';
import { unwritable } from './files.ts';

export interface WantedReport {
  /** As typed. */
  said: string;
  kind: ReportKindName;
  /** `-` is stdout, in place of the result for a person. */
  path: string;
}

/** Reports that can be written, and all that is wrong with the others. */
export async function wantedReports(
  io: Io,
  { report, output }: ReportRequest,
): Promise<{ wanted: WantedReport[]; problems: Problem[] }> {
  const wanted: WantedReport[] = [];
  const problems: Problem[] = [];
  for (const said of report) {
    const one = parsed(io, said);
    const problem = 'code' in one ? one : (clash(one, wanted, output) ?? (await cannotWrite(io, one)));
    if (problem) problems.push(problem);
    else if (!('code' in one)) wanted.push(one);
  }
  return { wanted, problems };
}

/** The kind by its name, as what every kind has. */
export function kindNamed(name: ReportKindName): ReportKind {
  return reportKinds[name];
}

function parsed(io: Io, said: string): WantedReport | Problem {
  const [name = '', ...rest] = said.split('=');
  if (!isKind(name)) {
    const message = `there is no kind of report "${name}"${didYouMean(nearest(name, names))}`;
    return wrong(said, message, `the kinds are ${names.join(', ')}`);
  }
  const { pathFrom } = kindNamed(name);
  const path = rest.length > 0 ? rest.join('=') : pathFrom && io.env[pathFrom];
  if (path) return { said, kind: name, path };
  const unset = pathFrom ? `, and ${pathFrom} is not set` : '';
  return wrong(said, `--report ${said} names no file${unset}`, `say where: --report ${name}=FILE`);
}

function isKind(name: string): name is ReportKindName {
  return Object.hasOwn(reportKinds, name);
}

function clash(one: WantedReport, others: WantedReport[], output: string): Problem | undefined {
  const same = others.find(({ path }) => path === one.path);
  if (same) {
    const message = `--report ${one.said} and --report ${same.said} go to the same place`;
    return wrong(one.said, message, 'name another file');
  }
  if (one.path !== '-' || output === 'human') return undefined;
  const message = `stdout cannot carry both --report ${one.said} and -o ${output}`;
  return wrong(one.said, message, 'name a file for the report');
}

async function cannotWrite({ cwd }: Io, { path }: WantedReport): Promise<Problem | undefined> {
  return path === '-' ? undefined : await unwritable(cwd, path);
}

function wrong(said: string, message: string, why: string): Problem {
  return { code: 'usage', subject: `--report ${said}`, message, fix: [{ why }] };
}

export const names = Object.keys(reportKinds) as ReportKindName[];
