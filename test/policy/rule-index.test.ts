import fc from 'fast-check';
import { expect, it } from 'vitest';
import { capabilitiesOf } from '../../src/policy/evaluate.ts';
import type { Capability, PolicyRule } from '../../src/policy/rule.ts';
import { capabilitiesIn, RuleIndex } from '../../src/policy/rule-index.ts';

const segment = fc.constantFrom('a', 'b', 'ab', '+', '+a', 'a+', '');
const path = fc
  .tuple(fc.array(segment, { minLength: 1, maxLength: 4 }), fc.constantFrom('', '*'))
  .map(([segments, end]) => `${segments.join('/')}${end}`)
  .filter((one) => !one.includes('+*'));
const rule = fc
  .tuple(path, fc.uniqueArray(fc.constantFrom<Capability>('read', 'list', 'update', 'deny')))
  .map(([one, capabilities]): PolicyRule => ({ path: one, capabilities, line: 1, column: 1 }));
const asked = fc
  .tuple(fc.array(fc.constantFrom('a', 'b', 'ab', '+', 'c'), { minLength: 1, maxLength: 4 }), fc.constantFrom('', '/'))
  .map(([segments, end]) => `${segments.join('/')}${end}`);

it('an index says what all the rules say', () => {
  fc.assert(
    fc.property(
      fc.array(rule, { maxLength: 8 }),
      fc.array(rule, { maxLength: 3 }),
      asked,
      fc.constantFrom('vault' as const, 'openbao' as const),
      (one, other, claim, product) => {
        const found = capabilitiesIn([new RuleIndex(one), new RuleIndex(other)], claim, product, { steps: 0 });
        expect(found).toEqual(capabilitiesOf([...one, ...other], claim, product));
      },
    ),
    { numRuns: 3000 },
  );
});

it('looking up costs by the path, not by the rules', () => {
  const steps = (rules: number) => {
    const all = Array.from({ length: rules }, (_, index) => `a/+/b${index}/+/c`);
    const index = new RuleIndex(all.map((one) => ({ path: one, capabilities: ['read'], line: 1, column: 1 })));
    const work = { steps: 0 };
    for (let claim = 0; claim < 100; claim++) capabilitiesIn([index], `a/x/b${claim}/y/c`, 'vault', work);
    return work.steps;
  };
  expect(steps(8000)).toBe(steps(200));
});
