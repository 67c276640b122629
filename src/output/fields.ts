import type { FieldChange, Finding } from '../model/report.ts';
import { certificateInWords, certificates } from '../trust/certificates.ts';
import { caIn } from '../trust/read-ca.ts';
import { lineDiff } from './layout/line-diff.ts';
import type { Brush } from './layout/paint.ts';

/** The fields of a finding, one a line; long texts as a line diff. */
export function fieldLines({ fields, status }: Pick<Finding, 'fields' | 'status'>, brush: Brush): string[] {
  const width = Math.min(36, Math.max(0, ...fields.map(({ field }) => field.length)));
  return fields.flatMap((change) => fieldLine(change, status, width, brush));
}

function fieldLine(change: FieldChange, status: Finding['status'], width: number, brush: Brush): string[] {
  const { field, before, after, unknown } = change;
  const name = field.padEnd(width);
  if (unknown !== undefined) return [`${name}  (${unknown})`];
  if (isPem(before) || isPem(after))
    return fieldLine({ ...change, ...certificatesOf({ before, after }) }, status, width, brush);
  if (isLong(before) || isLong(after)) return [name.trimEnd(), ...textDiff(before, after, brush)];
  if (before === undefined) return [`${name}  ${show(after)}`];
  const arrow = status === 'updated' || status === 'pending' ? '->' : '';
  return [`${name}  ${brush.chalk.red(show(before))} ${arrow} ${brush.chalk.green(show(after))}`];
}

function isPem(value: unknown): value is string {
  return typeof value === 'string' && value.startsWith('-----BEGIN CERTIFICATE');
}

/** A person tells certificates apart by their words, not by their base64; -o json has the PEM. */
function certificatesOf(values: { before: unknown; after: unknown }): { before?: unknown; after?: unknown } {
  return { before: fieldInWords(values.before), after: fieldInWords(values.after) };
}

/** A value as it is, certificates in words. */
export function fieldInWords(value: unknown): unknown {
  return isPem(value) ? certificateWords(value) : value;
}

function certificateWords(pem: string): string {
  const ca = caIn(pem);
  return ca ? certificates(ca).map(certificateInWords).join('; ') : '(PEM that not all programs read alike)';
}

function isLong(value: unknown): value is string {
  return typeof value === 'string' && value.includes('\n');
}

/** Lines that go or come in a row; more of them are counted, and -o json has the whole text. */
const mostInARow = 400;

function textDiff(before: unknown, after: unknown, { chalk }: Brush): string[] {
  const shown = lineDiff(before, after).flatMap(({ sign, lines }) => {
    if (sign === ' ')
      return lines.length > 6 ? [`  ${lines[0]}`, '  ...', `  ${lines.at(-1)}`] : lines.map((line) => `  ${line}`);
    const paint = sign === '+' ? chalk.green : chalk.red;
    const left = lines.length - mostInARow;
    const more = left > 0 ? [`... ${left} more lines ${sign === '+' ? 'come' : 'go'}; -o json has them`] : [];
    return [...lines.slice(0, mostInARow).map((line) => paint(`${sign} ${line}`)), ...more];
  });
  return shown.map((line) => `  ${line}`);
}

function show(value: unknown): string {
  if (value === '') return '""';
  if (Array.isArray(value)) return value.length === 0 ? '[]' : value.map(word).join(', ');
  return word(value);
}

function word(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
