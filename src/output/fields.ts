import { diffLines } from 'diff';
import type { FieldChange, Finding } from '../engine/report.ts';
import { certificateInWords, certificates } from '../kubernetes/certificates.ts';
import { caIn } from '../trust/read-ca.ts';
import type { Brush } from './paint.ts';

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
  return { before: inWords(values.before), after: inWords(values.after) };
}

/** A value as it is, certificates in words. */
export function inWords(value: unknown): unknown {
  return isPem(value) ? certificateWords(value) : value;
}

function certificateWords(pem: string): string {
  const ca = caIn(pem);
  return ca ? certificates(ca).map(certificateInWords).join('; ') : '(PEM that not all programs read alike)';
}

function isLong(value: unknown): value is string {
  return typeof value === 'string' && value.includes('\n');
}

function textDiff(before: unknown, after: unknown, { chalk }: Brush): string[] {
  const parts = diffLines(asText(before), asText(after));
  const shown = parts.flatMap(({ value, added, removed }) => {
    const lines = value.replace(/\n$/, '').split('\n');
    if (added) return lines.map((line) => chalk.green(`+ ${line}`));
    if (removed) return lines.map((line) => chalk.red(`- ${line}`));
    return lines.length > 6 ? [`  ${lines[0]}`, '  ...', `  ${lines.at(-1)}`] : lines.map((line) => `  ${line}`);
  });
  return shown.map((line) => `  ${line}`);
}

function asText(value: unknown): string {
  const text = value === undefined || value === null ? '' : String(value);
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

function show(value: unknown): string {
  if (value === '') return '""';
  if (Array.isArray(value)) return value.length === 0 ? '[]' : value.join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
