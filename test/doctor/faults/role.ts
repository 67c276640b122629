import { kubernetes } from '../../servers/raw.ts';
import { entityOf, letReviewerReadNamespaces, must } from '../bench.ts';
import { certain, type Fault } from '../fault.ts';

export const roleFaults: Fault[] = [
  {
    id: 'role-gone',
    cases: ['C046'],
    break: ({ vault, mount, role }) => must(vault('DELETE', `auth/${mount}/role/${role}`)),
    mend: (bench) => bench.bindAnew(),
    expected: certain('role-missing', /role\/role-/),
  },
  {
    id: 'role-of-another-name',
    cases: ['C046'],
    break: async ({ vault, mount, role, namespace }) => {
      const bound = { bound_service_account_names: ['my-sa'], bound_service_account_namespaces: [namespace] };
      await must(vault('DELETE', `auth/${mount}/role/${role}`));
      await must(vault('POST', `auth/${mount}/role/${role}s`, bound));
    },
    expected: certain('role-missing'),
  },
  {
    id: 'account-renamed',
    cases: ['C069'],
    break: (bench) => bench.bind({ bound_service_account_names: ['my-app'] }),
    mend: (bench) => bench.bindAnew(),
    expected: certain('service-account-not-bound'),
  },
  {
    id: 'account-glob-misses',
    cases: ['C069', 'C055'],
    break: (bench) => bench.bind({ bound_service_account_names: ['app-*'] }),
    expected: certain('service-account-not-bound'),
  },
  {
    id: 'account-spelt-system-serviceaccount',
    cases: ['C069'],
    break: (bench) => bench.bind({ bound_service_account_names: [`system:serviceaccount:${bench.namespace}:my-sa`] }),
    expected: certain('service-account-not-bound'),
  },
  {
    id: 'namespace-not-bound',
    cases: ['C048'],
    break: (bench) => bench.bind({ bound_service_account_namespaces: ['default'] }),
    mend: (bench) => bench.bindAnew(),
    expected: certain('namespace-not-bound'),
  },
  {
    id: 'selector-without-rights',
    cases: ['C102'],
    break: ({ bindAnew, policy }) =>
      bindAnew({
        bound_service_account_names: ['my-sa'],
        bound_service_account_namespace_selector: '{"matchLabels":{"team":"a"}}',
        token_policies: [policy],
      }),
    expected: certain('namespace-selector-unusable'),
    // No audience: vaultbind makes no token for it without --mint-for.
    flags: 'untold',
  },
  {
    id: 'cidr-elsewhere',
    cases: ['C129'],
    break: (bench) => bench.bind({ token_bound_cidrs: ['10.99.0.0/16'] }),
    expected: { cause: 'cidr-not-bound', certainty: 'likely' },
  },
  {
    id: 'audience-of-the-role-changed',
    cases: ['C158'],
    break: async (bench) => {
      const token = bench.file('token', await bench.token());
      await bench.bind({ audience: 'https://vault.example.com' });
      return { args: ['--mount', bench.mount, '--role', bench.role, '--jwt-file', token] };
    },
    expected: certain('audience-mismatch'),
  },
  {
    id: 'audience-of-the-role-drifted',
    cases: ['C158'],
    break: (bench) => bench.bind({ audience: 'somebody-else' }),
    mend: (bench) => bench.bindAnew(),
    expected: certain('audience-mismatch', /role\/role-/),
    flags: 'healthy',
  },
  {
    id: 'audience-taken-off-the-role',
    cases: ['C158'],
    break: (bench) => bench.bind({ audience: '' }),
    expected: certain('drift', /role\/role-/),
    flags: 'untold',
  },
  {
    id: 'role-opened-to-everybody',
    cases: [],
    break: (bench) =>
      bench.bind({ bound_service_account_names: ['*'], bound_service_account_namespaces: ['*'], audience: '' }),
    expected: certain('drift', /role\/role-/),
    flags: 'untold',
  },
  {
    id: 'stranger-let-in',
    cases: [],
    break: (bench) => bench.bind({ bound_service_account_names: ['my-sa', 'stranger'] }),
    expected: certain('drift', /role\/role-/),
    flags: 'healthy',
  },
  {
    // The recipe itself lets in whom it says must be refused: by a selector nobody can tell before.
    id: 'stranger-let-in-by-the-recipe',
    cases: [],
    recipe: async (recipe, { namespace }) => {
      const labels = { team: 'a' };
      await must(kubernetes('PATCH', `/api/v1/namespaces/${namespace}`, { metadata: { labels } }));
      const { service_accounts: _, ...role } = recipe.roles?.[0] ?? {};
      const selector = JSON.stringify({ matchLabels: labels });
      const names = ['my-sa', 'stranger'];
      recipe.roles = [
        { ...role, bound_service_account_names: names, bound_service_account_namespace_selector: selector },
      ];
    },
    break: letReviewerReadNamespaces,
    expected: certain('drift', /role\/role-/),
    flags: 'healthy',
  },
  {
    id: 'ttl-changed-by-hand',
    cases: ['C060'],
    break: (bench) => bench.bind({ token_ttl: '768h' }),
    expected: certain('drift', /role\/role-/),
    flags: 'healthy',
  },
  {
    id: 'entity-disabled',
    cases: [],
    break: async (bench) => {
      await must(bench.vault('POST', `identity/entity/id/${await entityOf(bench)}`, { disabled: true }));
    },
    expected: { cause: 'entity-disabled', certainty: 'likely', subject: /my-sa/ },
  },
  {
    id: 'second-factor-asked-for',
    cases: [],
    break: async ({ vault, mount }) => {
      const method = await vault('POST', 'identity/mfa/method/totp', { issuer: 'vaultbind', period: 30 });
      const { body } = await vault('GET', `sys/auth/${mount}`);
      const ids = [method.body.data.method_id];
      const asked = { mfa_method_ids: ids, auth_method_accessors: [body.data?.accessor ?? body.accessor] };
      await must(vault('POST', `identity/mfa/login-enforcement/${mount}`, asked));
      return { after: () => vault('DELETE', `identity/mfa/login-enforcement/${mount}`) };
    },
    expected: certain('login-needs-mfa'),
  },
  {
    id: 'ttl-capped-by-the-mount',
    cases: ['C060'],
    break: ({ vault, mount }) => must(vault('POST', `sys/auth/${mount}/tune`, { max_lease_ttl: '5m' })),
    expected: certain('token-ttl-capped'),
  },
  {
    id: 'one-use-two-reads',
    cases: ['C129'],
    recipe: (recipe, { secret }) => {
      const [expectation] = recipe.expect ?? [];
      Object.assign(expectation ?? {}, {
        can: [`read secret/data/${secret}`, `read secret/data/${secret}-2`],
        cannot: [],
      });
      const rules = ['', '-2'].map((end) => ({ path: `secret/data/${secret}${end}`, capabilities: ['read'] }));
      Object.assign(recipe.policies?.[0] ?? {}, { rules });
    },
    break: async ({ vault, secret, bind }) => {
      await must(vault('POST', `secret/data/${secret}-2`, { data: { a: 'b' } }));
      await bind({ token_num_uses: 1 });
    },
    expected: certain('token-used-up'),
  },
];
