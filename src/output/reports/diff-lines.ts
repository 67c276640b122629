import type { FieldChange } from '../../model/report.ts';
import { fieldInWords } from '../fields.ts';
import { lineDiff } from '../layout/line-diff.ts';

/** The fields of an object as a diff: what is gone with `-`, what comes with `+`. */
export function changeLines(fields: FieldChange[]): string[] {
  return fields.flatMap((change) => (isText(change) ? textLines(change) : valueLines(change)));
}

function isText({ before, after, unknown }: FieldChange): boolean {
  const long = (value: unknown) => typeof value === 'string' && fieldInWords(value) === value && value.includes('\n');
  return unknown === undefined && (long(before) || long(after));
}

function textLines({ field, before, after }: FieldChange): string[] {
  const parts = lineDiff(before, after).flatMap(({ sign, lines }) => lines.map((line) => `${sign}   ${line}`));
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
  const words = fieldInWords(value);
  return typeof words === 'string' && words !== '' && !words.includes('\n') ? words : JSON.stringify(words);
}
