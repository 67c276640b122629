import { diffLines } from 'diff';

/** Lines of one kind in a row: gone, come, or in both. */
export interface LineRun {
  sign: '-' | '+' | ' ';
  lines: string[];
}

/**
 * Lines that go and come, all in all, up to which the smallest difference is looked for: the work grows with their
 * square, and the texts may be anybody's. A person reads no more of them than that one by one.
 */
const mostEdits = 500;

/** What makes one text of the other. Above the limit: what both have in front and at the end, and all between as replaced. */
export function lineDiff(before: unknown, after: unknown): LineRun[] {
  const [old, now] = [ended(before), ended(after)];
  const parts = diffLines(old, now, { maxEditLength: mostEdits });
  if (!parts) return replaced(linesOf(old), linesOf(now));
  return parts.map(({ value, added, removed }) => ({ sign: added ? '+' : removed ? '-' : ' ', lines: linesOf(value) }));
}

function replaced(old: string[], now: string[]): LineRun[] {
  const shorter = Math.min(old.length, now.length);
  let head = 0;
  while (head < shorter && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  const parts: LineRun[] = [
    { sign: ' ', lines: old.slice(0, head) },
    { sign: '-', lines: old.slice(head, old.length - tail) },
    { sign: '+', lines: now.slice(head, now.length - tail) },
    { sign: ' ', lines: old.slice(old.length - tail) },
  ];
  return parts.filter(({ lines }) => lines.length > 0);
}

/** Each line has its end, so that a last one without is no other line. */
function ended(value: unknown): string {
  const text = value === undefined || value === null ? '' : String(value);
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}
