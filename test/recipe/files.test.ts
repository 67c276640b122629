import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readRecipe } from '../../src/recipe/read.ts';
import { shown } from '../shown.ts';
import { inFolder, mistakesOf, read, recipe } from './reading.ts';

const auth = 'version: 1\nname: many\nauth: {path: kube, reviewer: {service_account: infra/reviewer}}\n';
const app = (name: string) => `version: 1
policies:
  - {name: ${name}, rules: [{path: secret/data/${name}, capabilities: [read]}]}
roles:
  - {name: ${name}, service_accounts: [default/${name}], token_policies: [${name}]}
`;

function mistakes(files: Record<string, string>, given = Object.keys(files)) {
  return inFolder(files, (cwd) => mistakesOf(() => readRecipe(given, { cwd, env: {}, allowedEnv: [] })));
}

describe('several files', () => {
  test('lists are joined in the order given', () => {
    const files = { 'auth.yaml': auth, 'b.yaml': app('b'), 'a.yaml': app('a') };
    inFolder(files, (cwd) => {
      const { recipe: found, warnings } = readRecipe(Object.keys(files), { cwd, env: {}, allowedEnv: [] });
      expect(found.roles.map(({ name, at }) => [name, at.file, at.line])).toEqual([
        ['b', 'b.yaml', 5],
        ['a', 'a.yaml', 5],
      ]);
      expect(found.files).toEqual(['auth.yaml', 'b.yaml', 'a.yaml']);
      expect(warnings).toEqual([]);
    });
  });

  test('what there is one of stands in one file', () => {
    expect(mistakes({ 'auth.yaml': auth, 'two.yaml': auth })).toMatchObject([
      {
        code: 'recipe-duplicate',
        fix: [{ why: expect.stringContaining('make one recipe') }],
        message: expect.stringContaining('auth.yaml:2'),
        at: { file: 'two.yaml', line: 2, column: 1 },
      },
      {
        code: 'recipe-duplicate',
        message: expect.stringContaining('auth.yaml:3'),
        at: { file: 'two.yaml', line: 3, column: 1 },
      },
    ]);
  });

  test('a saved plan is told as one, once', () => {
    const plan = JSON.stringify({ format: 'vaultbind-plan', schema_version: 1, steps: [], recipe: {} }, null, 2);
    expect(shown(mistakes({ 'p.json': plan }))).toEqual([
      {
        ...{ code: 'recipe-value', subject: 'p.json', message: 'p.json is a saved plan, not a recipe' },
        fix: [{ why: 'apply it as the plan that it is', command: 'vaultbind apply p.json' }],
      },
    ]);
  });

  test('a name defined in two files names both places', () => {
    expect(
      mistakes({ 'auth.yaml': auth, 'a.yaml': app('app'), 'b.yaml': app('App').replace('default/App', 'default/app') }),
    ).toMatchObject([
      {
        code: 'recipe-duplicate',
        message: expect.stringContaining('the first is at a.yaml:3:12'),
        at: { file: 'b.yaml', line: 3, column: 12 },
      },
      {
        code: 'recipe-duplicate',
        message: expect.stringContaining('the first is at a.yaml:5:12'),
        at: { file: 'b.yaml', line: 5, column: 12 },
      },
    ]);
  });

  test('each has its version, and mistakes of all are said at once', () => {
    const files = {
      'auth.yaml': auth,
      'a.yaml': app('a').replace('version: 1\n', ''),
      'b.yaml': `${app('b')}extra: 1\n`,
    };
    expect(mistakes(files).map(({ code, at }) => `${at?.file}:${at?.line} ${code}`)).toEqual([
      'a.yaml:1 recipe-missing',
      'b.yaml:6 recipe-unknown-key',
    ]);
  });

  test('a file that is no YAML hides nothing in another that is none', () => {
    expect(mistakes({ 'auth.yaml': auth, 'a.yaml': 'a: [', 'b.yaml': '{' }).map(({ at }) => at?.file)).toEqual(
      expect.arrayContaining(['a.yaml', 'b.yaml']),
    );
  });

  test('paths start from the file that names them', () => {
    const hcl = 'path "secret/data/app" { capabilities = ["read"] }';
    const files = {
      'auth.yaml': auth,
      'team/a.yaml': app('a').replace(/rules: .*\}\]/, 'file: p.hcl'),
      'team/p.hcl': hcl,
    };
    inFolder(files, (cwd) => {
      const { recipe: found } = readRecipe(['auth.yaml', 'team/a.yaml'], { cwd, env: {}, allowedEnv: [] });
      expect(found.policies[0]?.hcl).toBe(hcl);
    });
  });

  test('a mistake in a policy file is shown in that file', () => {
    const hcl = '# one\npath "secret/data/app" {\n  capabilities = ["raed"]\n}\n';
    const files = {
      'auth.yaml': auth,
      'team/a.yaml': app('a').replace(/rules: .*\}\]/, 'file: ./p.hcl'),
      'team/p.hcl': hcl,
    };
    expect(mistakes(files, ['auth.yaml', 'team/a.yaml'])).toMatchObject([
      { code: 'policy-invalid', at: { file: 'team/p.hcl', line: 3, column: 19 } },
    ]);
  });
});

