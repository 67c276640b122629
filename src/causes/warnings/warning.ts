import type { Code } from '../../codes.ts';
import type { Command } from '../../command.ts';
import type { Fix, Problem } from '../../errors.ts';
import type { Examination } from '../../facts/examination.ts';

/** What works today and breaks, or hurts, later: one theme a file, pure. */
export type Warner = (x: Examination, now: Date) => Problem[];

export function warning(code: Code, subject: string, message: string, why: string, command?: Command): Problem {
  const fix: Fix = command === undefined ? { why } : { why, command };
  return { code, subject, message, fix: [fix] };
}

const soon = 14 * 24 * 3600 * 1000;

/** Ends within two weeks and has not ended yet: what has ended is a cause. */
export function endsSoon(end: Date, now: Date): boolean {
  const left = end.getTime() - now.getTime();
  return left > 0 && left < soon;
}
