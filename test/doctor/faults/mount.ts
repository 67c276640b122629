import { must } from '../bench.ts';
import { certain, type Fault } from '../fault.ts';

export const mountFaults: Fault[] = [
  {
    id: 'mount-gone',
    cases: ['C008'],
    break: ({ vault, mount }) => must(vault('DELETE', `sys/auth/${mount}`)),
    expected: certain('auth-mount-missing', /^sys\/auth\/k-/),
  },
  {
    id: 'mount-under-another-name',
    cases: ['C008', 'C160'],
    break: async ({ vault, mount }) => {
      await must(vault('DELETE', `sys/auth/${mount}`));
      await must(vault('POST', `sys/auth/${mount}-2`, { type: 'kubernetes' }));
      return { after: () => vault('DELETE', `sys/auth/${mount}-2`) };
    },
    expected: certain('auth-mount-missing', /^sys\/auth\/k-/),
  },
  {
    id: 'mount-of-another-type',
    cases: ['C128'],
    break: async ({ vault, mount }) => {
      await must(vault('DELETE', `sys/auth/${mount}`));
      await must(vault('POST', `sys/auth/${mount}`, { type: 'userpass' }));
    },
    expected: certain('auth-mount-wrong-type'),
  },
  {
    id: 'config-never-written',
    cases: ['C026'],
    break: async (bench) => {
      await must(bench.vault('DELETE', `sys/auth/${bench.mount}`));
      await must(bench.vault('POST', `sys/auth/${bench.mount}`, { type: 'kubernetes' }));
      await bench.bindAnew();
    },
    expected: certain('auth-config-missing', /config$/),
  },
  {
    id: 'role-at-another-mount',
    cases: ['C160', 'C150'],
    break: async ({ vault, mount, role, namespace }) => {
      const bound = { bound_service_account_names: ['my-sa'], bound_service_account_namespaces: [namespace] };
      await must(vault('POST', `sys/auth/${mount}-2`, { type: 'kubernetes' }));
      await must(vault('POST', `auth/${mount}-2/role/${role}`, bound));
      await must(vault('DELETE', `auth/${mount}/role/${role}`));
      return { after: () => vault('DELETE', `sys/auth/${mount}-2`) };
    },
    expected: certain('recipe-mount-mismatch', /role/),
  },
];