describe('a folder', () => {
  const reading = (files: Record<string, string>, given: string[]) =>
    inFolder(files, (cwd) => readRecipe(given, { cwd, env: {}, allowedEnv: [] }));
  const folder = { 'd/auth.yaml': auth, 'd/b.yml': app('b'), 'd/a.json': asJson(app('a')), 'd/z.yaml': app('z') };

  test('stands for the recipes directly in it, by name', () => {
    const besides = {
      ...{ 'd/recipe.schema.json': '{}', 'd/notes.md': 'x', 'd/.hidden.yaml': 'x: [', 'd/inner/c.yaml': 'x: [' },
      'more.yaml': app('more'),
    };
    const { recipe: found } = reading({ ...folder, ...besides }, ['d', 'more.yaml']);
    expect(found.roles.map(({ name, at }) => [name, at.file])).toEqual([
      ...[
        ['a', 'd/a.json'],
        ['b', 'd/b.yml'],
        ['z', 'd/z.yaml'],
      ],
      ['more', 'more.yaml'],
    ]);
    // As typed: what is printed to copy names the folder, not each of its files.
    expect(found.files).toEqual(['d', 'more.yaml']);
  });

  test.each(['d/', './d', 'd/../d'])('is %s too', (given) => {
    expect(reading(folder, [given]).recipe.roles).toHaveLength(3);
  });

  test('files that its recipes name lie beside them', () => {
    const files = { ...folder, 'd/p.hcl': 'path "secret/data/p" { capabilities = ["read"] }' };
    const legacy = 'version: 1\npolicies: [{name: legacy, file: ./p.hcl}]\n';
    expect(reading({ ...files, 'd/c.yaml': legacy }, ['d']).recipe.policies.map(({ name }) => name)).toContain(
      'legacy',
    );
  });

  test('what is no recipe in it is named, with all else that is wrong', () => {
    const files = { ...folder, 'd/deploy.yaml': 'apiVersion: apps/v1\nkind: Deployment\n' };
    const named = mistakes(files, ['d']).map(({ at }) => `${at?.file}:${at?.line}`);
    expect(named).toEqual(['d/deploy.yaml:1', 'd/deploy.yaml:1', 'd/deploy.yaml:2']);
    expect(mistakes({ ...folder, 'd/broken.yaml': 'x: [' }, ['d'])).toMatchObject([{ at: { file: 'd/broken.yaml' } }]);
  });

  test('has recipes whatever their names are written like', () => {
    const names = { 'd/UP.YAML': app('up'), 'd/two\nlines.Yml': app('lines'), 'd/x.SCHEMA.JSON': '{}' };
    const { recipe: found } = reading({ 'd/auth.yaml': auth, ...names }, ['d']);
    expect(found.roles.map(({ name }) => name).sort()).toEqual(['lines', 'up']);
  });

  test('is read where its recipes are links to files below it', () => {
    inFolder({ 'd/auth.yaml': auth, 'd/..data/a.yaml': app('a') }, (cwd) => {
      symlinkSync('..data/a.yaml', join(cwd, 'd/a.yaml'));
      symlinkSync('d', join(cwd, 'link'));
      const { recipe: found } = readRecipe(['link'], { cwd, env: {}, allowedEnv: [] });
      expect(found.roles.map(({ name }) => name)).toEqual(['a']);
    });
  });

  test('is refused with what is no regular file in it, and waits for none', () => {
    inFolder({ ...folder, 'out.yaml': app('out') }, (cwd) => {
      execFileSync('mkfifo', [join(cwd, 'd/pipe.yaml')]);
      mkdirSync(join(cwd, 'd/inner.yaml'));
      symlinkSync('../out.yaml', join(cwd, 'd/link.yaml'));
      symlinkSync('/dev/zero', join(cwd, 'd/zero.yaml'));
      const said = mistakesOf(() => readRecipe(['d'], { cwd, env: {}, allowedEnv: [] }));
      const out = 'leads out of its folder; if it is meant, name it with -f by itself';
      expect(said.map(({ code, message }) => [code, message])).toEqual([
        ['recipe-unreadable', 'd/inner.yaml is a folder, not a file'],
        ['recipe-unreadable', `d/link.yaml ${out}`],
        ['recipe-unreadable', 'd/pipe.yaml is not a regular file'],
        ['recipe-unreadable', `d/zero.yaml ${out}`],
      ]);
      // Named by itself it is the operator's word.
      const named = readRecipe(['d/auth.yaml', 'd/link.yaml'], { cwd, env: {}, allowedEnv: [] });
      expect(named.recipe.roles.map(({ name }) => name)).toEqual(['out']);
    });
  });

  test('and one of its files are given twice', () => {
    expect(mistakes(folder, ['d', 'd/z.yaml'])).toMatchObject([{ message: 'd/z.yaml is given twice' }]);
  });
});

