import { causes as titles } from '../../codes.ts';
import type { Position } from '../../errors.ts';
import type { Cause, FieldChange, Finding, Report } from '../../model/report.ts';
import { chainBlock, positionText } from '../human.ts';
import { changesByKind } from '../kinds.ts';
import { brush } from '../layout/paint.ts';
import { serversLine } from '../servers.ts';
import { countsOf, verdictOf } from '../verdict.ts';
import { fence, span } from './code.ts';
import { changeLines } from './diff-lines.ts';
import type { Reported } from './reported.ts';
import { details, headline } from './words.ts';

/** Bytes. GitHub takes comments of 65,536 characters; a cut comment with its verdict is better than none. */
const room = 60_000;
/** Lines of one object's diff; a policy of thousands would push everything else out. */
const mostLines = 300;

const style = { color: false, unicode: true, width: 100, wraps: false, verbose: false };

/** A comment for a pull request: the verdict first, then what is wrong, what is doubtful, what changes, and the chain. */
export function markdown({ report, files }: Reported): string {
  const { findings, causes, chain, summary } = report;
  const wrong = findings.filter(({ status, cause }) => (status === 'failed' || status === 'blocked') && !cause);
  const changed = findings.filter(({ status, fields }) => fields.length > 0 && status in signs);
  const where = serversLine(report);
  const drawn = chainBlock(chain, brush(style), style).replace(/^\n/, '');
  const blocks = [
    `${marker(report, files)}\n### ${report.ok ? '✓' : '✗'} vaultbind ${titleOf(report)}: ${verdictOf(report)}`,
    ...(where === '' ? [] : [span(where)]),
    [countsOf(summary), ...changesByKind(report).map((line) => `* ${span(line)}`)].join('\n'),
    ...causes.map((cause) => causeBlock(cause, findings)),
    ...wrong.map(wrongBlock),
    ...listOf('Warnings', findings, 'warning'),
    ...changed.map(changeBlock),
    ...listOf('Asked only, not tried', findings, 'asked'),
    ...listOf('Not looked at', findings, 'skipped'),
    ...(drawn === '' ? [] : [`#### Chain\n\n${fence('text', drawn.split('\n'))}`]),
  ];
  return `${fitting(blocks).join('\n\n')}\n`;
}

/** Hidden, so that a bot finds its comment of the last run and writes the new one in its place. */
function marker({ command }: Report, files: string[]): string {
  const words = ['vaultbind', command, ...files].join(' ');
  return `<!-- ${words.replace(/[^A-Za-z0-9 ./_-]/g, '').replace(/-{2,}/g, '-')} -->`;
}

function titleOf({ command, recipe }: Report): string {
  return recipe ? `${command} ${span(recipe.name)}` : command;
}

/** Its place stands in the finding of the same cause. */
function causeBlock({ cause, certainty, subject, evidence, fix }: Cause, findings: Finding[]): string {
  const title = Object.entries(titles).find(([id]) => id === cause)?.[1] ?? '';
  const at = findings.find((one) => one.cause === cause && one.subject === subject)?.at;
  const place = at ? ` (${placeOf(at)})` : '';
  return [`#### ✗ ${span(cause)}${place}`, `${title}: ${span(subject)}, ${certainty}`, ...said({ evidence, fix })].join(
    '\n\n',
  );
}

function wrongBlock(finding: Finding): string {
  const { code, subject, at, fields } = finding;
  const place = at ? ` (${placeOf(at)})` : '';
  const about = subject === '' ? '' : ` ${span(subject)}`;
  return [
    `#### ✗ ${span(code)}${about}${place}`,
    ...said(finding, finding.message.split('\n')),
    ...diffOf(fields),
  ].join('\n\n');
}

function said({ evidence, fix }: Pick<Finding, 'evidence' | 'fix'>, message: string[] = []): string[] {
  const lines = [...message, ...details({ evidence, fix })];
  return lines.length === 0 ? [] : [fence('text', lines)];
}

const signs: Partial<Record<Finding['status'], string>> = { pending: '+', created: '+', updated: '~' };

function changeBlock({ status, code, subject, message, adopted, fields }: Finding): string {
  const sign = code === 'to-update' ? '~' : (signs[status] ?? '');
  const note = adopted ? ', existed before' : '';
  return [`#### ${span(sign)} ${span(subject)} ${span(message)}${note}`, ...diffOf(fields)].join('\n\n');
}

function diffOf(fields: FieldChange[]): string[] {
  const lines = changeLines(fields);
  if (lines.length === 0) return [];
  const left = lines.length - mostLines;
  return [fence('diff', left > 0 ? [...lines.slice(0, mostLines), `  … ${left} more lines`] : lines)];
}

function listOf(title: string, findings: Finding[], status: Finding['status']): string[] {
  const ones = findings.filter((one) => one.status === status);
  if (ones.length === 0) return [];
  const items = ones.flatMap((one) => [
    `* ${span(one.code)} ${span(headline(one))}${one.at ? ` (${placeOf(one.at)})` : ''}`,
    ...details(one).map((line) => `  * ${span(line)}`),
  ]);
  return [`#### ${title}\n\n${items.join('\n')}`];
}

function placeOf(at: Position): string {
  return span(positionText(at));
}

/** Whole blocks from the first on, as many as there is room for. */
function fitting(blocks: string[]): string[] {
  let used = 0;
  const shown = blocks.filter((block) => {
    used += Buffer.byteLength(block) + 2;
    return used <= room;
  });
  const left = blocks.length - shown.length;
  return left === 0
    ? shown
    : [...shown, `… and ${left} more, for which there is no room here; the job's log has them.`];
}
