import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { accessorAnchor, heredocThatHides } from '../policy/attacks.ts';
import { ceiling, excesses, recipe } from './scene.ts';

const hcl = (text: string) => `[{name: shop-app, hcl: ${JSON.stringify(text)}}]`;
const rule = (path: string, ...capabilities: string[]) =>
  `[{name: shop-app, rules: [${JSON.stringify({ path, capabilities })}]}]`;
const block = (path: string, capabilities: string) => `path "${path}" { capabilities = [${capabilities}] }`;
const role = (fields: Record<string, unknown>) =>
  JSON.stringify([{ name: 'shop-app', service_accounts: ['shop/app'], token_policies: ['shop-app'], ...fields }]);
const unbound = (fields: Record<string, unknown>) =>
  JSON.stringify([{ name: 'shop-app', token_policies: ['shop-app'], ...fields }]);
const auth = (fields: Record<string, unknown>, reviewer: Record<string, unknown> = {}) =>
  JSON.stringify({ path: 'kube-shop', reviewer: { service_account: 'shop/reviewer', ...reviewer }, ...fields });
const expected = (fields: Record<string, unknown>) =>
  JSON.stringify([{ role: 'shop-app', service_account: 'shop/app', ...fields }]);
const selected = (name: string) =>
  unbound({
    bound_service_account_names: [name],
    bound_service_account_namespace_selector: '{"matchLabels":{"a":"b"}}',
  });
const clientReview = (manage = 'full') => `{path: kube-shop, manage: ${manage}, reviewer: {mode: client_jwt}}`;
const rules = (...paths: string[]) =>
  JSON.stringify([{ name: 'shop-app', rules: paths.map((path) => ({ path, capabilities: ['update'] })) }]);
const short = { token_ttl: '1h', token_max_ttl: '24h' };
const publicKey =
  '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEYD54V/vp+54P9DXarYqx4MPcm+HKRIQzNasYSoRQHQ/6S6Ps8tpMcT+KvIIC8W/e9k0W7Cm72M1P9jU7SLf/vg==\n-----END PUBLIC KEY-----\n';

