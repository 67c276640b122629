import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../src/causes/catalogue.ts';
import { InputError } from '../../src/errors.ts';
import { vaultbind } from '../../src/model/commands.ts';
import { explanationText } from '../../src/output/explanation.ts';
import { fitted } from '../../src/output/layout/fit.ts';
import { type Style, styleOf } from '../../src/output/layout/paint.ts';
import { problemsText } from '../../src/output/problems.ts';
import { wizardText } from '../../src/output/wizard.ts';

const goldens = join(import.meta.dirname, '../golden');
const texts = ['cli', 'doctor', 'report'].flatMap((folder) =>
  readdirSync(join(goldens, folder))
    .filter((file) => file.endsWith('.txt') && !/github|commands/.test(file))
    .map((file) => [`${folder}/${file}`, readFileSync(join(goldens, folder, file), 'utf8')] as const),
);

const terminal = (width: number): Style => ({ color: false, unicode: true, width, wraps: true, verbose: false });

/** What stands under a fix is there to be copied. */
const commandsIn = (text: string) =>
  [...stripVTControlCharacters(text).matchAll(/^( +)fix: .*\n((?:\1 {5}.*\n)+)/gm)].flatMap(([, , below = '']) =>
    below.split('\n').map((line) => line.trim()),
  );
const wordsOf = (text: string) => stripVTControlCharacters(text).split(/\s+/);
const isChain = (line: string) => /─▶|->|^ *(?:(?:✓|✗|\?|·|ok|x|\.) *)+$/.test(line);

function expectFits(before: string, after: string, width: number, commands: string[]): void {
  expect(wordsOf(after)).toEqual(wordsOf(before));
  const lines = stripVTControlCharacters(after).split('\n');
  for (const command of commands) expect(lines.map((line) => line.trim())).toContain(command);
  const tooLong = lines.filter(
    (line) => line.length > width && !/^ *\S+(?: {2,}\S+)?$/.test(line) && !commands.includes(line.trim()),
  );
  expect(tooLong).toEqual([]);
}

describe.each(texts)('%s', (_file, text) => {
  const commands = commandsIn(text).filter((command) => command !== '');
  /** Rows of a chain are drawn for the width at hand; these were drawn for another. */
  const said = text
    .split('\n')
    .filter((line) => !isChain(stripVTControlCharacters(line)))
    .join('\n');

  it.each([80, 60])('has no line beyond %i columns and no broken word in a terminal', (width) => {
    expectFits(said, fitted(said, terminal(width), commands), width, commands);
  });

  it('stays as it is in a file', () => {
    expect(fitted(text, { ...terminal(40), wraps: false }, commands)).toBe(text);
  });
});

describe('a line that is broken', () => {
  const at = (width: number, line: string) => fitted(line, terminal(width), []);

  it.each([
    ['  ✗ one two three', '  ✗ one two\n    three'],
    [' fix: one two three', ' fix: one two\n      three'],
    ['error usage  one two three', 'error usage\n  one two\n  three'],
    ['      spreads  aaaa  bbbb cccc', '      spreads\n        aaaa\n        bbbb\n        cccc'],
  ])('%j goes on under its text', (line, broken) => {
    expect(at(14, line)).toBe(broken);
  });

  it.each([
    [
      '      fix: check it, and what answers: curl -v http://127.0.0.1:8200/v1/sys/health',
      'curl -v http://127.0.0.1:8200/v1/sys/health',
    ],
    ['      fix: see which there are (vault list auth/kube/role), or have one made', 'vault list auth/kube/role'],
    ['  ! one two three vaultbind step bind-role -f RECIPE and so on', 'vaultbind step'],
  ])('%j keeps its command whole', (line, command) => {
    for (const width of [40, 50, 60]) expect(at(width, line).split('\n').join('|'), String(width)).toContain(command);
  });

  it('of a field goes on under its value', () => {
    expect(at(44, `      token_policies  ${'one-policy '.repeat(4)}`.trimEnd())).toBe(
      Array(2)
        .fill('one-policy one-policy')
        .join(`\n${' '.repeat(22)}`)
        .replace(/^/, '      token_policies  '),
    );
  });

  it('keeps its colours', () => {
    const [esc, dim] = ['\u001b', '\u001b[2m'];
    const text = `${dim}      login: one ${esc}[31mtwo three four five${esc}[39m six seven${esc}[22m`;
    const broken = fitted(text, terminal(24), []);
    expectFits(text, broken, 24, []);
    expect(broken.startsWith(`${dim}      login`)).toBe(true);
  });

  it('loses no word, whatever it says', () => {
    const word = fc.stringMatching(/^[a-z✗→:./-]{1,30}$/);
    const line = fc.tuple(
      fc.nat(12),
      fc.array(word, { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 20, max: 100 }),
    );
    fc.assert(
      fc.property(line, ([indent, words, width]) => {
        const text = ' '.repeat(indent) + words.join(' ');
        expectFits(text, fitted(text, terminal(width), []), width, []);
      }),
    );
  });
});

describe('in a terminal of 80 columns', () => {
  const style = styleOf({ NO_COLOR: '1', LANG: 'en_US.UTF-8' }, { isTTY: true, columns: 80 }, false);
  const long = 'what is the case is said at such length that it does not fit into one line of a usual terminal';

  it('an error is broken and its command is not', () => {
    const command = vaultbind('doctor', {
      mount: 'kube-policy-of-production',
      role: 'my-role',
      secret: 'secret/data/a/b',
    });
    const problem = { code: 'usage', subject: 'x', message: long, fix: [{ why: long, command }] } as const;
    const text = problemsText(new InputError({ ...problem, fix: [...problem.fix] }), style);
    expectFits(text, text, 80, [
      'vaultbind doctor --mount kube-policy-of-production --role my-role --secret secret/data/a/b',
    ]);
    expect(text.split('\n').length).toBeGreaterThan(4);
  });

  it.each([{ fact: long }, { warning: long }])('the wizard tells %j', (told) => {
    const text = wizardText(told, style);
    expectFits(text, text, 80, []);
    expect(text.split('\n').length).toBe(3);
  });

  it('an explanation fits', () => {
    const cause = 'reviewer-forbidden';
    const text = explanationText({ code: cause, title: 'title', ...catalogue[cause] }, style);
    expectFits(text, text, 80, []);
  });
});
