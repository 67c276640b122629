import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { readRecipe } from '../../../src/recipe/read.ts';
import type { Tree } from '../../../src/recipe/tree.ts';
import { treeOf } from '../../../src/recipe/write/edit.ts';
import { printRecipe } from '../../../src/recipe/write/print.ts';

const label = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
const account = label.map((name) => `apps/${name}`);
const mount = fc.constantFrom('kubernetes', 'team/kube', 'no', 'on', '1.0', 'null', 'kube-policy');
const path = fc.tuple(label, label).map(([folder, name]) => `secret/data/${folder}/${name}`);

/** Recipes of the kind that the wizard makes, with words that YAML would take for something else. */
const answers: fc.Arbitrary<Tree> = fc
  .record({
    name: label,
    mount,
    description: fc.option(
      fc.string({ unit: fc.constantFrom('a', ' ', ':', '#', "'", '"', '-', '|', '{', 'é', '*', '&') }),
    ),
    accounts: fc.uniqueArray(account, { minLength: 1, maxLength: 6 }),
    paths: fc.uniqueArray(path, { minLength: 1, maxLength: 4 }),
    audience: fc.option(fc.constantFrom('vault', 'yes', '0x10', 'https://vault.example.com: 1')),
    ttl: fc.constantFrom('1h', '20m', '90s'),
    create: fc.boolean(),
  })
  .map(({ name, mount, description, accounts, paths, audience, ttl, create }) => ({
    expect: accounts.map((service_account) => ({
      can: paths.map((one) => `read ${one}`),
      role: name,
      service_account,
    })),
    roles: [
      {
        name,
        token_policies: [name],
        service_accounts: accounts,
        token_ttl: ttl,
        ...(create ? { create_service_accounts: true } : {}),
        ...(audience === null ? {} : { audience }),
      },
    ],
    auth: {
      path: mount,
      reviewer: { service_account: 'infra/reviewer', mode: 'token_secret' },
      ...(description === null || description.trim() === '' ? {} : { description }),
    },
    policies: [{ name, rules: paths.map((one) => ({ path: one, capabilities: ['read'] })) }],
    name,
    cluster: { context: 'prod #1: eu' },
    vault: { address: 'https://vault.example.com:8200' },
  }));

const read = (text: string) => {
  const { recipe } = readRecipe(['-'], { cwd: '/', env: {}, allowedEnv: [], stdin: text });
  return JSON.parse(
    JSON.stringify(recipe, (key, value: unknown) => (/(^a|A)t$/.test(key) ? undefined : value)),
  ) as unknown;
};

describe('a recipe that the wizard prints', () => {
  it('reads back to what was answered', () => {
    fc.assert(
      fc.property(answers, (tree) => {
        const text = printRecipe(tree, { head: ['vaultbind plan -f recipe.yaml'], schema: false });
        expect(treeOf(text)).toEqual({ version: 1, ...tree });
        expect(read(text)).toEqual(read(stringify({ version: 1, ...tree })));
      }),
    );
  });

  it('begins with the line for editors, says what each part is for, and has its parts in the usual order', () => {
    const text = printRecipe(
      { roles: [{ token_policies: ['app'], name: 'app' }], auth: { path: 'kube' }, name: 'app' },
      { head: ['hello'], schema: true },
    );
    expect(text).toBe(
      [
        '# yaml-language-server: $schema=./recipe.schema.json',
        '# hello',
        '',
        'version: 1',
        '',
        '# Names this binding in reports.',
        'name: app',
        '',
        '# The kubernetes auth method.',
        'auth:',
        '  path: kube',
        '',
        '# Who may log in, and what a login gets.',
        'roles:',
        '  - name: app',
        '    token_policies: [app]',
        '',
      ].join('\n'),
    );
  });
});
