import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical, diffFields } from '../../src/engine/diff.ts';
import type { FieldKind, FieldTable } from '../../src/model/field-table.ts';

const same: [FieldKind, unknown, unknown][] = [
  ['set', ['a', 'b'], ['b', 'a', 'a']],
  ['set', [], null],
  ['set', 'a', ['a']],
  ['cidrs', ['127.0.0.1/32'], ['127.0.0.1']],
  ['cidrs', ['::1/128', '10.0.0.0/8'], ['10.0.0.0/8', '::1']],
  ['pems', ['A\r\nB\r\n'], ['A\nB']],
  ['pems', ['A\n'], ['A']],
  ['pems', [], undefined],
  ['text', '', undefined],
  ['number', 3600, '3600'],
];

const different: [FieldKind, unknown, unknown][] = [
  ['set', ['a'], ['a', 'b']],
  ['set', ['A'], ['a']],
  ['cidrs', ['10.0.0.0/8'], ['10.0.0.0/16']],
  ['cidrs', ['10.0.0.0/32'], ['10.0.0.0/31']],
  ['pems', ['A'], ['B']],
  ['ca', 'A', 'B'],
  ['text', 'a', 'A'],
  ['number', 0, 1],
  ['boolean', false, true],
  ['pems', ['A', 'B'], ['A']],
];

describe('canonical', () => {
  it.each(same)('%s: %j is %j', (kind, a, b) => expect(canonical(kind, a)).toBe(canonical(kind, b)));
  it.each(different)('%s: %j is not %j', (kind, a, b) => expect(canonical(kind, a)).not.toBe(canonical(kind, b)));
});

const table: FieldTable = {
  names: { kind: 'set', default: [] },
  ttl: { kind: 'number', default: 0 },
  audience: { kind: 'text', default: '' },
  token: { kind: 'text', default: '(not set)', sensitive: true },
};

describe('diffFields', () => {
  it('takes an absent desired field as the default, so that removing it from a recipe clears it', () => {
    expect(diffFields(table, { names: ['a'] }, { names: ['a'], ttl: 60, audience: 'x' })).toEqual([
      { field: 'ttl', before: 60, after: 0 },
      { field: 'audience', before: 'x', after: '' },
    ]);
  });

  it('ignores fields outside the table', () => {
    expect(diffFields(table, {}, { other: 1 })).toEqual([]);
  });

  it('shows what differs from the defaults when the object is missing, without a before', () => {
    expect(diffFields(table, { names: ['a'] }, undefined)).toEqual([{ field: 'names', after: ['a'] }]);
  });

  it('marks descriptions of secrets', () => {
    expect(diffFields(table, { token: '(from Secret a/b)' }, { token: '(set, unknown)' })).toEqual([
      { field: 'token', before: '(set, unknown)', after: '(from Secret a/b)', sensitive: true },
    ]);
  });

  const state = fc.record({
    names: fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 }),
    ttl: fc.nat(5),
    audience: fc.constantFrom('', 'x', 'y'),
    token: fc.constantFrom('(not set)', '(set, unknown)'),
  });

  it('is empty for equal states, and applying what it says makes it empty', () => {
    fc.assert(
      fc.property(state, state, (desired, observed) => {
        expect(diffFields(table, desired, desired)).toEqual([]);
        const written = Object.fromEntries(
          diffFields(table, desired, observed).map(({ field, after }) => [field, after]),
        );
        expect(diffFields(table, desired, { ...observed, ...written })).toEqual([]);
      }),
    );
  });
});
