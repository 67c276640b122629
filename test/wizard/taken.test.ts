import { describe, expect, it } from 'vitest';
import { noMistake, talk } from './look.ts';

const vault = {
  policies: async () => ({ found: ['app', 'app-2', 'default'] }),
  rolesOf: async () => ({ found: ['app'] }),
};
const given = { '--service-account <namespace/name>': ['default/app'], '--secret <path>': ['secret/data/app/config'] };

describe('names that others have in Vault', () => {
  it('are not the default', async () => {
    const { answers, problems } = await talk({}, { vault, given });
    expect(problems).toEqual([]);
    expect(answers).toMatchObject({
      roles: [{ name: 'app-2', token_policies: ['app-2-2'] }],
      policies: [{ name: 'app-2-2' }],
    });
  });

  it('are taken when a flag names them, with a warning', async () => {
    const named = { ...given, '--policy <name>': ['app'], '--role <name>': ['app'] };
    const { answers, warnings } = await talk({}, { vault, given: named });
    expect(answers).toMatchObject({ roles: [{ name: 'app', token_policies: ['app'] }], policies: [{ name: 'app' }] });
    expect(warnings.filter((one) => one.includes('will be changed'))).toHaveLength(2);
  });

  it('are as good as others where the recipe names them', async () => {
    const { answers, warnings } = await talk(noMistake(), { vault });
    expect([answers, warnings]).toEqual([noMistake(), []]);
  });

  it('are not the default of a policy that a recipe lacks', async () => {
    const { policies: _policies, roles, ...rest } = noMistake();
    const unnamed = roles.map(({ token_policies: _named, ...role }) => role);
    const { answers } = await talk({ ...rest, roles: unnamed }, { vault, given });
    expect(answers).toMatchObject({ policies: [{ name: 'app-3' }] });
  });
});
