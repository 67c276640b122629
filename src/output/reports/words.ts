import type { Finding } from '../../model/report.ts';
import { fieldLines } from '../fields.ts';
import { brush } from '../layout/paint.ts';

const plain = brush({ color: false, unicode: true, width: 100, wraps: false, verbose: true });

/** One line: the object and what is the case with it. */
export function headline({ subject, message }: Pick<Finding, 'subject' | 'message'>): string {
  const text = subject === '' || message.includes(subject) ? message : `${subject}: ${message}`;
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ');
}

/** What was tried and what to do, in lines. */
export function details({ evidence, fix }: Pick<Finding, 'evidence' | 'fix'>): string[] {
  return [
    ...evidence.map(({ experiment, said }) => `${experiment}: ${said}`),
    ...fix.flatMap(({ why, command }) => [`fix: ${why}`, ...(command === undefined ? [] : [command])]),
  ].flatMap((line) => line.split('\n'));
}

/** The fields that differ, as a person sees them in a terminal. */
export function fieldWords(finding: Pick<Finding, 'fields' | 'status'>): string[] {
  return fieldLines(finding, plain).map((line) => line.trimEnd());
}
