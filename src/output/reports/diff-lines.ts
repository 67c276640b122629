import { diffLines } from 'diff';
import type { FieldChange } from '../../engine/report.ts';
import { inWords } from '../fields.ts';

/** The fields of an object as a diff: what is gone with `-`, what comes with `+`. */
export function changeLines(fields: FieldChange[]): string[] {
  return fields.flatMap((change) => (isText(change) ? textLines(change) : valueLines(change)));
}

function isText({ before, after, unknown }: FieldChange): boolean {
  const long = (value: unknown) => typeof value === 'string' && inWords(value) === value && value.includes('\n');
  return unknown === undefined && (long(before) || long(after));
}

function textLines({ field, before, after }: FieldChange): string[] {
  const parts = diffLines(ended(before), ended(after)).flatMap(({ value, added, removed }) => {
    const sign = added ? '+' : removed ? '-' : ' ';
    return value
      .replace(/\n$/, '')
      .split('\n')
      .map((line) => `${sign}   ${line}`);
  });
  return [`  ${field}:`, ...parts];
}

function valueLines({ field, before, after, unknown }: FieldChange): string[] {
  const line = (sign: string, value: unknown) => `${sign} ${field}: ${shown(value)}`;
  return [
    ...(before === undefined ? [] : [line('-', before)]),
    ...(unknown === undefined ? (after === undefined ? [] : [line('+', after)]) : [`+ ${field}: (${unknown})`]),
  ];
}

/** JSON where a value is more than a word, so that no value can be mistaken for several lines. */
function shown(value: unknown): string {
  const words = inWords(value);
  return typeof words === 'string' && words !== '' && !words.includes('\n') ? words : JSON.stringify(words);
}

function ended(value: unknown): string {
  const text = value === undefined || value === null ? '' : String(value);
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}
