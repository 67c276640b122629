import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { treeOf } from '../../src/recipe/write/edit.ts';
import { policyWith, talk } from './look.ts';

const recipes = readdirSync('recipes').filter((name) => name.endsWith('.yaml'));
const rule = (path: string) => ({ path, capabilities: ['list', 'delete'] });

describe('a recipe that is valid is not asked about', () => {
  it.each(recipes)('%s', async (name) => {
    const recipe = { ...treeOf(readFileSync(`recipes/${name}`, 'utf8')), file: name };
    const { answers, problems } = await talk(recipe, { wrong: [] });
    expect([problems, answers]).toEqual([[], recipe]);
  });

  it.each([
    ['rules that are not for KV', policyWith([rule('database/creds/app'), rule('sys/health')])],
    ['rules for all of KV version 2', policyWith([rule('secret/delete/app'), rule('secret/*'), rule('secret/data*')])],
    ['text', policyWith(undefined, { hcl: 'path "secret/data/app" { capabilities = ["read"] }' })],
  ])('with a policy of %s', async (_what, recipe) => {
    const { answers, problems } = await talk(recipe);
    expect([problems, answers]).toEqual([[], recipe]);
  });

  it('with names and namespaces apart', async () => {
    const recipe = policyWith([rule('secret/data/app')]);
    const lists = { bound_service_account_names: ['app'], bound_service_account_namespaces: ['default'] };
    const roles = recipe.roles.map(({ service_accounts: _accounts, ...role }) => ({ ...role, ...lists }));
    const { answers, problems } = await talk({ ...recipe, roles });
    expect([problems, answers]).toEqual([[], { ...recipe, roles }]);
  });
});

describe('a policy', () => {
  const given = { '--secret <path>': ['secret/data/app/config'] };

  it('that is text is not replaced by rules', async () => {
    const recipe = policyWith(undefined, { hcl: 'path "secret/data/app" { capabilities = ["read"] }' });
    const { answers, problems } = await talk(recipe, { given });
    expect([problems.map(({ subject }) => subject), answers]).toEqual([['--secret'], recipe]);
  });

  it('with a KV path that its engine never answers is asked about', async () => {
    const { problems } = await talk(policyWith([rule('secret/app/config')]));
    expect(problems.map(({ code, subject }) => [code, subject])).toEqual([['answer-missing', '--secret']]);
  });
});
