import { must } from '../bench.ts';
import { certain, type Fault } from '../fault.ts';

const wantsAt = (path: (bench: { secret: string; namespace: string }) => string): NonNullable<Fault['recipe']> => {
  return (recipe, bench) => {
    Object.assign(recipe.policies?.[0] ?? {}, { rules: [{ path: path(bench), capabilities: ['read'] }] });
    Object.assign(recipe.expect?.[0] ?? {}, { can: [`read ${path(bench)}`], cannot: [] });
  };
};

/** After a login and a policy that are good. */
export const secretFaults: Fault[] = [
  {
    id: 'secret-never-stored',
    cases: ['C090', 'C088'],
    break: ({ vault, secret }) => must(vault('DELETE', `secret/metadata/${secret}`)),
    mend: ({ vault, secret }) => must(vault('POST', `secret/data/${secret}`, { data: { a: 'b' } })),
    expected: certain('secret-missing', /^secret\/data\//),
  },
  {
    id: 'secret-latest-version-deleted',
    cases: ['C090'],
    break: ({ vault, secret }) => must(vault('DELETE', `secret/data/${secret}`)),
    expected: certain('secret-missing', /^secret\/data\//),
  },
  {
    id: 'secret-latest-version-destroyed',
    cases: ['C090'],
    break: ({ vault, secret }) => must(vault('POST', `secret/destroy/${secret}`, { versions: [1] })),
    expected: certain('secret-missing', /^secret\/data\//),
  },
  {
    id: 'data-in-a-path-of-version-1',
    cases: ['C086'],
    recipe: wantsAt(({ namespace }) => `kv-${namespace}/data/app`),
    break: async ({ vault, namespace }) => {
      const mount = `kv-${namespace}`;
      await must(vault('POST', `sys/mounts/${mount}`, { type: 'kv', options: { version: '1' } }));
      await must(vault('POST', `${mount}/app`, { a: 'b' }));
      return { after: () => vault('DELETE', `sys/mounts/${mount}`) };
    },
    expected: certain('secrets-engine-version', /^kv-/),
  },
  {
    id: 'no-data-in-a-path-of-version-2',
    cases: ['C086', 'C071'],
    recipe: wantsAt(({ secret }) => `secret/${secret}`),
    break: async () => undefined,
    expected: certain('secrets-engine-version', /^secret\//),
  },
  {
    id: 'secrets-engine-with-a-typo',
    cases: ['C088', 'C071'],
    recipe: wantsAt(({ secret }) => `secrets/data/${secret}`),
    break: async () => undefined,
    expected: certain('secrets-engine-missing', /^secrets\//),
  },
  {
    id: 'secrets-engine-gone',
    cases: ['C088'],
    recipe: wantsAt(({ namespace }) => `kv-${namespace}/data/app`),
    break: async () => undefined,
    expected: certain('secrets-engine-missing', /^kv-/),
  },
];