/** What an attacker who writes the recipe tries, where it must be told, and by which rule of the ceiling. */
const attacks: [what: string, sections: Record<string, string>, subject: string | RegExp, by: string][] = [
  // More paths.
  ['another path', { policies: rule('secret/data/other', 'read') }, /policies\[shop-app\]\.rules\[/, 'policies.paths'],
  ['everything', { policies: rule('*', 'read') }, /rules/, 'policies.paths'],
  ['everything by segments', { policies: rule('+/+/+/*', 'read') }, /rules/, 'policies.paths'],
  ['a wider glob', { policies: rule('secret/data/*', 'read') }, /rules/, 'policies.paths'],
  ['a glob without the slash', { policies: rule('secret/data/shop*', 'read') }, /rules/, 'policies.paths'],
  ['the folder itself', { policies: rule('secret/data/shop', 'read') }, /rules/, 'policies.paths'],
  ['a + that reaches beside', { policies: rule('secret/data/+/app', 'read') }, /rules/, 'policies.paths'],
  ['a + in front', { policies: rule('+/data/shop/app', 'read') }, /rules/, 'policies.paths'],
  ['more segments than +', { policies: rule('pki/issue/*', 'update') }, /rules/, 'policies.paths'],
  ['a slash in front', { policies: rule('/secret/data/other', 'read') }, /rules/, 'policies.paths'],
  ['dots', { policies: rule('secret/data/shop/../other/..', 'sudo') }, /rules/, 'policies.paths'],
  ['upper case', { policies: rule('Secret/data/shop/app', 'read') }, /rules/, 'policies.paths'],
  // More capabilities.
  ['another capability', { policies: rule('secret/data/shop/app', 'delete') }, /rules/, 'policies.paths'],
  ['one capability too many', { policies: rule('secret/data/shop/app', 'read', 'list') }, /rules/, 'policies.paths'],
  ['sudo', { policies: rule('secret/data/shop/app', 'sudo') }, /rules/, 'policies.paths'],
  [
    'sudo in old words',
    { policies: hcl('path "secret/data/shop/app" { policy = "sudo" }') },
    'policies[shop-app]',
    'policies.paths',
  ],
  [
    'write in old words',
    { policies: hcl('path "secret/data/shop/app" { policy = "write" }') },
    'policies[shop-app]',
    'policies.paths',
  ],
  ['another entry’s capability', { policies: rule('secret/metadata/shop/app', 'read') }, /rules/, 'policies.paths'],
  // sys/.
  ['sys/', { policies: rule('sys/policies/acl/root', 'update') }, /rules/, 'policies.paths'],
  ['sys/ by a wide entry of the ceiling', { policies: rule('sys/data/public', 'read') }, /rules/, 'policies.paths'],
  ['sys/ by a + within a wide entry', { policies: rule('+/data/public', 'read') }, /rules/, 'policies.paths'],
  // Templates.
  ['a template', { policies: rule('{{identity.entity.name}}', 'read') }, /rules/, 'policies.paths'],
  [
    'a template for a segment',
    { policies: rule('secret/data/{{identity.entity.name}}/app', 'read') },
    /rules/,
    'policies.paths',
  ],
  [
    'half a template',
    { policies: rule('secret/data/sho{{identity.entity.metadata.x}}', 'read') },
    /rules/,
    'policies.paths',
  ],
  ['the accessor', { policies: rule('secret/data/${accessor}', 'read') }, /rules/, 'policies.paths'],
  [
    'a template where a + is allowed',
    { policies: rule('pki/issue/{{identity.entity.name}}', 'update') },
    /rules/,
    'policies.paths',
  ],
  // However it is written.
  ['hcl', { policies: hcl(block('secret/data/other', '"read"')) }, 'policies[shop-app]', 'policies.paths'],
  [
    'JSON',
    { policies: hcl('{"path": {"secret/data/other": {"capabilities": ["read"]}}}') },
    'policies[shop-app]',
    'policies.paths',
  ],
  ['escapes', { policies: hcl(block('secret/data/\\u006fther', '"read"')) }, 'policies[shop-app]', 'policies.paths'],
  [
    'behind a comment',
    { policies: hcl(`/* ${block('a', '"read"')} */ ${block('secret/data/other', '"read"')}`) },
    'policies[shop-app]',
    'policies.paths',
  ],
  [
    'a second block',
    { policies: hcl(`${block('secret/data/shop/a', '"read"')}\n${block('identity/*', '"read"')}`) },
    'policies[shop-app]',
    'policies.paths',
  ],
  [
    'deny first and more after',
    { policies: hcl(`${block('identity/*', '"deny"')}\n${block('identity/+', '"read"')}`) },
    'policies[shop-app]',
    'policies.paths',
  ],
  [
    'what two servers read in two ways',
    { policies: hcl('path "secret/data/shop/a" { capabilities = ["read"]\ncapabilities = ["read"] }') },
    'policies[shop-app]',
    'policies.paths',
  ],
  [
    'a rule hidden behind a heredoc',
    { policies: hcl(heredocThatHides('secret/data/shop/x')) },
    'policies[shop-app]',
    'policies.paths',
  ],
  [
    'a carriage return',
    { policies: hcl(`${block('secret/data/shop/a', '"read"')} # x\r ${block('sys/*', '"read"')}`) },
    /policies/,
    'policies.paths',
  ],
  [
    'what has no plain form',
    { policies: hcl(block('//secret/data/shop/a', '"deny"')) },
    'policies[shop-app]',
    'policies.paths',
  ],
  // Child namespaces of OpenBao.
  [
    'sys/ of a namespace by a + of the ceiling',
    { policies: rule('sys/data/public', 'read') },
    /rules/,
    'policies.paths',
  ],
  ['a path named path', { policies: hcl('path { capabilities = ["read"] }') }, 'policies[shop-app]', 'policies.paths'],
  // Names.
  [
    'another policy',
    {
      policies: '[{name: admin, rules: [{path: secret/data/shop/a, capabilities: [read]}]}]',
      roles: role({ token_policies: ['admin'] }),
    },
    'policies[admin].name',
    'policies.names',
  ],
  [
    'a policy in upper case',
    {
      policies: '[{name: ADMIN, rules: [{path: secret/data/shop/a, capabilities: [read]}]}]',
      roles: role({ token_policies: ['admin'] }),
    },
    /name$/,
    'policies.names',
  ],
  ['another role', { roles: role({ name: 'admin' }) }, 'roles[admin].name', 'roles.names'],
  ['another mount', { auth: auth({ path: 'kube-admin' }) }, 'auth.path', 'auth.paths'],
  ['a mount below', { auth: auth({ path: 'kube-shop/x' }) }, 'auth.path', 'auth.paths'],
  // Policies that are there.
  [
    'an existing policy',
    { roles: role({ token_policies: ['shop-app', 'admin'] }) },
    /token_policies/,
    'roles.token_policies',
  ],
  [
    'one with an allowed name that it does not write',
    { roles: role({ token_policies: ['shop-other'] }) },
    /token_policies/,
    'roles.token_policies',
  ],
  ['in upper case', { roles: role({ token_policies: ['Admin'] }) }, /token_policies/, 'roles.token_policies'],
  // Who is let in.
  [
    'another namespace',
    { roles: role({ service_accounts: ['kube-system/app'] }) },
    /service_accounts/,
    'roles.service_accounts',
  ],
  ['any account', { roles: role({ service_accounts: ['shop/*'] }) }, /service_accounts/, 'roles.wildcards'],
  ['any namespace', { roles: role({ service_accounts: ['*/app'] }) }, /service_accounts/, 'roles.service_accounts'],
  [
    'namespaces that begin so',
    { roles: role({ service_accounts: ['shop*/app'] }) },
    /service_accounts/,
    'roles.service_accounts',
  ],
  [
    'namespaces that end so',
    { roles: role({ service_accounts: ['*shop/app'] }) },
    /service_accounts/,
    'roles.service_accounts',
  ],
  [
    'two lists',
    { roles: unbound({ bound_service_account_names: ['app'], bound_service_account_namespaces: ['shop', 'admin'] }) },
    /roles\[shop-app\]/,
    'roles.service_accounts',
  ],
  [
    'a selector',
    {
      roles: unbound({
        bound_service_account_names: ['app'],
        bound_service_account_namespace_selector: '{"matchLabels":{}}',
      }),
    },
    /selector/,
    'roles.namespace_selector',
  ],
  [
    'accounts to make',
    { roles: role({ create_service_accounts: true }) },
    /create_service_accounts/,
    'roles.create_service_accounts',
  ],
  // The mount's config.
  ['keys of its own', { auth: auth({ config: { pem_keys: [publicKey] } }) }, /pem_keys/, 'auth.config'],
  [
    'an issuer',
    { auth: auth({ config: { issuer: 'https://evil.example', disable_iss_validation: false } }) },
    /issuer/,
    'auth.config',
  ],
  [
    'metadata from annotations',
    { auth: auth({ config: { use_annotations_as_alias_metadata: true } }) },
    /use_annotations/,
    'auth.config',
  ],
  // Who reviews.
  [
    'another reviewer',
    { auth: auth({}, { service_account: 'kube-system/admin' }) },
    /service_account/,
    'auth.reviewers',
  ],
  [
    'a Secret of another name',
    { auth: auth({}, { token_secret: 'db-password' }) },
    /token_secret/,
    'auth.token_secrets',
  ],
  ['a binding of another name', { auth: auth({}, { binding: 'cluster-admin' }) }, /binding/, 'auth.bindings'],
  [
    'delegators',
    { auth: '{path: kube-shop, reviewer: {mode: client_jwt, bind_clients: true}}' },
    /bind_clients/,
    'auth.bind_clients',
  ],
  ['client review', { auth: clientReview() }, 'auth.reviewer.mode', 'auth.client_jwt'],
  // Where.
  ['another context', { cluster: '{context: prod}' }, 'cluster.context', 'cluster.contexts'],
  ['another API server', { cluster: '{host: "https://evil.example:6443"}' }, 'cluster.host', 'cluster.hosts'],
  ['another Vault namespace', { vault: '{namespace: admin}' }, 'vault.namespace', 'vault.namespaces'],
  // What verify tries.
  [
    'a token of another account',
    { expect: expected({ service_account: 'kube-system/admin', login: 'refused' }) },
    /service_account/,
    'expect.service_accounts',
  ],
  ['a login with another role', { expect: expected({ role: 'admin' }) }, /role/, 'roles.names'],
];

describe('under a ceiling', () => {
  it('a recipe that reaches as far as it may is good', () => {
    expect(excesses(recipe())).toEqual([]);
  });

  it.each(attacks)('a recipe gets nothing by %s', (_what, sections, subject, by) => {
    const problems = excesses(recipe(sections));
    expect(problems.length).toBeGreaterThan(0);
    expect(new Set(problems.map(({ code }) => code))).toEqual(new Set(['ceiling-exceeded']));
    const told = problems.find((one) => one.message.includes(`says so in ${by} (ceiling.yaml:`));
    expect(told?.subject).toEqual(typeof subject === 'string' ? subject : expect.stringMatching(subject));
    expect(told?.at?.file).toBe('r.yaml');
  });

  it.each(attacks)('and nothing is allowed by %s that only an empty ceiling would stop', (_what, sections) => {
    expect(excesses(recipe(sections), { under: 'version: 1\n' }).length).toBeGreaterThan(1);
  });

  it('a CA is not the recipe’s to bring, and a policy file is read like all others', () => {
    const files = {
      'ca.pem': '',
      'app.hcl': `# a comment\n${block('secret/data/shop/a', '"read"')}\n${block('secret/data/other', '"read"')}\n`,
    };
    const text = recipe({ policies: '[{name: shop-app, file: ./app.hcl}]' });
    expect(excesses(text, { files })).toMatchObject([
      { code: 'ceiling-exceeded', at: { file: 'app.hcl', line: 3, column: 6 } },
    ]);
  });

  it('all excesses are told at once, each with its place', () => {
    const problems = excesses(
      recipe({
        cluster: '{context: prod}',
        auth: auth({ path: 'kube-admin' }),
        policies: rule('*', 'sudo'),
        roles: role({ name: 'admin', service_accounts: ['*/app'] }),
      }),
    );
    expect(problems.map(({ at, subject }) => `${at?.line} ${subject}`)).toEqual([
      '3 auth.path',
      '4 policies[shop-app].rules[0].path',
      '5 roles[admin].name',
      '5 roles[admin].service_accounts',
      '5 roles[admin].service_accounts',
      '6 cluster.context',
    ]);
  });
});

type Change = (document: Record<string, Record<string, unknown>>) => void;

/** The same, once the ceiling says so. */
const permits: [what: string, change: Change, sections: Record<string, string>][] = [
  [
    'a template below a prefix',
    () => undefined,
    { policies: rule('secret/data/shop/{{identity.entity.name}}', 'read') },
  ],
  ['a + below a prefix', () => undefined, { policies: rule('secret/data/shop/+/app', 'read') }],
  ['the same path', () => undefined, { policies: rule('pki/issue/+', 'update') }],
  ['deny anywhere', () => undefined, { policies: rule('sys/*', 'deny') }],
  ['the default policy', () => undefined, { roles: role({ token_policies: ['default', 'shop-app'] }) }],
  ['client review', (c) => Object.assign(c['auth'] ?? {}, { client_jwt: true }), { auth: clientReview() }],
  [
    'client review with delegators',
    (c) => Object.assign(c['auth'] ?? {}, { bind_clients: true }),
    { auth: '{path: kube-shop, reviewer: {mode: client_jwt, bind_clients: true}}' },
  ],
  ['client review of a mount that is new or left', () => undefined, { auth: clientReview('create') }],
  [
    'auth/ and identity/',
    (c) => {
      add(c, 'policies', 'paths', { path: 'auth/token/*', capabilities: ['update'] });
      add(c, 'policies', 'paths', { path: 'identity/*', capabilities: ['update'] });
    },
    { policies: rules('auth/token/create', 'identity/entity') },
  ],
  [
    'a selector with any name',
    (c) => Object.assign(c['roles'] ?? {}, { namespace_selector: true, wildcards: true }),
    { roles: selected('*') },
  ],
  ['any lifetime', () => undefined, { roles: role({ token_period: '100h', token_type: 'service' }) }],
  ['any alias', () => undefined, { roles: role({ alias_name_source: 'serviceaccount_name' }) }],
  ['an alias', limited({ alias_name_source: ['serviceaccount_uid'] }), {}],
  ['a lifetime', limited(short), { roles: role({ token_ttl: '1h', token_max_ttl: '24h' }) }],
  ['a batch token', limited(short), { roles: role({ token_ttl: '1h', token_type: 'batch' }) }],
  ['a period', limited({ ...short, token_period: '2h' }), { roles: role({ token_period: '2h' }) }],
  ['a period with an end', limited(short), { roles: role({ token_period: '1h', token_explicit_max_ttl: '24h' }) }],
  [
    'a mount that is only looked at',
    (c) => Object.assign(c['auth'] ?? {}, { manage: ['none'], reviewers: [] }),
    { auth: '{path: kube-shop, manage: none}' },
  ],
  [
    'sys/',
    (c) => add(c, 'policies', 'paths', { path: 'sys/tools/*', capabilities: ['update'] }),
    { policies: rule('sys/tools/random', 'update') },
  ],
  [
    'sudo',
    (c) => add(c, 'policies', 'paths', { path: 'secret/data/shop/*', capabilities: ['sudo'] }),
    { policies: rule('secret/data/shop/a', 'sudo') },
  ],
  [
    'a wildcard',
    (c) => Object.assign(c['roles'] ?? {}, { wildcards: true }),
    { roles: role({ service_accounts: ['shop/*'] }) },
  ],
  [
    'a selector',
    (c) => Object.assign(c['roles'] ?? {}, { namespace_selector: true }),
    {
      roles: unbound({
        bound_service_account_names: ['app'],
        bound_service_account_namespace_selector: '{"matchLabels":{"a":"b"}}',
      }),
    },
  ],
  [
    'an existing policy',
    (c) => Object.assign(c['roles'] ?? {}, { token_policies: ['admin'] }),
    { roles: role({ token_policies: ['admin', 'shop-app'] }) },
  ],
  [
    'accounts to make',
    (c) => Object.assign(c['roles'] ?? {}, { create_service_accounts: ['shop/*'] }),
    { roles: role({ create_service_accounts: true }) },
  ],
  [
    'an issuer',
    (c) => Object.assign(c['auth'] ?? {}, { config: ['issuer', 'disable_iss_validation'] }),
    { auth: auth({ config: { issuer: 'https://a.example', disable_iss_validation: false } }) },
  ],
  ['a context', (c) => Object.assign(c, { cluster: { contexts: ['prod'] } }), { cluster: '{context: prod}' }],
  [
    'a host',
    (c) => Object.assign(c, { cluster: { hosts: ['https://a.example:6443/'] } }),
    { cluster: '{host: "https://a.example:6443"}' },
  ],
  [
    'a Vault namespace',
    (c) => Object.assign(c, { vault: { namespaces: ['shop/*'] } }),
    { vault: '{namespace: shop/team}' },
  ],
  [
    'a stranger to be refused',
    (c) => Object.assign(c, { expect: { service_accounts: ['default/default'] } }),
    { expect: expected({ service_account: 'default/default', login: 'refused' }) },
  ],
];

/** What goes beyond a ceiling that says more of roles. */
const beyond: [what: string, ceiling: Record<string, unknown>, fields: Record<string, unknown>, by: string[]][] = [
  ['no lifetime', short, {}, ['token_ttl', 'token_max_ttl']],
  ['a lifetime of 0', { token_ttl: '1h' }, { token_ttl: 0 }, ['token_ttl']],
  ['a longer one', short, { token_ttl: '2h', token_max_ttl: '24h' }, ['token_ttl']],
  ['a longer maximum', short, { token_ttl: '1h', token_max_ttl: '25h' }, ['token_max_ttl']],
  ['no maximum', short, { token_ttl: '1h' }, ['token_max_ttl']],
  ['a batch token of a longer one', short, { token_ttl: '2h', token_type: 'batch' }, ['token_ttl']],
  ['a period', { token_ttl: '1h' }, { token_period: '1m' }, ['token_period']],
  ['a period beside a maximum', short, { token_period: '1m', token_max_ttl: '1h' }, ['token_period']],
  ['a longer period', { token_period: '2h' }, { token_period: '3h' }, ['token_period']],
  ['a period with a late end', short, { token_period: '1h', token_explicit_max_ttl: '25h' }, ['token_max_ttl']],
  [
    'a name as the alias',
    { alias_name_source: ['serviceaccount_uid'] },
    { alias_name_source: 'serviceaccount_name' },
    ['alias_name_source'],
  ],
  ['the default alias', { alias_name_source: ['serviceaccount_name'] }, {}, ['alias_name_source']],
];

describe('a ceiling that says more of roles stops', () => {
  it.each(beyond)('%s', (_what, more, fields, by) => {
    expect(stoppedBy(limited(more), { roles: role(fields) })).toEqual(by.map((key) => `roles.${key}`));
  });

  it.each([
    ['*', 'wildcards'],
    ['app*', 'wildcards'],
    ['admin', 'service_accounts'],
  ])('a selector with the name %s', (name, by) => {
    const change = limited({
      namespace_selector: true,
      service_accounts: [by === 'wildcards' ? 'shop/*' : 'shop/app'],
    });
    expect(stoppedBy(change, { roles: selected(name) })).toEqual([`roles.${by}`]);
  });
});

/**
 * Law: sys, auth and identity give any right at every position, since a root policy names child namespaces too. They are
 * reached by an entry that has the word in front of its first + or *; what may only become such a path, besides by one
 * that has a word of KV version 2 there.
 */
describe('an entry of a ceiling', () => {
  const reach = (entry: string, path: string) =>
    stoppedBy((c) => add(c, 'policies', 'paths', { path: entry, capabilities: ['update'] }), { policies: rules(path) });

  it.each([
    ['*', 'sys/mounts'],
    ['*', 'auth/token/create'],
    ['*', 'identity/entity'],
    ['*', 'auth/*'],
    ['*', '+/entity'],
    ['*', '+/+/x'],
    ['*', 'kv/*'],
    ['*', 'team/sys/mounts'],
    ['team/*', 'team/sys/policies/acl/*'],
    ['team/*', 'team/auth/token/create'],
    ['team/*', 'team/+/policies/acl/x'],
    ['team/*', 'team/*'],
    ['team/*', 'team/s*'],
    ['team/*', 'team/{{identity.entity.name}}/x'],
    ['te*', 'team/identity/entity'],
    ['+/*', 'team/sys/mounts'],
    ['+/sys/*', 'team/sys/mounts'],
    ['+/+/x', 'team/sys/x'],
    // However many segments stand in front.
    ['team/shop/*', 'team/shop/sys/policies/acl/*'],
    ['team/shop/*', 'team/shop/auth/token/create'],
    ['team/shop/*', 'team/shop/*'],
    ['a/b/+/+/+', 'a/b/sys/policy/x'],
    ['a/b/+/+/+', 'a/b/+/+/x'],
    ['a/b/c/d/*', 'a/b/c/d/identity/entity'],
    ['team/shop/*', 'team/shop/{{identity.entity.name}}/sys/policies/acl/x'],
    ['kv/data/*', 'kv/data/{{identity.entity.name}}/sys/policies/acl/x'],
    // A namespace may be called so.
    ['kv/data/*', 'kv/data/shop/auth/x'],
    ['kv/data/+/+/x', 'kv/data/sys/policies/x'],
    // No word of KV version 2 behind the path of an engine.
    ['data/*', 'data/shop/*'],
    ['kv/data*', 'kv/data*'],
    ['kv/+/data/*', 'kv/+/data/*'],
    ['database/creds/*', 'database/creds/shop-*'],
    // The + may be sys itself: sys/auth/x makes an auth method.
    ['+/auth/*', '+/auth/x'],
    ['+/sys/*', '+/sys/mounts'],
  ])('%s does not reach %s', (entry, path) => {
    expect(reach(entry, path)).toEqual(['policies.paths']);
  });

  it.each([
    ['*', 'kv/data/other'],
    ['team/*', 'team/kv/app'],
    ['team/sys/*', 'team/sys/policies/acl/*'],
    ['auth/*', 'auth/token/create'],
    ['sys/*', 'sys/*'],
    ['kv/data/*', 'kv/data/*'],
    ['kv/data/*', 'kv/data/shop/*'],
    ['kv/metadata/*', 'kv/metadata/+/app'],
    ['a/b/subkeys/+/*', 'a/b/subkeys/shop/*'],
    ['kv/data/shop/*', 'kv/data/shop/{{identity.entity.name}}/x'],
    ['kv/data/shop/auth/*', 'kv/data/shop/auth/x'],
    ['kv/data/shop/auth/x', 'kv/data/shop/auth/x'],
    ['database/creds/shop-*', 'database/creds/shop-app'],
    ['database/creds/*', 'database/creds/+'],
    ['team/shop/*', 'team/shop/sys'],
  ])('%s reaches %s', (entry, path) => {
    expect(reach(entry, path)).toEqual([]);
  });
});

describe('what an entry holds and does not let be is told with how to write it', () => {
  it.each([
    ['team/shop/*', 'team/shop/sys/policies/acl/*', 'the ceiling would name this path itself'],
    ['team/shop/*', 'team/shop/*', 'write out the paths that are meant, or a + as the last segment in place of the *'],
  ])('%s and %s', (entry, path, advice) => {
    const document = parse(ceiling);
    add(document, 'policies', 'paths', { path: entry, capabilities: ['update'] });
    const [said] = excesses(recipe({ policies: rules(path) }), { under: stringify(document) });
    expect(said?.fix?.map(({ why }) => why).join()).toContain(advice);
  });
});

describe('a ceiling and the accessor', () => {
  it('a placeholder that would end a heredoc is refused', () => {
    const said = excesses(recipe({ policies: hcl(accessorAnchor('auth_kubernetes_4dba188f')) }));
    expect(said).toMatchObject([{ code: 'policy-invalid', subject: 'policies[shop-app].hcl' }]);
  });
});

function limited(more: Record<string, unknown>): Change {
  return (document) => Object.assign(document['roles'] ?? {}, more);
}

/** Which parts of the changed ceiling stop a recipe. */
function stoppedBy(change: Change, sections: Record<string, string>): (string | undefined)[] {
  const document = parse(ceiling);
  change(document);
  const problems = excesses(recipe(sections), { under: stringify(document) });
  const stopping = problems.filter(({ code }) => code === 'ceiling-exceeded');
  return stopping.map(({ message }) => /says so in (\S+) /.exec(message)?.[1]);
}

function add(document: Record<string, Record<string, unknown>>, section: string, key: string, value: unknown): void {
  const list = document[section]?.[key];
  if (!Array.isArray(list)) throw new Error(`no list ${section}.${key}`);
  list.push(value);
}

describe('a ceiling allows', () => {
  it.each(permits)('%s', (_what, change, sections) => {
    const document = parse(ceiling);
    change(document);
    expect(excesses(recipe(sections), { under: stringify(document) })).toEqual([]);
  });
});
