import { describe, expect, it } from 'vitest';
import { mistakesOf, read, recipe } from './reading.ts';

const naming = (name: string) =>
  recipe(
    `policies: [{name: ${JSON.stringify(name)}, rules: [{path: secret/data/app, capabilities: [read]}]}]`,
    `roles: [{name: app, service_accounts: [default/app], token_policies: [${JSON.stringify(name)}]}]`,
  );

/** Law: a policy name that both servers take can be written in a recipe; one that they read as another cannot. */
describe('the name of a policy', () => {
  const good = [
    'team/app',
    'salt/minions',
    'my policy',
    'pölicy',
    'a,b',
    '日本',
    'a b/c d',
    'x?y#z%',
    'a/.b',
    '-a',
    '@f',
  ];
  it.each(good)('may be %s', (name) => {
    const { recipe: found, warnings } = read(naming(name));
    expect([found.policies[0]?.name, found.roles[0]?.token_policies, warnings]).toEqual([name, [name], []]);
  });

  const bad = ['a//b', '/a', 'a/', '.', 'a/../b', ' a', 'a ', 'a\u00a0b', 'a\u200bb', 'Ü', 'İ', 'a*', '{{a}}', 'a/+'];
  it.each([...bad, 'x'.repeat(257)])('may not be %j, and no guess repeats it or is no name itself', (name) => {
    const said = mistakesOf(() => read(naming(name))).map(({ message }) => message);
    expect(said.length).toBeGreaterThan(0);
    for (const message of said) {
      const guess = /did you mean "([^"]*)"/.exec(message)?.[1];
      if (guess === undefined) continue;
      expect(guess).not.toBe(name);
      expect(read(naming(guess)).recipe.policies[0]?.name).toBe(guess);
    }
  });
});
