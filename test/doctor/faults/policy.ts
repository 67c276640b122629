import { type Bench, entityOf, must } from '../bench.ts';
import { certain, type Fault } from '../fault.ts';

const rule = (path: string, ...capabilities: string[]) =>
  `path "${path}" { capabilities = ${JSON.stringify(capabilities)} }`;

/** The recipe expects a `can` of its own choosing; the policy allows it until it is broken. */
const wants = (claim: (bench: { secret: string }) => string): NonNullable<Fault['recipe']> => {
  return (recipe, bench) => {
    const [capability = '', path = ''] = claim(bench).split(' ');
    Object.assign(recipe.policies?.[0] ?? {}, { rules: [{ path, capabilities: [capability] }] });
    Object.assign(recipe.expect?.[0] ?? {}, { can: [claim(bench)], cannot: [] });
  };
};

const text = (of: (bench: Bench) => string) => (bench: Bench) => bench.writePolicy(of(bench));

export const policyFaults: Fault[] = [
  {
    id: 'policy-gone',
    cases: ['C082'],
    break: ({ vault, policy }) => must(vault('DELETE', `sys/policies/acl/${policy}`)),
    expected: certain('policy-missing', /^sys\/policies\/acl\//),
  },
  {
    id: 'deny-in-a-policy-of-the-entity',
    cases: ['C080'],
    break: async (bench) => {
      const name = `${bench.policy}-of-the-entity`;
      await bench.writePolicy(rule(`secret/data/${bench.secret}`, 'deny'), name);
      await must(bench.vault('POST', `identity/entity/id/${await entityOf(bench)}`, { policies: [name] }));
      return { after: () => bench.vault('DELETE', `sys/policies/acl/${name}`) };
    },
    expected: certain('policy-denied-by-other', /^secret\/data\//),
  },
  {
    id: 'parameters-that-a-rule-requires',
    cases: [],
    break: text(
      ({ secret }) => `path "secret/data/${secret}" { capabilities = ["read"]\n required_parameters = ["version"] }`,
    ),
    expected: certain('policy-denied-by-other', /^secret\/data\//),
  },
  {
    id: 'policy-widened-by-hand',
    cases: [],
    break: text(({ secret }) => rule(`secret/data/${secret}`, 'read', 'patch')),
    expected: certain('drift', /^sys\/policies\/acl\//),
    flags: 'healthy',
  },
  {
    id: 'policy-name-with-a-typo-on-the-role',
    cases: ['C082'],
    break: (bench) => bench.bind({ token_policies: [`${bench.policy}s`] }),
    expected: certain('policy-missing', /^sys\/policies\/acl\//),
  },
  {
    id: 'role-without-policies',
    cases: ['C049'],
    break: (bench) =>
      bench.bindAnew({
        bound_service_account_names: ['my-sa'],
        bound_service_account_namespaces: [bench.namespace],
        token_polices: [bench.policy],
        audience: 'vault',
        token_ttl: '1h',
      }),
    expected: certain('policy-not-attached'),
  },
  {
    id: 'policy-of-another-app-attached',
    cases: ['C068'],
    break: async (bench) => {
      await bench.writePolicy(rule('secret/data/elsewhere', 'read'), `${bench.policy}-other`);
      await bench.bind({ token_policies: [`${bench.policy}-other`] });
    },
    expected: certain('policy-not-attached'),
  },
  {
    id: 'policy-without-data',
    cases: ['C079', 'C081'],
    break: text(({ secret }) => rule(`secret/${secret}`, 'read')),
    mend: (bench) => bench.writePolicy(rule(`secret/data/${bench.secret}`, 'read')),
    expected: certain('policy-path-lacks-data', /^secret\/data\//),
  },
  {
    id: 'policy-of-old-spelling-without-data',
    cases: ['C079'],
    break: text(({ secret }) => `path "secret/${secret.split('/')[0]}/*" { policy = "read" }`),
    expected: certain('policy-path-lacks-data', /^secret\/data\//),
  },
  {
    id: 'list-on-data',
    cases: ['C072'],
    recipe: wants(({ secret }) => `list secret/metadata/${secret.split('/')[0]}`),
    break: text(({ secret }) => rule(`secret/data/${secret.split('/')[0]}`, 'read', 'list')),
    expected: certain('policy-path-lacks-metadata', /^secret\/metadata\//),
  },
  {
    id: 'list-without-metadata',
    cases: ['C072'],
    recipe: wants(({ secret }) => `list secret/metadata/${secret.split('/')[0]}`),
    break: text(({ secret }) => rule(`secret/${secret.split('/')[0]}*`, 'list')),
    expected: certain('policy-path-lacks-metadata', /^secret\/metadata\//),
  },
  {
    id: 'policy-of-the-folder-alone',
    cases: ['C073'],
    break: text(({ secret }) => rule(`secret/data/${secret.split('/')[0]}`, 'read')),
    expected: certain('policy-glob-misses', /^secret\/data\//),
  },
  {
    id: 'policy-of-what-is-below',
    cases: ['C074'],
    break: text(({ secret }) => rule(`secret/data/${secret}/*`, 'read')),
    expected: certain('policy-glob-misses', /^secret\/data\//),
  },
  {
    id: 'asterisk-in-the-middle',
    cases: ['C075'],
    break: text(() => rule('secret/data/*/config', 'read')),
    expected: certain('policy-glob-misses', /^secret\/data\//),
  },
  {
    id: 'plus-inside-a-segment',
    cases: ['C075'],
    break: text(({ secret }) => rule(`secret/data/wb-+/${secret.split('/')[1]}`, 'read')),
    expected: certain('policy-glob-misses', /^secret\/data\//),
  },
  {
    id: 'plus-too-short',
    cases: ['C075', 'C073'],
    break: text(() => rule('secret/data/+', 'read')),
    expected: certain('policy-glob-misses', /^secret\/data\//),
  },
  {
    id: 'leading-slash',
    cases: ['C088'],
    break: text(({ secret }) => rule(`secret/data//${secret}`, 'read')),
    expected: certain('policy-not-attached', /^secret\/data\//),
  },
  {
    id: 'read-missing-among-capabilities',
    cases: ['C080'],
    break: text(({ secret }) => rule(`secret/data/${secret}`, 'list', 'update')),
    expected: certain('policy-capability-missing', /^secret\/data\//),
  },
  {
    id: 'closer-rule-wins',
    cases: ['C080'],
    break: text(({ secret }) => `${rule('secret/data/*', 'read')}\n${rule(`secret/data/${secret}`, 'list')}`),
    expected: certain('policy-denied-by-other', /^secret\/data\//),
  },
  {
    id: 'deny-beside',
    cases: ['C080'],
    break: async (bench) => {
      await bench.writePolicy(rule(`secret/data/${bench.secret}`, 'deny'), `${bench.policy}-deny`);
      await bench.bind({ token_policies: [bench.policy, `${bench.policy}-deny`] });
    },
    expected: certain('policy-denied-by-other', /^secret\/data\//),
  },
  {
    id: 'deny-by-glob',
    cases: ['C080', 'C081'],
    break: text(
      ({ secret }) =>
        `${rule('secret/data/+/config', 'read')}\n${rule(`secret/data/${secret.split('/')[0]}/*`, 'deny')}`,
    ),
    expected: certain('policy-denied-by-other', /^secret\/data\//),
  },
  {
    id: 'template-of-another-mount',
    cases: ['C067'],
    break: text(({ secret }) =>
      rule(
        `secret/data/{{identity.entity.aliases.auth_kubernetes_00000000.metadata.service_account_namespace}}/${secret.split('/')[1]}`,
        'read',
      ),
    ),
    expected: certain('policy-template-unresolved', /^secret\/data\//),
  },
];
