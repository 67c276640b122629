import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { recipeJsonSchema } from '../../src/recipe/json-schema.ts';
import { readRecipe } from '../../src/recipe/read.ts';
import { recipe } from './reading.ts';

const folder = new URL('../../recipes/', import.meta.url);
const recipes = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
const accepts = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(recipeJsonSchema());

test('the committed schema is the one of the program (vitest -u writes it)', async () => {
  const text = `${JSON.stringify(recipeJsonSchema(), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot('../../recipes/recipe.schema.json');
});

test('every key has a description for editors', () => {
  const silent: string[] = [];
  const look = (schema: unknown, path: string): void => {
    if (typeof schema !== 'object' || schema === null) return;
    for (const [key, value] of Object.entries(schema)) {
      if (key === 'properties')
        for (const [name, inner] of Object.entries<object>(value))
          if (!('description' in inner)) silent.push(`${path}.${name}`);
      look(value, `${path}.${key}`);
    }
  };
  look(recipeJsonSchema(), '');
  expect(silent.filter((path) => !path.endsWith('matchLabels'))).toEqual([]);
});

describe.each(recipes)('%s', (name) => {
  const text = readFileSync(new URL(name, folder), 'utf8');

  test('names the schema, and the schema accepts it', () => {
    expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=./recipe.schema.json');
    expect(accepts(parse(text)), JSON.stringify(accepts.errors)).toBe(true);
  });

  test('reads without a word', () => {
    const { recipe: read, warnings } = readRecipe([name], { cwd: folder.pathname, env: {}, allowedEnv: [] });
    expect(warnings).toEqual([]);
    expect(read.name).toBe(name.replace('.yaml', ''));
    expect(read.expect.some(({ implied }) => implied)).toBe(false);
  });
});

test('no two recipes share a name, a mount or an account of the reviewer, but for the guest on another mount', () => {
  const all = recipes.map((name) => readRecipe([name], { cwd: folder.pathname, env: {}, allowedEnv: [] }).recipe);
  const own = all.filter(({ auth }) => auth.manage !== 'none');
  for (const values of [all.map(({ name }) => name), own.map(({ auth }) => auth.path)])
    expect(new Set(values).size).toBe(values.length);
  const policies = all.flatMap((one) => one.policies.map(({ name }) => name));
  expect(new Set(policies).size).toBe(policies.length);
});

test.each([
  [
    'environment variables',
    'auth: {path: "${env:VAULTBIND_MOUNT}", reviewer: {service_account: "${env:VAULTBIND_NS}/reviewer"}}',
  ],
  [
    'durations of each form',
    'roles: [{name: a, service_accounts: [a/b], token_ttl: 90, token_max_ttl: 1h30m, token_period: 2d}]',
  ],
  [
    'a selector',
    'roles: [{name: a, bound_service_account_names: [a], bound_service_account_namespace_selector: {matchLabels: {a: b}}}]',
  ],
])('accepts %s', (_, section) => {
  expect(accepts(parse(recipe(section))), JSON.stringify(accepts.errors)).toBe(true);
});

test('accepts a file that holds a part only', () => {
  expect(accepts(parse('version: 1\nroles: []'))).toBe(true);
});

test.each([
  ['no version', 'version:'],
  ['another version', 'version: 2'],
  ['a name in capitals', 'name: Article'],
  ['an unknown key', 'polices: []'],
  ['a mount with auth/', 'auth: {path: auth/kube}'],
  ['a mode that is none', 'auth: {path: kube, reviewer: {mode: token}}'],
  ['an account without namespace', 'auth: {path: kube, reviewer: {service_account: reviewer}}'],
  ['the host in the config', 'auth: {path: kube, config: {kubernetes_host: https://x}}'],
  ['an unknown capability', 'policies: [{name: a, rules: [{path: a, capabilities: [write]}]}]'],
  ['a policy name with an empty part', 'policies: [{name: a//b, hcl: x}]'],
  ['no capabilities', 'policies: [{name: a, rules: [{path: a, capabilities: []}]}]'],
  ['the old spelling ttl', 'roles: [{name: a, service_accounts: [a/b], ttl: 1h}]'],
  ['the old spelling policies', 'roles: [{name: a, service_accounts: [a/b], policies: [c]}]'],
  ['a duration with a space', 'roles: [{name: a, service_accounts: [a/b], token_ttl: 1 h}]'],
  ['a duration below zero', 'roles: [{name: a, service_accounts: [a/b], token_ttl: -1}]'],
  ['yes for true', 'roles: [{name: a, service_accounts: [a/b], create_service_accounts: yes}]'],
  ['text for a list', 'roles: [{name: a, service_accounts: a/b}]'],
  [
    'matchExpressions',
    'roles: [{name: a, bound_service_account_names: [a], bound_service_account_namespace_selector: {matchExpressions: []}}]',
  ],
  ['an expectation for a wildcard', 'expect: [{role: a, service_account: "a/*"}]'],
  ['a claim without a path', 'expect: [{role: a, service_account: a/b, can: [read]}]'],
  ['a claim in other words', 'expect: [{role: a, service_account: a/b, can: [get a/b]}]'],
  ['a login that is denied', 'expect: [{role: a, service_account: a/b, login: denied}]'],
])('rejects %s', (_, section) => {
  expect(accepts(parse(recipe(section)))).toBe(false);
});