function asJson(yaml: string): string {
  return JSON.stringify(parse(yaml));
}

describe('opening', () => {
  test('every file that cannot be read is named', () => {
    expect(
      mistakes({ 'auth.yaml': auth, 'd/x.txt': '' }, ['auth.yaml', 'none.yaml', 'd', 'auth.yaml', './auth.yaml']),
    ).toMatchObject([
      { code: 'recipe-unreadable', message: 'd is a folder without recipes (*.yaml, *.yml, *.json)' },
      { code: 'recipe-unreadable', message: 'none.yaml does not exist' },
      { code: 'recipe-duplicate', message: 'auth.yaml is given twice' },
      { code: 'recipe-duplicate', message: './auth.yaml is given twice' },
    ]);
  });

  test('one that comes with the package says where that lies', () => {
    const [problem] = mistakes({ 'auth.yaml': auth }, ['recipes/article.yaml']);
    expect(problem?.fix?.[0]?.why).toMatch(/comes with vaultbind is .*[/\\]recipes[/\\]article\.yaml$/);
    expect(mistakes({ 'auth.yaml': auth }, ['recipes/mine.yaml'])[0]?.fix).toEqual([]);
  });

  test('no file, no standard input, no UTF-8', () => {
    const options = { cwd: '.', env: {}, allowedEnv: [] };
    expect(mistakesOf(() => readRecipe([], options))).toMatchObject([{ code: 'usage' }]);
    expect(mistakesOf(() => readRecipe(['-'], options))).toMatchObject([{ code: 'recipe-unreadable' }]);
    const problems = inFolder({ 'r.yaml': Buffer.from([0xff, 0xfe, 0x00]) }, (cwd) =>
      mistakesOf(() => readRecipe(['r.yaml'], { ...options, cwd })),
    );
    expect(problems).toMatchObject([{ message: 'r.yaml is not UTF-8 text' }]);
  });
});

