import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { policyDiff, samePolicy } from '../../src/policy/compare.ts';
import { printPlain } from '../../src/policy/print.ts';
import { parsePolicy } from '../../src/policy/reading/parse.ts';
import type { Capability } from '../../src/policy/rule.ts';

interface Written {
  path: string;
  capabilities: Capability[];
  allowed: [string, (string | number | boolean)[]][];
  ttl: number;
}

const known: Capability[] = ['create', 'read', 'update', 'patch', 'delete', 'list', 'sudo'];
/** What policies cannot hold with certainty is another test's. */
const words = fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => text.replace(/[\ufffd\ufeff]/g, ''));
const path = words.map((text) => `p/${text.replace(/\{|\}/g, '')}`).filter((text) => !text.includes('+*'));
const value = fc.oneof(words, fc.integer(), fc.boolean());

const rule: fc.Arbitrary<Written> = fc.record({
  path,
  capabilities: fc.uniqueArray(fc.constantFrom(...known)),
  allowed: fc.uniqueArray(
    fc.tuple(
      words.map((name) => name.toLowerCase()),
      fc.array(value, { maxLength: 3 }),
    ),
    {
      selector: ([name]) => name.toLowerCase(),
      maxLength: 3,
    },
  ),
  ttl: fc.nat({ max: 100_000 }),
});
const policy = fc.uniqueArray(rule, { selector: (one) => one.path, minLength: 1, maxLength: 4 });
const gap = fc.constantFrom(' ', '\n', '\t', '\r\n', ' # x\n', '// "y" {\n', '/* z }\n */', '   ');

/** The tokens of a policy: between any two of them may stand any gap. */
function tokens(rules: Written[]): string[] {
  return rules.flatMap(({ path, capabilities, allowed, ttl }) => [
    ...['path', printPlain(path), '{', 'capabilities', '=', '['],
    ...capabilities.flatMap((name) => [printPlain(name), ',']),
    ...[']', 'min_wrapping_ttl', '=', `${ttl}`, 'allowed_parameters', '=', '{'],
    ...allowed.flatMap(([name, values]) => [printPlain(name), '=', printPlain(values), ',']),
    '}',
    '}',
  ]);
}

const print = (rules: Written[]) => tokens(rules).join(' ');

function json(rules: Written[]): string {
  return JSON.stringify({
    path: rules.map(({ path, capabilities, allowed, ttl }) => ({
      [path]: { capabilities, min_wrapping_ttl: `${ttl}s`, allowed_parameters: Object.fromEntries(allowed) },
    })),
  });
}

describe('policies by property', () => {
  it('what is printed reads back as it was', () => {
    fc.assert(
      fc.property(policy, (rules) => {
        const { rules: found, problems } = parsePolicy(print(rules));
        expect(problems).toEqual([]);
        expect(found.map(({ path }) => path)).toEqual(rules.map(({ path }) => path));
        for (const [index, { capabilities, allowed, ttl }] of rules.entries()) {
          expect(new Set(found[index]?.capabilities)).toEqual(new Set(capabilities));
          expect(found[index]?.allowed_parameters).toEqual(new Map(allowed));
          expect(found[index]?.min_wrapping_ttl).toBe(ttl);
        }
      }),
    );
  });

  it('spaces, comments and line ends never change the meaning', () => {
    fc.assert(
      fc.property(policy, fc.array(gap, { minLength: 1, maxLength: 200 }), (rules, gaps) => {
        const written = tokens(rules).map((token, index) => token + (gaps[index % gaps.length] ?? ' '));
        expect(policyDiff(print(rules), written.join(''))).toEqual([]);
      }),
    );
  });

  it('order, doubling and splitting never change the meaning', () => {
    fc.assert(
      fc.property(policy, (rules) => {
        const turned = rules.map((one) => ({ ...one, capabilities: [...one.capabilities].reverse() })).reverse();
        const doubled = rules.map((one) => ({ ...one, capabilities: [...one.capabilities, ...one.capabilities] }));
        const split = rules.flatMap((one) => [one, { ...one, capabilities: one.capabilities.slice(1) }]);
        for (const other of [turned, doubled, split]) expect(policyDiff(print(rules), print(other))).toEqual([]);
      }),
    );
  });

  it('JSON means what HCL means', () => {
    // Lists of the JSON form lose booleans, and a key `__proto__` is lost by our own printing.
    const plain = policy.filter((rules) =>
      rules.every(({ allowed }) =>
        allowed.every(([name, values]) => name !== '__proto__' && !values.some((one) => typeof one === 'boolean')),
      ),
    );
    fc.assert(
      fc.property(plain, (rules) => {
        fc.pre(!/\\u|\\[bf]/.test(json(rules)));
        expect(policyDiff(print(rules), json(rules))).toEqual([]);
      }),
    );
  });

  it('another capability, path, value or time always is a change', () => {
    fc.assert(
      fc.property(policy, fc.nat(), fc.constantFrom(...known), path, words, (rules, pick, capability, other, more) => {
        const index = pick % rules.length;
        const one = rules[index];
        if (!one) return;
        const has = one.capabilities.includes(capability);
        const capabilities = has
          ? one.capabilities.filter((name) => name !== capability)
          : [...one.capabilities, capability];
        const changes: Written[] = [
          { ...one, capabilities },
          { ...one, ttl: one.ttl + 1 },
        ];
        if (!rules.some(({ path }) => path === other)) changes.push({ ...one, path: other });
        const [name, values] = one.allowed[0] ?? [];
        if (name !== undefined && values && !values.includes(more)) {
          changes.push({ ...one, allowed: [[name, [...values, more]], ...one.allowed.slice(1)] });
        }
        for (const change of changes) expect(samePolicy(print(rules), print(rules.with(index, change)))).toBe(false);
      }),
    );
  });
});
