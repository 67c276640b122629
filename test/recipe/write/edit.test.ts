import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withValue } from '../../../src/recipe/tree.ts';
import { editRecipe, treeOf } from '../../../src/recipe/write/edit.ts';

const folder = join(import.meta.dirname, '../../../recipes');
const recipes = readdirSync(folder).filter((file) => file.endsWith('.yaml'));

const text = `# mine
version: 1
auth:
  # the mount
  path: kube # not kubernetes
  reviewer: {service_account: a/b}
# last
roles:
  # the first
  - name: one # number one
    service_accounts: [x/y]
  - name: two
`;

describe('editing a recipe', () => {
  it.each(recipes)('without a change leaves %s as it is, comments and all', (file) => {
    const before = readFileSync(join(folder, file), 'utf8');
    const after = editRecipe(before, treeOf(before));
    const comments = (all: string) => all.match(/#.*/g);
    expect(comments(after)).toEqual(comments(before));
    expect(treeOf(after)).toEqual(treeOf(before));
  });

  it.each([
    ['a value', ['auth', 'path'], 'team/kube', text.replace('path: kube #', 'path: team/kube #')],
    ['a value in braces', ['auth', 'reviewer', 'service_account'], 'c/d', text.replace('a/b', 'c/d')],
    ['a new key', ['name'], 'app', `${text}name: app\n`],
    ['one of a list', ['roles', 1, 'name'], 'three', text.replace('two', 'three')],
    ['one more', ['roles', 0, 'service_accounts'], ['x/y', 'x/z'], text.replace('[x/y]', '[x/y, x/z]')],
  ])('changes %s and nothing else', (_what, path, value, wanted) => {
    expect(editRecipe(text, withValue(treeOf(text), path, value))).toBe(wanted);
  });

  it('takes a key out', () => {
    expect(editRecipe(text, withValue(treeOf(text), ['auth', 'reviewer'], undefined))).not.toContain('reviewer');
  });
});
