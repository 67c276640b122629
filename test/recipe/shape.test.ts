import { describe, expect, test } from 'vitest';
import type { Code } from '../../src/codes.ts';
import { marked, mistakesOf, places, read, recipe } from './reading.ts';

/** Each « marks the place of one mistake, in order. */
type Case = [name: string, code: Code, says: string[], text: string];

function tryAll(cases: Case[]): void {
  test.each(cases)('%s', (_, code, says, source) => {
    const { text, marks } = marked(source);
    const problems = mistakesOf(() => read(text));
    expect(places(problems), JSON.stringify(problems)).toEqual(marks.map(({ line, column }) => `${line}:${column}`));
    for (const [index, word] of says.entries())
      expect(problems[index]).toMatchObject({ code, message: expect.stringContaining(word) });
  });
}

describe('YAML', () => {
  tryAll([
    ['an empty file', 'recipe-value', ['the file is empty'], '«'],
    ['comments only', 'recipe-value', ['the file is empty'], '«# nothing\n'],
    ['a list', 'recipe-value', ['a mapping of keys'], '«- version: 1\n'],
    ['text', 'recipe-value', ['a mapping of keys'], '«hello\n'],
    ['a tab', 'recipe-syntax', ['a tab indents'], 'version: 1\nauth:\n«\tpath: kube\n'],
    ['an open bracket', 'recipe-syntax', ['not valid YAML'], 'version: 1\nroles: [a\n«'],
    ['a key twice', 'recipe-duplicate', ['a second time; the first is on line 2'], `${recipe()}«name: other\n`],
    [
      'a key twice inside',
      'recipe-duplicate',
      ['the first is on line 3'],
      recipe('auth: {path: kube, «path: kube2, reviewer: {service_account: a/b}}'),
    ],
    ['two documents', 'recipe-syntax', ['one YAML document'], `${recipe()}«---\nversion: 1\n`],
    [
      'merge keys',
      'recipe-syntax',
      ['no merge keys'],
      recipe('roles: [{«<<: {a: b}, name: app, service_accounts: [a/b], token_policies: [app]}]'),
    ],
    [
      'an unknown alias',
      'recipe-syntax',
      [''],
      recipe('roles: [{name: app, service_accounts: «*all, token_policies: [app]}]'),
    ],
    ['a tag', 'recipe-syntax', ['no YAML tags'], recipe('cluster: {context: «!env X}')],
  ]);

  test('aliases stand for what they name', () => {
    const { recipe: found } = read(
      recipe(
        'roles: [{name: a, service_accounts: [d/a], token_policies: &p [app]}, {name: b, service_accounts: [d/b], token_policies: *p}]',
      ),
    );
    expect(found.roles.map(({ token_policies }) => token_policies)).toEqual([['app'], ['app']]);
  });

  test.each(['\r\n', '\n'])('line ends %j', (end) => {
    const { text, marks } = marked(recipe('cluster: {«contxt: x}'));
    expect(places(mistakesOf(() => read(text.replaceAll('\n', end))))).toEqual(
      marks.map(({ line, column }) => `${line}:${column}`),
    );
  });

  test('a byte order mark is no mistake', () => {
    expect(read(`\ufeff${recipe()}`).warnings).toEqual([]);
  });
});

describe('keys', () => {
  const old: [string, string][] = [
    ['policies', 'token_policies'],
    ['ttl', 'token_ttl'],
    ['max_ttl', 'token_max_ttl'],
    ['period', 'token_period'],
    ['num_uses', 'token_num_uses'],
    ['bound_cidrs', 'token_bound_cidrs'],
    ['policy', 'token_policies'],
    ['audiences', 'audience'],
    ['token_polices', 'token_policies'],
    ['bound_service_acount_names', 'bound_service_account_names'],
  ];
  tryAll([
    ...old.map(
      ([key, meant]): Case => [
        key,
        'recipe-unknown-key',
        [`did you mean "${meant}"`],
        recipe(`roles: [{name: app, service_accounts: [default/app], token_policies: [app], «${key}: x}]`),
      ],
    ),
    ['at the top', 'recipe-unknown-key', ['did you mean "policies"'], `${recipe()}«policy: []\n`],
    ['in the wrong section', 'recipe-unknown-key', ['it belongs in auth'], `${recipe()}«reviewer: {}\n`],
    [
      'the reviewer token',
      'recipe-unknown-key',
      ['never stands in a recipe'],
      recipe('auth: {path: kube, config: {«token_reviewer_jwt: x}, reviewer: {service_account: infra/reviewer}}'),
    ],
    [
      'the host in the config',
      'recipe-unknown-key',
      ['it is cluster.host'],
      recipe('auth: {path: kube, config: {«kubernetes_host: x}, reviewer: {service_account: infra/reviewer}}'),
    ],
    ['nothing near', 'recipe-unknown-key', ['unknown key "zzzzzzzz"'], `${recipe()}«zzzzzzzz: 1\n`],
  ]);
});

