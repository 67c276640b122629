import { codes, causes as titles } from '../codes.ts';
import type { Cause, Finding, Report } from '../model/report.ts';
import { chainBlock, commandsOf, fixLines, stepBlocks } from './human.ts';
import { fitted } from './layout/fit.ts';
import { type Brush, brush, type Style } from './layout/paint.ts';
import { plain } from './layout/plain.ts';
import { serversLine } from './servers.ts';
import { wasInterrupted } from './verdict.ts';

/** What the doctor found, for a person: the chain, the causes, what will break later, what could not be looked at. */
export function doctorText(given: Report, style: Style): string {
  const report = plain(given);
  const paint = brush(style);
  const { findings, causes, chain } = report;
  const of = (status: Finding['status']) => findings.filter((one) => one.status === status && one.cause === null);
  const others = findings.filter(
    ({ status, cause, code }) => cause === null && code !== 'healthy' && status !== 'warning' && status !== 'skipped',
  );
  const blocks = [
    serversLine(report, paint.between),
    ...stepBlocks(others, paint, style),
    chainBlock(chain, paint, style).replace(/^\n/, ''),
    ...causes.map((cause) => causeBlock(cause, paint)),
    of('warning')
      .map((one) => remark(one, one.code, paint))
      .join('\n'),
    of('skipped')
      .map((one) => remark(one, 'unknown', paint))
      .join('\n'),
    lastLines(report, paint),
  ];
  const text = `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
  return fitted(text, style, commandsOf([...findings, ...causes]));
}

function causeBlock({ cause, certainty, subject, evidence, fix }: Cause, paint: Brush): string {
  const { chalk } = paint;
  const title = Object.entries(titles).find(([id]) => id === cause)?.[1] ?? '';
  return [
    `${paint.sign('failed')} ${chalk.red(cause)}   ${title}`,
    `  ${subject}, ${certainty}`,
    ...evidence.map(({ experiment, said }) => chalk.dim(`  ${experiment}: ${said}`)),
    ...fix.flatMap(({ why, command }) => fixLines(why, command, '  ')),
  ].join('\n');
}

function remark({ status, subject, message, fix }: Finding, word: string, paint: Brush): string {
  const about = subject === '' || message.includes(subject) || status === 'skipped' ? '' : `${subject}: `;
  const head = word === 'unknown' ? message : `${word}   ${about}${message}`;
  return [`${paint.sign(status)} ${head}`, ...fix.flatMap(({ why, command }) => fixLines(why, command, '  '))].join(
    '\n',
  );
}

/** The verdict, and where one can read on. */
function lastLines({ recipe, findings, causes, summary, ok }: Report, paint: Brush): string {
  const name = `doctor${recipe ? ` ${recipe.name}` : ''}`;
  const [first] = causes;
  const counts = [
    ...(causes.length > 0 ? [counted(causes.length, 'cause')] : []),
    ...(summary.warnings > 0 ? [counted(summary.warnings, 'warning')] : []),
    ...(summary.skipped > 0 ? [`${summary.skipped} unknown`] : []),
  ].join(', ');
  const healthy = findings.filter(({ code }) => code === 'healthy');
  if (first)
    return [
      `${paint.sign('failed')} ${paint.chalk.bold(name)}: ${counts}`,
      `  more about it: vaultbind explain ${first.cause}`,
    ].join('\n');
  const bracket = counts === '' ? '' : ` (${counts})`;
  const verdict = wasInterrupted(findings) ? 'interrupted' : 'not as it should be';
  if (!ok) return `${paint.sign('failed')} ${paint.chalk.bold(name)}: ${verdict}${bracket}`;
  if (healthy.length === 0)
    return `${paint.sign('warning')} ${paint.chalk.bold(name)}: no cause in what could be seen${bracket}`;
  const verdictOfAll = `${paint.sign('ok')} ${paint.chalk.bold(name)}: healthy, ${what(healthy)}${bracket}`;
  return [verdictOfAll, ...tests(healthy).map((text) => `  ${text}`)].join('\n');
}

/** With what the logins were good, each once; more than a few say nothing any more. */
function tests(healthy: Finding[]): string[] {
  const told = new Set(
    healthy.map(({ message }) => message.replace(`${codes.healthy}: `, '')).filter((one) => one !== codes.healthy),
  );
  return [...told].slice(0, 3);
}

function what(healthy: Finding[]): string {
  const [one] = healthy;
  // Of many, looked at side by side, the times add up to nothing that anybody waited for.
  if (!one || healthy.length > 1) return counted(healthy.length, 'login');
  return `${one.subject} in ${(one.milliseconds / 1000).toFixed(1)} s`;
}

function counted(count: number, word: string): string {
  return `${count.toLocaleString('en')} ${word}${count === 1 ? '' : 's'}`;
}
