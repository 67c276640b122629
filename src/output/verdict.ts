import type { Report, Summary } from '../model/report.ts';
import { count } from './layout/count.ts';

type Counted = [keyof Summary, string][];

const planned: Counted = [
  ['to_create', 'to create'],
  ['to_change', 'to change'],
];
const done: Counted = [
  ['created', 'created'],
  ['updated', 'changed'],
];
const others: Counted = [
  ['warnings', 'warnings'],
  ['failed', 'failed'],
  ['blocked', 'blocked'],
  ['skipped', 'skipped'],
];

/** `3 ok, 1 failed`: what there is none of is left out. `but` stands beside it already. */
export function countsOf(summary: Summary, but: Counted = []): string {
  const words: Counted = [['ok', 'ok'], ['asked', 'asked only'], ...done, ...planned, ...others];
  const left = words.filter((one) => !but.includes(one) && (summary[one[0]] > 0 || one[0] === 'ok'));
  return inWords(summary, left);
}

function inWords(summary: Summary, words: Counted): string {
  return words
    .map(
      ([name, word]) => `${count(summary[name])} ${summary[name] === 1 ? word.replace(/^warnings$/, 'warning') : word}`,
    )
    .join(', ');
}

export function wasInterrupted(findings: Report['findings']): boolean {
  return findings.some(({ code }) => code === 'interrupted');
}

/** The counts that the verdict does not name. */
export function countsBeside(report: Report): string {
  return countsOf(report.summary, isPending(report) ? planned : []);
}

/** How it went, in a few words. */
export function verdictOf(report: Report): string {
  const { command, ok, findings, summary } = report;
  if (wasInterrupted(findings)) return 'interrupted';
  if (!ok) return didNotRun(report) ? 'did not run' : 'not as it should be';
  if (isPending(report))
    return inWords(
      summary,
      planned.filter(([name]) => summary[name] > 0),
    );
  if (summary.changed > 0) return 'done';
  if (command === 'plan' || command === 'apply') return 'nothing to change';
  return summary.warnings > 0 ? 'good, with warnings' : 'good';
}

/** What was given is wrong or lacks something, so neither system was looked at. */
function didNotRun({ command, recipe, vault, cluster, causes, findings }: Report): boolean {
  const speaks = /^(plan|apply|verify|step |init)/.test(command);
  const unseen = !recipe && !vault && !cluster && causes.length === 0 && findings.length > 0;
  return speaks && unseen && findings.every(({ step }) => step === null);
}

function isPending({ ok, findings, summary }: Report): boolean {
  return ok && !wasInterrupted(findings) && summary.pending > 0;
}

/** `4.2 s`, `2 min 5 s`; '' when nobody measured. */
export function timeInWords(milliseconds: number): string {
  if (milliseconds === 0) return '';
  const seconds = milliseconds / 1000;
  return seconds < 60 ? `${seconds.toFixed(1)} s` : `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}
