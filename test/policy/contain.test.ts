import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contains, widened } from '../../src/policy/contain.ts';
import { capabilitiesOf } from '../../src/policy/evaluate.ts';
import { reachesKeys } from '../../src/policy/keys.ts';
import type { PolicyRule } from '../../src/policy/rule.ts';

const rows: [outer: string, inner: string, holds: boolean][] = [
  ['a/b', 'a/b', true],
  ['a/b', 'a/b/', false],
  ['a/b', 'a/+', false],
  ['a/*', 'a/b', true],
  ['a/*', 'a/b/c', true],
  ['a/*', 'a/', true],
  ['a/*', 'a', false],
  ['a/*', 'a/b*', true],
  ['a/*', 'a*', false],
  ['a/*', 'ab/c', false],
  ['a/*', 'a/+/c', true],
  ['a/*', 'a/+', true],
  ['a/*', '+/b', false],
  ['a/*', '*', false],
  ['a/b*', 'a/+', false],
  ['a/b*', 'a/bc', true],
  ['*', '+/b/*', true],
  ['a/+', 'a/b', true],
  ['a/+', 'a/b/c', false],
  ['a/+', 'a/*', false],
  ['a/+', 'a/b*', false],
  ['a/+', '+/b', false],
  ['a/+/c', 'a/b/c', true],
  ['a/+/c', 'a/+/c', true],
  ['a/+/c', 'a/+/+', false],
  ['a/+/*', 'a/b/c/d', true],
  ['a/+/*', 'a/b/*', true],
  ['a/+/*', 'a/*', false],
  ['a/+/*', 'a/b', false],
  ['a/+/c*', 'a/x/cd*', true],
  ['a/+/c*', 'a/x/+', false],
  ['+/+', 'a/b', true],
  ['+/b', 'a/b', true],
  ['a/x+y', 'a/x+y', true],
  ['a/x+y*', 'a/x+yz', true],
];

describe('a policy path that holds another', () => {
  it.each(rows)('%s holds %s: %s', (outer, inner, holds) => {
    expect(contains(outer, inner)).toBe(holds);
  });
});

/** Few letters, so that paths meet; `+` and `*` also where they mean nothing. */
const segment = fc.constantFrom('a', 'b', 'ab', '', '+', '+a', 'a+', 'sys');
const pattern = fc
  .tuple(fc.array(segment, { minLength: 1, maxLength: 4 }), fc.constantFrom('', '', '*'))
  .map(([segments, end]) => `${segments.join('/')}${end}`)
  .filter((path) => path !== '' && !path.startsWith('/'));
const request = fc
  .array(fc.constantFrom('a', 'b', 'ab', 'aa', 'c', '+a', 'a+', 'ac', 'sys', ''), { minLength: 1, maxLength: 5 })
  .map((segments) => segments.join('/'))
  .filter((path) => path !== '' && !path.startsWith('/'));
const product = fc.constantFrom('vault' as const, 'openbao' as const);

const allows = (path: string, asked: string, server: 'vault' | 'openbao') =>
  capabilitiesOf([{ path, capabilities: ['read'], line: 1, column: 1 } satisfies PolicyRule], asked, server)[0] ===
  'read';

/** A request that a pattern is about, more often than chance gives one. */
function filled(path: string, words: string[]): string {
  let next = 0;
  const word = () => words[next++ % words.length] ?? 'a';
  const fixed = path.endsWith('*') ? `${path.slice(0, -1)}${word()}/${word()}` : path;
  return fixed
    .split('/')
    .map((one) => (one === '+' ? word() : one))
    .join('/');
}
const words = fc.array(fc.constantFrom('a', 'b', 'ab', 'x', ''), { minLength: 1, maxLength: 4 });

describe('containment, by the servers’ own matching', () => {
  it('what is held allows nothing that its holder does not', () => {
    fc.assert(
      fc.property(pattern, pattern, request, words, product, (outer, inner, asked, some, server) => {
        if (!contains(outer, inner)) return;
        for (const path of [asked, `${asked}/`, filled(inner, some), `${filled(inner, some)}/`])
          if (allows(inner, path, server)) expect([path, allows(outer, path, server)]).toEqual([path, true]);
      }),
      { numRuns: 20_000 },
    );
  });

  it('is found whenever no request tells the two apart', () => {
    const alphabet = ['a', 'b', 'ab', 'zz'];
    const all = [1, 2, 3, 4].flatMap((length) =>
      Array.from({ length: alphabet.length ** length }, (_, index) =>
        Array.from({ length }, (__, at) => alphabet[Math.floor(index / alphabet.length ** at) % alphabet.length]).join(
          '/',
        ),
      ),
    );
    const plain = fc
      .tuple(fc.array(fc.constantFrom('a', 'b', '+'), { minLength: 1, maxLength: 3 }), fc.constantFrom('', '/*'))
      .map(([segments, end]) => `${segments.join('/')}${end}`);
    fc.assert(
      fc.property(plain, plain, (outer, inner) => {
        const missed = all.filter((path) => allows(inner, path, 'vault') && !allows(outer, path, 'vault'));
        expect([outer, inner, contains(outer, inner)]).toEqual([outer, inner, missed.length === 0]);
      }),
      { numRuns: 300 },
    );
  });

  it('whatever reaches a request below sys/ is known to, also in a child namespace', () => {
    fc.assert(
      fc.property(pattern, request, words, fc.nat(4), product, (path, asked, some, at, server) => {
        const mixed = filled(path, some).split('/').toSpliced(at, 1, 'sys').join('/');
        for (const one of [`sys/${asked}`, filled(path, ['sys', ...some]), mixed])
          if (/(?:^|\/)sys\/./.test(one) && allows(path, one, server))
            expect([path, reachesKeys(path)]).not.toEqual([path, undefined]);
      }),
      { numRuns: 20_000 },
    );
  });

  it('a template counts as all that it can become', () => {
    fc.assert(
      fc.property(pattern, pattern, fc.nat(6), request, words, product, (path, value, at, asked, some, server) => {
        const head = path.replace(/\*$/, '').slice(0, at);
        const tail = path.slice(head.length);
        const become = `${head}${value}${tail}`;
        const wide = widened(`${head}{{identity.entity.name}}${tail}`);
        for (const one of [asked, filled(become, some)])
          if (allows(become, one, server))
            expect([become, one, allows(wide, one, server)]).toEqual([become, one, true]);
      }),
      { numRuns: 20_000 },
    );
  });
});
