import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FieldChange } from '../../src/model/report.ts';
import { fieldLines } from '../../src/output/fields.ts';
import { lineDiff } from '../../src/output/layout/line-diff.ts';
import { brush } from '../../src/output/layout/paint.ts';
import { changeLines } from '../../src/output/reports/diff-lines.ts';

/**
 * A diff takes bounded work however large and strange the texts are: up to a number of changed lines it is the smallest
 * one, above it what both have in front and at the end is kept and all between is replaced. Either way it is true: what
 * is gone and what stays are the one text, what has come and what stays the other.
 */
const text = (lines: string[]) => lines.map((line) => `${line}\n`).join('');
const side = (parts: ReturnType<typeof lineDiff>, sign: '-' | '+') =>
  parts.filter((one) => one.sign === ' ' || one.sign === sign).flatMap(({ lines }) => lines);
const signs = (parts: ReturnType<typeof lineDiff>) =>
  parts.map(({ sign, lines }) => `${sign}${lines.length}`).join(' ');
const numbered = (count: number, word: string) => Array.from({ length: count }, (_, index) => `${word} ${index}`);

describe('a line diff', () => {
  it('tells both texts', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c', '', ' a'), { maxLength: 30 });
    fc.assert(
      fc.property(lines, lines, (old, now) => {
        const parts = lineDiff(text(old), text(now));
        expect([side(parts, '-'), side(parts, '+')]).toEqual([old, now]);
      }),
    );
  });

  it('is the smallest one while few lines change, in a text of any size', () => {
    const old = numbered(50_000, 'line');
    const now = old.flatMap((line, index) => (index % 1000 === 0 ? [`${line}!`] : [line]));
    expect(lineDiff(text(old), text(now)).filter(({ sign }) => sign === '-')).toHaveLength(50);
  });

  it('replaces all between the first and the last change when many do', () => {
    const same = numbered(10, 'same');
    const [old, now] = [numbered(30_000, 'old'), numbered(20_000, 'new')];
    const parts = lineDiff(text([...same, ...old, ...same]), text([...same, ...now, ...same]));
    expect(signs(parts)).toBe([' 10', '-30000', '+20000', ' 10'].join(' '));
    expect([side(parts, '-'), side(parts, '+')]).toEqual([
      [...same, ...old, ...same],
      [...same, ...now, ...same],
    ]);
  });

  it('replaces a text by one that is its lines in another order, and one by nothing', () => {
    const old = numbered(20_000, 'line');
    const parts = lineDiff(text(old), text(old.toReversed()));
    expect([side(parts, '-'), side(parts, '+')]).toEqual([old, old.toReversed()]);
    expect(signs(lineDiff(text(old), undefined))).toBe('-20000');
    expect(signs(lineDiff(undefined, text(old)))).toBe('+20000');
    expect(lineDiff('', '')).toEqual([]);
  });
});

describe('the fields of a finding with a large text', () => {
  const change: FieldChange = {
    field: 'policy',
    before: text(numbered(9000, 'old')),
    after: text(numbered(8000, 'new')),
  };

  it('are shown in a bounded number of lines, with how many are left', () => {
    const shown = fieldLines(
      { fields: [change], status: 'pending' },
      brush({ color: false, unicode: true, width: 80, wraps: false, verbose: false }),
    );
    expect(shown.length).toBeLessThan(1000);
    expect(shown.join('\n')).toMatch(/\.\.\. 8600 more lines go;[\s\S]*\.\.\. 7600 more lines come; -o json has them/);
  });

  it('are whole in a report, which cuts by itself', () => {
    expect(changeLines([change])).toHaveLength(1 + 9000 + 8000);
  });
});