describe('values', () => {
  tryAll([
    ['nothing', 'recipe-value', ['is empty'], recipe('name: «')],
    ['a number for text', 'recipe-value', ['put it in quotes'], recipe('name: «12')],
    [
      'text for a list',
      'recipe-value',
      ['write [default/app]'],
      recipe('roles: [{name: app, service_accounts: «default/app, token_policies: [app]}]'),
    ],
    [
      'yes for true',
      'recipe-value',
      ['did you mean "true"'],
      recipe(
        'roles: [{name: app, service_accounts: [default/app], token_policies: [app], create_service_accounts: «yes}]',
      ),
    ],
    ['a version', 'recipe-value', ['is not 1'], recipe('version: «2')],
    ['capitals in the name', 'recipe-value', ['did you mean "my-app"'], recipe('name: «My_App')],
    [
      'auth/ before the mount',
      'recipe-value',
      ['did you mean "kube-policy"'],
      recipe('auth: {path: «auth/kube-policy/, reviewer: {service_account: a/b}}'),
    ],
    [
      'the token mount',
      'recipe-value',
      ['not a mount path'],
      recipe('auth: {path: «token, reviewer: {service_account: a/b}}'),
    ],
    [
      'dots as mount',
      'recipe-value',
      ['not a mount path'],
      recipe('auth: {path: «../x, reviewer: {service_account: a/b}}'),
    ],
    [
      'an account in capitals',
      'recipe-value',
      ['did you mean "default/app"'],
      recipe('roles: [{name: app, service_accounts: [«Default/App], token_policies: [app]}]'),
    ],
    [
      'an account with a colon',
      'recipe-value',
      ['did you mean "infra/reviewer"'],
      recipe('auth: {path: kube, reviewer: {service_account: «"infra:reviewer"}}'),
    ],
    [
      'an account without namespace',
      'recipe-value',
      ['namespace/name'],
      recipe('auth: {path: kube, reviewer: {service_account: «reviewer}}'),
    ],
    [
      'a duration',
      'recipe-value',
      ['did you mean "24h"'],
      recipe('roles: [{name: app, service_accounts: [default/app], token_policies: [app], token_ttl: «24 hours}]'),
    ],
    [
      'a fraction',
      'recipe-value',
      ['not a duration'],
      recipe('roles: [{name: app, service_accounts: [default/app], token_policies: [app], token_ttl: «1.5}]'),
    ],
    [
      'a capability',
      'recipe-value',
      ['did you mean "read"'],
      recipe('policies: [{name: app, rules: [{path: a/b, capabilities: [«get]}]}]'),
    ],
    [
      'a capability misspelt',
      'recipe-value',
      ['did you mean "update"'],
      recipe('policies: [{name: app, rules: [{path: a/b, capabilities: [«updaet]}]}]'),
    ],
    [
      'a policy name',
      'recipe-value',
      ['did you mean "app"'],
      recipe(
        'policies: [{name: «sys/policies/acl/app, rules: [{path: a/b, capabilities: [read]}]}]',
        'roles: [{name: app, service_accounts: [default/app], token_policies: [app]}]',
      ),
    ],
    [
      'a claim',
      'recipe-value',
      ['did you mean "read secret/data/app"'],
      recipe('expect: [{role: app, service_account: default/app, can: [«get secret/data/app]}]'),
    ],
    [
      'no claim',
      'recipe-value',
      ['a capability and a path'],
      recipe('expect: [{role: app, service_account: default/app, can: [«read]}]'),
    ],
    [
      'a choice',
      'recipe-value',
      ['did you mean "refused"'],
      recipe('expect: [{role: app, service_account: default/other, login: «refuse}]'),
    ],
    ['an empty list', 'recipe-value', ['empty list'], recipe('policies: [{name: app, rules: «[]}]')],
    [
      'shell',
      'recipe-env',
      ['did you mean "${env:KUBERNETES_SERVICE_HOST}"'],
      recipe('cluster: {host: «"https://${KUBERNETES_SERVICE_HOST}"}'),
    ],
    ['a command', 'recipe-env', ['is shell'], recipe('cluster: {context: «"$(kubectl config current-context)"}')],
  ]);
});

describe('what is missing', () => {
  test('every required key of the top is named at once', () => {
    const problems = mistakesOf(() => read('vault: {}\n'));
    expect(problems.map(({ message }) => message)).toEqual([
      'version: is missing',
      'name: is missing',
      'auth: is missing',
    ]);
  });
});

test('mistakes in every part are said at once, in the order of the file, and none follows from another', () => {
  const { text, marks } = marked(`version: 1
name: «Bad Name
auth:
  path: «/kube
  «reviewr: {}
policies:
  - name: app
    rules: [{path: a/b, capabilities: [«raed]}]
  - «{name: other}
roles:
  - name: app
    service_accounts: [default/app]
    «policies: [app]
  - name: «app
    service_accounts: [«a/b/c]
expect:
  - {role: app, service_account: default/app, can: [read a/b]}
  - «{role: app, service_account: default/app, can: [«eat a/b]}
`);
  const problems = mistakesOf(() => read(text));
  expect(places(problems), JSON.stringify(problems, null, 1)).toEqual(
    marks.map(({ line, column }) => `${line}:${column}`),
  );
});
