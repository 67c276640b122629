import type { Report, Summary } from '../model/report.ts';
import { count } from './count.ts';

const words: [keyof Summary, string][] = [
  ['ok', 'ok'],
  ['asked', 'asked only'],
  ['changed', 'changed'],
  ['pending', 'pending'],
  ['warnings', 'warnings'],
  ['failed', 'failed'],
  ['blocked', 'blocked'],
  ['skipped', 'skipped'],
];

/** `3 ok, 1 failed`: what there is none of is left out. */
export function countsOf(summary: Summary): string {
  return words
    .filter(([name]) => summary[name] > 0 || name === 'ok')
    .map(([name, word]) => `${count(summary[name])} ${word}`)
    .join(', ');
}

export function wasInterrupted(findings: Report['findings']): boolean {
  return findings.some(({ code }) => code === 'interrupted');
}

/** How it went, in a few words. */
export function verdictOf({ command, ok, findings, summary: { pending, changed, warnings } }: Report): string {
  if (wasInterrupted(findings)) return 'interrupted';
  if (!ok) return 'not as it should be';
  if (pending > 0) return `${count(pending)} to change`;
  if (changed > 0) return 'done';
  if (command === 'plan' || command === 'apply') return 'nothing to change';
  return warnings > 0 ? 'good, with warnings' : 'good';
}
