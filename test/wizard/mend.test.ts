import { describe, expect, it } from 'vitest';
import { valueIn } from '../../src/recipe/tree.ts';
import { policyWith, talk } from './look.ts';

const rule = (path: string, ...capabilities: string[]) => ({ path: `secret/data/${path}`, capabilities });
const roleIn = (recipe: Record<string, unknown>) => Object(valueIn(recipe, ['roles', 0]));
const access = '--access <read|read-write>';

describe('a mistake in one of several rules', () => {
  const rules = [rule('a', 'deny'), rule('b', 'raed'), rule('c', 'list', 'delete')];

  it('is named with its place where nobody can say, and nothing else is asked', async () => {
    const { problems } = await talk(policyWith(rules));
    expect(problems.map(({ code, subject }) => [code, subject])).toEqual([
      ['answer-missing', 'policies[app].rules[1].capabilities[0]'],
    ]);
  });

  it('is mended alone by an answer', async () => {
    const { answers, problems } = await talk(policyWith(rules), { given: { [access]: ['read'] } });
    expect(problems).toEqual([]);
    expect(answers).toEqual(policyWith([rule('a', 'deny'), rule('b', 'read'), rule('c', 'list', 'delete')]));
  });

  it.each([
    ['several rules', [rule('a', 'raed'), rule('b', 'wriet')]],
    ['one of two capabilities', [rule('a', 'list', 'raed')]],
  ])('is not mended by an answer where it is in %s', async (_where, wrong) => {
    const { problems } = await talk(policyWith(wrong), { given: { [access]: ['read'] } });
    expect(new Set(problems.map(({ code }) => code))).toEqual(new Set(['answer-missing']));
  });
});

describe('a mistake in one of several expectations', () => {
  it('is named with its place, and none is dropped', async () => {
    const first = { role: 'app', service_account: 'default/app', cannot: ['read secret/data/root'] };
    const wrong = { role: 'app', service_account: 'default/b', can: ['raed secret/data/a'] };
    const whole = policyWith([rule('a', 'read')]);
    const roles = [{ ...roleIn(whole), service_accounts: ['default/app', 'default/b'] }];
    const before = { ...whole, roles, expect: [first, wrong] };
    const { answers, problems } = await talk(before);
    expect(problems.map(({ code, subject }) => [code, subject])).toEqual([['answer-missing', 'expect[app].can[0]']]);
    expect(answers).toEqual(before);
  });
});
