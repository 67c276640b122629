import type { Position } from '../errors.ts';
import type { Chain, Finding, Report } from '../model/report.ts';
import { drawChain } from './chain.ts';
import { count } from './count.ts';
import { fieldLines } from './fields.ts';
import { fitted } from './fit.ts';
import { type Brush, brush, type Style } from './paint.ts';
import { plain } from './plain.ts';
import { serversLine } from './servers.ts';
import { countsOf, verdictOf } from './verdict.ts';

/** More than this of one step in place are counted, not listed. */
const mostListed = 8;
/** More chains than this are counted unless they are broken. */
const mostChains = 4;

/** A report as text for a person. Ends with a line end. */
export function human(given: Report, style: Style): string {
  const report = plain(given);
  const paint = brush(style);
  const blocks = [
    serversLine(report, paint.between),
    ...stepBlocks(report.findings, paint, style),
    chainBlock(report.chain, paint, style),
    summaryLine(report, paint),
  ];
  return fitted(`${blocks.filter((block) => block !== '').join('\n')}\n`, style, commandsOf(report.findings));
}

/** Findings grouped by step, in the order in which they come. */
export function stepBlocks(findings: Finding[], paint: Brush, style: Style): string[] {
  return groups(findings).map(([step, ones]) => stepBlock(step, ones, paint, style));
}

function groups(findings: Finding[]): [string, Finding[]][] {
  const steps = [...new Set(findings.map(({ step }) => step ?? ''))];
  return steps.map((step) => [step, findings.filter((one) => (one.step ?? '') === step)]);
}

function stepBlock(step: string, findings: Finding[], paint: Brush, { verbose }: Style): string {
  const quiet = findings.filter(({ status, fields }) => status === 'ok' && fields.length === 0);
  const asked = findings.filter(({ status }) => status === 'asked');
  const fold = [quiet, asked].filter((ones) => !verbose && ones.length > mostListed);
  const folding = new Set(fold.flat());
  const shown = findings.filter((one) => !folding.has(one));
  const title = step === '' ? [] : [paint.chalk.bold(step)];
  const folded = fold.map(
    (ones) => `  ${paint.sign(ones === asked ? 'asked' : 'ok')} ${count(ones.length)} ${quietWord(ones)}`,
  );
  return [...title, ...shown.flatMap((one) => findingLines(one, paint)), ...folded].join('\n');
}

function quietWord(quiet: Finding[]): string {
  if (quiet.some(({ status }) => status === 'asked')) return 'asked only, not tried';
  return quiet.every(({ code }) => code === 'left-alone') ? 'left alone' : 'in place';
}

function findingLines(one: Finding, paint: Brush): string[] {
  const { chalk } = paint;
  const sign = one.status === 'pending' && one.code === 'to-update' ? chalk.yellow('~') : paint.sign(one.status);
  const code = one.status === 'failed' || one.status === 'blocked' ? `${chalk.red(one.code)}  ` : '';
  const place = one.at && needsPlace(one) ? chalk.dim(`  (${positionText(one.at)})`) : '';
  const head = `  ${sign} ${one.subject}${one.subject === '' ? '' : '  '}${code}${one.message}${place}`;
  return [
    head,
    ...fieldLines(one, paint).map((line) => `      ${line}`),
    ...shownEvidence(one).map(({ experiment, said }) => chalk.dim(`      ${experiment}: ${said}`)),
    ...one.fix.flatMap(({ why, command }) => fixLines(why, command)),
  ];
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
export function chainBlock(chains: Chain[], paint: Brush, { width }: Style): string {
  const broken = chains.filter(({ links }) => links.some(({ status }) => status === 'failed' || status === 'unknown'));
  const drawn = chains.length <= mostChains ? chains : broken.slice(0, mostChains);
  return drawn.map((chain) => `\n${drawChain(chain, paint, width).join('\n')}`).join('\n');
}

function summaryLine(report: Report, paint: Brush): string {
  const { command, recipe, summary, ok } = report;
  const subject = recipe ? ` ${recipe.name}` : '';
  const head = paint.chalk.bold(`${command}${subject}: ${verdictOf(report)}`);
  return `\n${paint.sign(ok ? 'ok' : 'failed')} ${head} (${countsOf(summary)})`;
}
