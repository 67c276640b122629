import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { accountText, matches, parseAccount } from '../../src/model/account.ts';
import { printPolicy } from '../../src/policy/canonical.ts';
import { oddCharacter } from '../../src/policy/reading/odd-characters.ts';
import { parsePolicy } from '../../src/policy/reading/parse.ts';
import { nearestDuration, parseDuration, printDuration } from '../../src/recipe/durations.ts';
import { expand } from '../../src/recipe/source/environment.ts';
import { nearest } from '../../src/recipe/suggest.ts';
import { shown, unprintableIn } from '../../src/recipe/text.ts';
import { canonicalUrl, isLoopback } from '../../src/recipe/urls.ts';

vi.setConfig({ testTimeout: 60_000 });

describe('durations', () => {
  test.each([
    ['24h', 86_400],
    ['90s', 90],
    ['1h30m', 5_400],
    ['2d', 172_800],
    ['1d12h', 129_600],
    ['3600', 3_600],
    [3_600, 3_600],
    ['0', 0],
    ['007s', 7],
  ])('%s is %d seconds', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });

  test.each(
    ['', 'h', '1', '1.5h', '1 h', '-1h', '1h1h', '1s1h', '1w', '1H', '36501d', '٣s'].filter((text) => text !== '1'),
  )('%s is none', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  test.each([
    ['24 H', '24h'],
    ['1.5h', '90m'],
    ['2w', '336h'],
    ['10 minutes', '10m'],
    ['1 day', '24h'],
    ['3 months', undefined],
    ['500ms', undefined],
    ['soon', undefined],
  ])('%s was meant as %s', (text, meant) => {
    expect(nearestDuration(text)).toBe(meant);
  });

  test('what is printed is read back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3_000_000_000 }), (total) => parseDuration(printDuration(total)) === total),
    );
  });
});

describe('accounts', () => {
  test.each([
    ['a/b', { namespace: 'a', name: 'b' }],
    ['system:serviceaccount:a:b.c', { namespace: 'a', name: 'b.c' }],
    ['*/b', { namespace: '*', name: 'b' }],
    ['a', undefined],
    ['a/b/c', undefined],
    ['/b', undefined],
    ['a/', undefined],
    ['system:serviceaccount:a', undefined],
  ])('%s', (text, account) => {
    expect(parseAccount(text)).toEqual(account);
    if (account && !text.includes(':')) expect(accountText(account)).toBe(text);
  });

  test.each([
    ['*', 'x', true],
    ['a-*', 'a-1', true],
    ['a-*', 'b-1', false],
    ['*-a', 'x-a', true],
    ['*a*', 'bab', true],
    ['a*b', 'axb', false],
    ['a', 'a', true],
  ])('%s matches %s: %s', (bound, name, expected) => {
    expect(matches(bound, name)).toBe(expected);
  });
});

describe('environment', () => {
  const env = { VAULTBIND_A: 'one', OPEN: 'two', CLOSED: 'three', VAULTBIND_EMPTY: '' };
  const at = (text: string, inPolicy = false) => {
    const said: string[] = [];
    return [
      expand(text, { env, allowedEnv: ['OPEN', 'UNSET'] }, inPolicy, (message) => said.push(message)),
      said.length,
    ];
  };

  test.each([
    ['plain $ and {}', 'plain $ and {}', 0],
    ['${env:VAULTBIND_A}-${env:OPEN}', 'one-two', 0],
    ['${env:UNSET:-default}', 'default', 0],
    ['${env:UNSET:-}', '', 0],
    ['${env:VAULTBIND_EMPTY:-default}', 'default', 0],
    ['${env:VAULTBIND_EMPTY}', '', 0],
    ['$${env:OPEN}', '${env:OPEN}', 0],
    ['$${HOME}', '${HOME}', 0],
    ['${env:CLOSED}', '${env:CLOSED}', 1],
    ['${env:UNSET}', '${env:UNSET}', 1],
    ['${env:}', '${env:}', 1],
    ['${env:A B}', '${env:A B}', 1],
    ['${env:OPEN', '${env:OPEN', 1],
    ['${HOME}', '${HOME}', 1],
    ['$(id)', '$(id)', 1],
    ['${accessor}', '${accessor}', 1],
  ])('%s is %s', (text, value, mistakes) => {
    expect(at(text)).toEqual([value, mistakes]);
  });

  test('policies keep what is theirs', () => {
    expect(at('${accessor} ${x} $(y) ${env:OPEN} ${env:CLOSED}', true)).toEqual([
      '${accessor} ${x} $(y) two ${env:CLOSED}',
      1,
    ]);
  });
});

describe('policy text', () => {
  test('has one form', () => {
    const rules = [
      { path: 'secret/data/a', capabilities: ['read'] },
      { path: 'secret/metadata/*', capabilities: ['list', 'read'] },
    ];
    expect(printPolicy(rules)).toBe(
      'path "secret/data/a" {\n  capabilities = ["read"]\n}\n\npath "secret/metadata/*" {\n  capabilities = ["list", "read"]\n}\n',
    );
  });

  test('says what the rules say, whatever is in the path', () => {
    const path = fc
      .string({ minLength: 1, unit: 'grapheme' })
      .filter(
        (text) =>
          !unprintableIn(text, 'line') && !oddCharacter(text) && !text.startsWith('/') && !text.includes('${accessor}'),
      );
    fc.assert(
      fc.property(fc.uniqueArray(path, { minLength: 1 }), (paths) => {
        const { rules, problems } = parsePolicy(
          printPolicy(paths.map((one) => ({ path: one, capabilities: ['read'] }))),
        );
        expect(rules.map((rule) => rule.path)).toEqual(paths);
        expect(problems.filter(({ message }) => !/path|\+\*/.test(message))).toEqual([]);
      }),
    );
  });

  test('leaves the placeholder of the accessor as it is', () => {
    expect(printPolicy([{ path: 'a/${accessor}/${other}', capabilities: ['read'] }])).toContain(
      '"a/${accessor}/\\x24{other}"',
    );
  });
});

test.each([
  ['polices', 'policies'],
  ['token-ttl', 'token_ttl'],
  ['PATH', 'path'],
  ['zzz', undefined],
  ['x'.repeat(1000), undefined],
])('%s is near %s', (word, meant) => {
  expect(nearest(word, ['policies', 'token_ttl', 'path'])).toBe(meant);
});

test('shown text is printable, short, and holds no token', () => {
  expect(shown('a\u001b[2J\u0085')).toBe('"a\\u001b[2J\\u0085"');
  expect(shown('x'.repeat(500)).length).toBeLessThan(100);
  expect(shown('hvs.CAESIJ1234567890abcdefghij')).toBe('"***"');
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => unprintableIn(shown(text), 'line') === undefined));
});

test('addresses', () => {
  expect(canonicalUrl('HTTPS://A.example.com:443/')).toBe('https://a.example.com');
  expect(['127.0.0.1', '[::1]', 'localhost', '0.0.0.0', 'a.localhost'].every(isLoopback)).toBe(true);
  expect(['10.0.0.1', 'localhost.example.com', '128.0.0.1'].some(isLoopback)).toBe(false);
});