describe('what is read', () => {
  test('defaults that need no server', () => {
    const { recipe: found } = read(
      recipe('auth: {path: team/kube_a, reviewer: {service_account: "system:serviceaccount:infra:reviewer"}}'),
    );
    expect(found.auth).toMatchObject({
      manage: 'full',
      config: {},
      reviewer: {
        mode: 'token_secret',
        whoReviews: 'account',
        storesToken: true,
        account: { namespace: 'infra', name: 'reviewer' },
        secret: { namespace: 'infra', name: 'reviewer-token' },
        binding: {
          name: 'vaultbind-team-kube-a-infra-reviewer',
          accounts: [{ namespace: 'infra', name: 'reviewer' }],
        },
      },
    });
    expect(found.roles[0]).toMatchObject({ create_service_accounts: false, bound_service_account_names: ['app'] });
    expect(found.roles[0]).not.toHaveProperty('token_ttl');
  });

  test('without expect, each literal account logs in', () => {
    const { recipe: found } = read(
      recipe('roles: [{name: App, service_accounts: [a/x, a/y-*], token_policies: [App], token_ttl: 1h30m}]'),
    );
    expect(found.expect).toMatchObject([
      { role: 'app', service_account: { namespace: 'a', name: 'x' }, login: 'ok', implied: true },
    ]);
    expect(found.roles[0]).toMatchObject({ name: 'app', token_policies: ['app'], token_ttl: 5400 });
  });

  test('two lists bind every pair', () => {
    const { recipe: found } = read(
      recipe(
        'roles: [{name: app, bound_service_account_names: [x, y], bound_service_account_namespaces: [a, b-*], token_policies: [app]}]',
      ),
    );
    expect(found.roles[0]?.service_accounts).toEqual([
      { namespace: 'a', name: 'x' },
      { namespace: 'a', name: 'y' },
    ]);
  });

  test('pairs that make a whole product are no surprise', () => {
    expect(
      read(recipe('roles: [{name: app, service_accounts: [a/x, a/y, b/x, b/y], token_policies: [app]}]')).warnings,
    ).toEqual([]);
    expect(
      read(recipe('roles: [{name: app, service_accounts: [a/x-*, a/x-1], token_policies: [app]}]')).warnings,
    ).toEqual([]);
  });

  test('client review, and a mount of another team', () => {
    const client = read(recipe('auth: {path: kube, reviewer: {mode: client_jwt, bind_clients: true}}')).recipe;
    expect(client.auth.reviewer).toMatchObject({
      mode: 'client_jwt',
      whoReviews: 'client',
      storesToken: false,
      config: { disable_local_ca_jwt: true },
      binding: { name: 'vaultbind-kube-clients', accounts: [{ namespace: 'default', name: 'app' }] },
    });
    expect(client.auth.reviewer).not.toHaveProperty('secret');
    const foreign = read(recipe('auth: {path: kube, manage: none}')).recipe;
    expect(foreign.auth.reviewer).toMatchObject({ whoReviews: 'others', storesToken: false, binding: undefined });
    const own = read(recipe('auth: {path: kube, manage: none, reviewer: {service_account: infra/reviewer}}')).recipe;
    expect(own.auth.reviewer).toMatchObject({ whoReviews: 'others', storesToken: false, binding: undefined });
    expect(own.auth.reviewer).not.toHaveProperty('account');
    const bound = read(recipe('auth: {path: kube, manage: none, reviewer: {mode: client_jwt, bind_clients: true}}'));
    expect(bound.recipe.auth.reviewer).toMatchObject({ whoReviews: 'others', binding: client.auth.reviewer.binding });
  });

  test('a selector becomes the JSON that Vault wants', () => {
    const { recipe: found } = read(
      recipe(
        'roles: [{name: app, bound_service_account_names: [x], bound_service_account_namespace_selector: {matchLabels: {team: a}}, token_policies: [app]}]',
      ),
    );
    expect(found.roles[0]).toMatchObject({
      bound_service_account_namespace_selector: '{"matchLabels":{"team":"a"}}',
      bound_service_account_namespaces: [],
      service_accounts: [],
    });
  });

  test('addresses of IPv6 are written as the servers read them back', () => {
    const blocks = ['FE80:0:0::/10', '::0001', '10.0.0.0/8'];
    const { recipe: found } = read(
      recipe(
        `roles: [{name: app, service_accounts: [a/b], token_policies: [app], token_bound_cidrs: ${JSON.stringify(blocks)}}]`,
      ),
    );
    expect(found.roles[0]?.token_bound_cidrs).toEqual(['fe80::/10', '::1', '10.0.0.0/8']);
  });

  test('a slash at the end of an address is dropped', () => {
    const { recipe: found } = read(
      recipe('cluster: {host: https://10.0.0.1:6443/}', 'vault: {address: https://v.example.com/, namespace: a/b/}'),
    );
    expect([found.cluster.host, found.vault.address, found.vault.namespace]).toEqual([
      'https://10.0.0.1:6443',
      'https://v.example.com',
      'a/b',
    ]);
  });
});
