import { describe, expect, it } from 'vitest';
import { noMistake, talk } from './look.ts';

const given = { '--service-account <namespace/name>': ['default/app'], '--secret <path>': ['secret/data/app/config'] };
const here = 'https://10.0.0.1:6443';
const elsewhere = 'https://10.9.9.9:6443';

const vaultWith = (...mounts: [path: string, host: string | undefined][]) => ({
  authMethods: async () => ({ found: mounts.map(([path]) => ({ path, type: 'kubernetes' })) }),
  hostOf: async (mount: string) => ({ found: mounts.find(([path]) => path === mount)?.[1] }),
});

describe('the mount by default', () => {
  it.each([
    ['is the one of this cluster', vaultWith(['kube-a', here]), 'kube-a'],
    ['is the one of this cluster among others', vaultWith(['kubernetes', elsewhere], ['kube-a', `${here}/`]), 'kube-a'],
    ["is a new one beside another cluster's", vaultWith(['kube-a', elsewhere]), 'kubernetes'],
    [
      "has a free name beside other clusters'",
      vaultWith(['kubernetes', elsewhere], ['kubernetes-2', elsewhere]),
      'kubernetes-3',
    ],
    ['is a new one where no config says whose', vaultWith(['kubernetes', undefined]), 'kubernetes-2'],
  ])('%s', async (_what, vault, path) => {
    const { answers, problems } = await talk({}, { vault, given });
    expect([problems, answers['auth']]).toEqual([[], expect.objectContaining({ path })]);
  });
});

describe("another cluster's mount", () => {
  const vault = vaultWith(['kube-a', elsewhere]);

  it.each([
    ['none', 0],
    ['full', 1],
  ])('that a flag names, with manage: %s, is warned to be changed %i times', async (manage, times) => {
    const flags = { ...given, '--mount <path>': ['kube-a'], '--manage <how>': [manage] };
    const { warnings } = await talk({}, { vault, given: flags });
    expect(warnings.filter((one) => one.includes('changed'))).toHaveLength(times);
  });

  it('stays where the recipe names it', async () => {
    const recipe = noMistake();
    const { answers } = await talk({ ...recipe, auth: { ...recipe.auth, path: 'kube-a' } }, { vault });
    expect(answers['auth']).toMatchObject({ path: 'kube-a', manage: 'none' });
  });
});
