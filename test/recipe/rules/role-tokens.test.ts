import { tryRules } from './try-rules.ts';

const role = (rest: string) => `roles: [{name: app, service_accounts: [default/app], token_policies: [app], ${rest}}]`;

tryRules([
  ['durationsInRange', 'error', 'recipe-value', '100 years', role('token_ttl: «99999d')],
  [
    'ttlWithinMaximum',
    'error',
    'recipe-conflict',
    '24h is more than token_max_ttl, 1h',
    role('token_ttl: «1d, token_max_ttl: 1h'),
  ],
  [
    'ttlWithinMaximum',
    'warning',
    'recipe-suspicious',
    'more than token_explicit_max_ttl',
    role('token_ttl: «2h, token_explicit_max_ttl: 1h'),
  ],
  [
    'periodicTokens',
    'warning',
    'recipe-suspicious',
    'ends it all the same',
    role('token_period: 1h, token_explicit_max_ttl: «2h'),
  ],
  ['periodicTokens', 'warning', 'recipe-suspicious', 'beside token_period', role('token_period: 1h, token_ttl: «2h')],
  ['batchTokens', 'error', 'recipe-conflict', 'no period', role('token_type: batch, token_period: «1h')],
  ['batchTokens', 'error', 'recipe-conflict', 'no num_uses', role('token_type: batch, token_num_uses: «5')],
  ['zeroMeansDefault', 'warning', 'recipe-suspicious', 'not an immediate end', role('token_ttl: «0')],
  [
    'policiesOfRoles',
    'error',
    'recipe-conflict',
    'policy root',
    'roles: [{name: app, service_accounts: [default/app], token_policies: [app, «root]}]',
  ],
  [
    'policiesOfRoles',
    'warning',
    'recipe-reference',
    'must exist already',
    'roles: [{name: app, service_accounts: [default/app], token_policies: [app, «shared-by-all]}]',
  ],
  [
    'policiesOfRoles',
    'warning',
    'recipe-reference',
    'did you mean "app"',
    'roles: [{name: app, service_accounts: [default/app], token_policies: [app, «ap]}]',
  ],
  [
    'rolesHavePolicies',
    'warning',
    'recipe-suspicious',
    'may read nothing',
    'policies: []',
    'roles: [«{name: app, service_accounts: [default/app]}]',
  ],
  [
    'rolesHavePolicies',
    'error',
    'recipe-conflict',
    'names the policy default',
    'roles: [{name: app, service_accounts: [default/app], token_policies: [app, default], token_no_default_policy: «true}]',
  ],
  ['fewUses', 'warning', 'recipe-suspicious', 'soon used up', role('token_num_uses: «1')],
  ['cidrForms', 'error', 'recipe-value', 'address or block', role('token_bound_cidrs: [«10.0.0.0/33]')],
  ['cidrForms', 'error', 'recipe-value', 'address or block', role('token_bound_cidrs: [«10.0.0.0/08]')],
  ['cidrForms', 'error', 'recipe-value', 'address or block', role('token_bound_cidrs: [«fe80::1%eth0]')],
  ['cidrForms', 'error', 'recipe-value', 'address or block', role('token_bound_cidrs: [«host.example.com]')],
  ['cidrForms', 'warning', 'recipe-suspicious', 'every address', role('token_bound_cidrs: [«0.0.0.0/0]')],
]);
