import type { Position } from '../errors.ts';
import type { Chain, Finding, Report } from '../model/report.ts';
import { drawChain } from './chain.ts';
import { fieldLines } from './fields.ts';
import { changesByKind } from './kinds.ts';
import { fitted } from './layout/fit.ts';
import { folded } from './layout/fold.ts';
import { grouped } from './layout/grouped.ts';
import { type Brush, brush, type Style } from './layout/paint.ts';
import { plain } from './layout/plain.ts';
import { serversLine } from './servers.ts';
import { countsBeside, timeInWords, verdictOf } from './verdict.ts';

/** More chains than this are counted unless they are broken. */
const mostChains = 4;

/** Commands with that flag. */
const hasFull = /^(plan|apply|verify|step)\b/;

/** A report as text for a person. Ends with a line end. */
export function human(given: Report, style: Style): string {
  const report = plain(given);
  const paint = brush(style);
  const blocks = [
    serversLine(report, paint.between),
    ...changesByKind(report),
    ...stepBlocks(report.findings, paint, style, hasFull.test(report.command) ? '--full' : '-o json'),
    chainBlock(report.chain, paint, style),
    summaryLine(report, paint),
  ];
  return fitted(`${blocks.filter((block) => block !== '').join('\n')}\n`, style, commandsOf(report.findings));
}

/** Findings grouped by step, in the order in which they come. */
export function stepBlocks(findings: Finding[], paint: Brush, style: Style, whole = '-o json'): string[] {
  return grouped(findings, ({ step }) => step ?? '').map(([step, ones]) =>
    [
      ...(step === '' ? [] : [paint.chalk.bold(step)]),
      ...folded(ones, style, whole).flatMap((one) =>
        'told' in one ? `  ${paint.sign(one.status, one.code)} ${one.told}` : findingLines(one, paint, style),
      ),
    ].join('\n'),
  );
}

function findingLines(one: Finding, paint: Brush, { brief }: Style): string[] {
  const { chalk } = paint;
  const sign = paint.sign(one.status, one.code);
  const code = one.status === 'failed' || one.status === 'blocked' ? `${chalk.red(one.code)}  ` : '';
  const place = one.at && needsPlace(one) ? chalk.dim(`  (${positionText(one.at)})`) : '';
  const head = `  ${sign} ${one.subject}${one.subject === '' ? '' : '  '}${code}${one.message}${place}`;
  return [
    one.status === 'warning' && one.step === null && one.at ? doubtLine(one, one.at, chalk) : head,
    ...(brief && one.status !== 'ok' ? [] : fieldLines(one, paint)).map((line) => `      ${line}`),
    ...shownEvidence(one).map(({ experiment, said }) => chalk.dim(`      ${experiment}: ${said}`)),
    ...one.fix.flatMap(({ why, command }) => fixLines(why, command)),
  ];
}

/** As mistakes are told, so that an editor finds the place of both. */
function doubtLine({ code, subject, message }: Finding, at: Position, chalk: Brush['chalk']): string {
  const about = subject === '' || message.includes(subject) ? '' : `${subject}: `;
  return `${positionText(at)}: ${chalk.yellow(`warning ${code}`)}  ${about}${message}`;
}

/** What was tried is told where something is wrong; -o json always has it. */
function shownEvidence({ status, evidence }: Finding): Finding['evidence'] {
  return status === 'ok' ? [] : evidence;
}

function needsPlace({ status }: Finding): boolean {
  return status === 'failed' || status === 'blocked' || status === 'warning';
}

export function positionText({ file, line, column }: Position): string {
  return `${file}:${line}:${column}`;
}

/** All that may be copied from these. */
export function commandsOf(all: Pick<Finding, 'fix'>[]): (string | undefined)[] {
  return all.flatMap(({ fix }) => fix.map(({ command }) => command));
}

export function fixLines(why: string, command?: string, indent = '      '): string[] {
  const line = `${indent}fix: ${why}`;
  const below = `\n${indent}     `;
  return command === undefined ? [line] : [line, `${below.slice(1)}${command.replaceAll('\n', below)}`];
}

/** The chains that fit, broken ones first to stay. */
export function chainBlock(chains: Chain[], paint: Brush, { width, full }: Style): string {
  const broken = chains.filter(({ links }) => links.some(({ status }) => status !== 'ok' && status !== 'asked'));
  const drawn = chains.length <= mostChains ? chains : full ? broken : broken.slice(0, mostChains);
  return drawn.map((chain) => `\n${drawChain(chain, paint, width).join('\n')}`).join('\n');
}

function summaryLine(report: Report, paint: Brush): string {
  const { command, recipe, ok, milliseconds } = report;
  const subject = recipe ? ` ${recipe.name}` : '';
  const time = timeInWords(milliseconds);
  const head = `${command}${subject}: ${verdictOf(report)}`;
  return `\n${paint.sign(ok ? 'ok' : 'failed')} ${paint.chalk.bold(head)} (${countsBeside(report)})${time && ` in ${time}`}`;
}
