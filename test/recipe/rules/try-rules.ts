import { expect, test } from 'vitest';
import type { Code } from '../../../src/codes.ts';
import { marked, mistakesOf, places, read, recipe } from '../reading.ts';

/** What a rule says, at the places marked with « in the recipe that the sections make. */
export type Case = [rule: string, kind: 'error' | 'warning', code: Code, says: string, ...sections: string[]];

export function tryRules(cases: Case[]): void {
  test.each(cases)('%s, %s %s: %s', (_rule, kind, code, says, ...sections) => {
    const { text, marks } = marked(recipe(...sections));
    const errors = mistakesOf(() => read(text));
    const problems = kind === 'error' ? errors : read(text).warnings;
    const [mark] = marks;
    const found = problems.filter(({ at }) => at?.line === mark?.line && at?.column === mark?.column);
    const said = found.filter((one) => one.code === code).map(({ message }) => message);
    expect(said, JSON.stringify(problems)).toContainEqual(expect.stringContaining(says));
    if (kind === 'error') expect(places(errors)).toEqual(marks.map(({ line, column }) => `${line}:${column}`));
  });
}
