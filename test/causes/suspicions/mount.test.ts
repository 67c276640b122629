import { describe, expect, it } from 'vitest';
import { mountCauses } from '../../../src/causes/suspicions/mount.ts';
import { shownFix } from '../../../src/model/printed.ts';
import { examination, fact, hidden, type Row, told, withoutRecipe } from '../healthy.ts';

const nothing = fact(undefined);

const table: Row[] = [
  ['enabled and configured', {}],
  ['not enabled', { mount: nothing, config: nothing }, 'auth-mount-missing certain'],
  [
    'may not be read, and a login with an impossible role is refused',
    { mount: hidden(), impossibleLogin: fact({ status: 403, said: 'permission denied' }) },
    'auth-mount-missing likely',
  ],
  ['may not be read, and a login with an impossible role gets as far as the role', { mount: hidden() }],
  [
    'of another type',
    { mount: fact({ type: 'userpass', accessor: 'x', description: '' }), config: nothing },
    'auth-mount-wrong-type certain',
  ],
  ['never configured', { config: nothing }, 'auth-config-missing certain'],
  ['the config may not be read', { config: hidden() }],
  [
    'the Vault namespace does not exist',
    { mount: hidden('vault-namespace-missing'), config: hidden('vault-namespace-missing') },
    'vault-namespace-missing certain',
  ],
  [
    'this Vault has no namespaces',
    { mount: hidden('vault-namespaces-unsupported') },
    'vault-namespaces-unsupported certain',
  ],
];

describe('mount', () => {
  it.each(table)('%s', (_what, change, ...says) => expect(told(mountCauses(examination(change)))).toEqual(says));

  const gone = {
    mount: nothing,
    config: nothing,
    mounts: fact({ 'k-2': 'kubernetes', far: 'kubernetes', k3: 'userpass' }),
  };
  it('names the kubernetes auth methods there are, the nearest first to use', () => {
    const [one] = mountCauses(examination(gone));
    expect(one?.evidence.map(({ said }) => said)).toContain('kubernetes auth methods here: k-2, far');
    expect(one?.fix[1]?.why).toContain('k-2');
    expect(mountCauses(withoutRecipe(gone))[0]?.fix[0]?.why).toContain('k-2');
  });
  it('names what else there is where nothing can be used, and then begins no fix with an alternative', () => {
    const [one] = mountCauses(withoutRecipe({ ...gone, mounts: fact({ k3: 'userpass' }) }));
    expect(one?.evidence.map(({ said }) => said)).toContain(
      'no kubernetes auth method is enabled here; there are k3 (userpass)',
    );
    expect(one?.fix.map(({ why }) => why)).toEqual([expect.stringMatching(/^have it enabled by /)]);
    expect(mountCauses(withoutRecipe(gone))[0]?.fix[1]?.why).toMatch(/^or have it enabled by /);
  });
  it('advises to apply the recipe, since config and roles went with it, and without one nothing that would not do', () => {
    const commands = (x: Parameters<typeof mountCauses>[0]) =>
      mountCauses(x)[0]?.fix.flatMap((one) => shownFix(one).command ?? []);
    expect(commands(examination(gone))).toEqual(['vaultbind apply -f recipe.yaml']);
    expect(commands(withoutRecipe(gone))).toEqual([]);
  });
});
