import { expect, it } from 'vitest';
import { shownFix } from '../../src/model/printed.ts';
import { leftRoles } from '../../src/steps/left-roles.ts';
import { examination } from '../causes/healthy.ts';

const { recipe } = examination().patient;

/** What is printed for a mount of these roles, each with its policies. */
async function printed(roles: Record<string, string[]>) {
  if (!recipe) throw new Error('the healthy patient has a recipe');
  const reader = {
    list: async () => Object.keys(roles),
    read: async (path: string) => ({ token_policies: roles[path.replace('auth/k/role/', '')] }),
  };
  return (await leftRoles(reader, recipe)).map(({ fix = [] }) => fix.map(shownFix));
}

it('no command deletes a policy of a role that is left, since a role of another mount may have it', async () => {
  const [[remove, ...rest] = []] = await printed({ old: ['shared', 'default', 'own'] });
  expect(remove?.command).toBe('vault delete auth/k/role/old');
  expect(rest).toEqual([{ why: expect.stringMatching(/policies shared, own; before .* role of another mount/) }]);
});

it('a policy that another role of the mount has is no word', async () => {
  const fixes = await printed({ old: ['shared'], more: ['shared'] });
  expect(fixes.map((fix) => fix.length)).toEqual([1, 1]);
});
