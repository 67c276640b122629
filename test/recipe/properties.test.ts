import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { stringify } from 'yaml';
import type { Problem } from '../../src/errors.ts';
import type { Recipe } from '../../src/recipe/recipe.ts';
import { mistakesOf, read, recipe } from './reading.ts';

vi.setConfig({ testTimeout: 120_000 });

const name = fc.stringMatching(/^[a-z][a-z0-9]{0,6}(-[a-z0-9]{1,4})?$/);
const account = fc.tuple(name, name).map(([namespace, one]) => `${namespace}/${one}`);
const path = fc.tuple(name, name).map(([a, b]) => `secret/data/${a}/${b}`);

const role = fc.record(
  {
    name,
    service_accounts: account.map((one) => [one]),
    token_policies: fc.uniqueArray(name, { minLength: 1, maxLength: 3 }),
    create_service_accounts: fc.boolean(),
    audience: fc.webUrl(),
    token_ttl: fc.oneof(fc.integer({ min: 1, max: 9_999 }), fc.constantFrom('1h', '90s', '1h30m', '2d')),
    token_no_default_policy: fc.boolean(),
    token_bound_cidrs: fc.array(fc.ipV4()),
  },
  { requiredKeys: ['name', 'service_accounts', 'token_policies'] },
);

const document = fc.record(
  {
    version: fc.constant(1),
    name,
    vault: fc.record({ address: fc.constant('https://vault.example.com:8200') }),
    cluster: fc.record({ context: name }),
    auth: fc.record({
      path: name.filter((one) => one !== 'token'),
      manage: fc.constantFrom('full', 'create'),
      description: fc.string({ unit: fc.constantFrom(...'aé ß:#-\'"{}[],&*!|>%@`\\') }),
      reviewer: fc.record({ service_account: account }),
    }),
    policies: fc.uniqueArray(
      fc.record({
        name,
        rules: fc.array(fc.record({ path, capabilities: fc.constant(['read']) }), { minLength: 1, maxLength: 3 }),
      }),
      { selector: (one) => one.name, maxLength: 4 },
    ),
    roles: fc.uniqueArray(role, { selector: (one) => one.name, maxLength: 4 }),
  },
  { requiredKeys: ['version', 'name', 'auth'] },
);

/** Without places: those are what differs between two ways to write the same. */
function meaning(found: Recipe): unknown {
  return JSON.parse(JSON.stringify(found, (key, value) => (/(^a|A)t$/.test(key) ? undefined : value)));
}

test('a recipe printed in any style of YAML reads the same', () => {
  fc.assert(
    fc.property(
      document.filter(
        (one) =>
          one.auth.description !== undefined &&
          !JSON.stringify(one).includes('$') &&
          !['default', 'root'].some((word) => JSON.stringify(one).includes(`"${word}"`)),
      ),
      (one) => {
        const block = read(stringify(one)).recipe;
        expect(meaning(read(JSON.stringify(one)).recipe)).toEqual(meaning(block));
        expect(meaning(read(stringify(one, { lineWidth: 20, defaultStringType: 'QUOTE_SINGLE' })).recipe)).toEqual(
          meaning(block),
        );
        expect(block.auth.description).toBe(one.auth.description);
        expect(block.roles.map((found) => found.token_policies)).toEqual(
          (one.roles ?? []).map((given) => given.token_policies),
        );
        expect(block.policies.map((found) => found.name)).toEqual((one.policies ?? []).map((given) => given.name));
      },
    ),
  );
});

describe('garbage', () => {
  const sane = (text: string): void =>
    expectInside(
      mistakesOf(() => read(text)),
      text,
    );

  test('any text is refused with places inside it, or read', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), sane), { numRuns: 300 });
  });

  test('any value in the place of a recipe too', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => sane(JSON.stringify(value))),
      { numRuns: 200 },
    );
  });

  test('a recipe with a piece changed too', () => {
    const whole = recipe(
      'expect: [{role: app, service_account: default/app, can: [read secret/data/app]}]',
      'vault: {address: https://a.example.com}',
    );
    const piece = fc.oneof(
      fc.string({ maxLength: 6 }),
      fc.constantFrom('\n', ': ', '- ', '[', '}', '*a', '&a ', '${env:X}', '"', '|\n  x', '\t', '~', '{}'),
    );
    fc.assert(
      fc.property(fc.nat(whole.length), fc.nat(8), piece, (at, cut, put) =>
        sane(whole.slice(0, at) + put + whole.slice(at + cut)),
      ),
      { numRuns: 500 },
    );
  });

  test('any value under any key too', () => {
    const keys = fc.constantFrom(
      'version',
      'name',
      'vault',
      'cluster',
      'auth',
      'policies',
      'roles',
      'expect',
      'path',
      'rules',
      'hcl',
      'token_ttl',
      'service_accounts',
      'can',
      'reviewer',
      'config',
      'pem_keys',
      '__proto__',
      'constructor',
      'toString',
    );
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom(null, true, 1, 1.5, '', 'a/b', 'read a/b', '*', 'x'.repeat(300)),
        fc.array(tie('any'), { maxLength: 3 }),
        fc.dictionary(keys, tie('any'), { maxKeys: 6, noNullPrototype: true }),
      ),
    })).any;
    fc.assert(
      fc.property(fc.dictionary(keys, value, { maxKeys: 8, noNullPrototype: true }), (given) =>
        sane(stringify({ version: 1, ...given })),
      ),
      { numRuns: 500 },
    );
  });
});

function expectInside(problems: Problem[], text: string): void {
  const lines = text.split('\n');
  for (const { at, message, code } of problems) {
    expect(message).not.toBe('');
    if (code === 'recipe-unreadable') continue;
    expect(at, message).toBeDefined();
    const { line = 0, column = 0 } = at ?? {};
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(lines.length);
    expect(column).toBeGreaterThanOrEqual(1);
    expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1);
  }
}
