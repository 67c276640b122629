import { chmodSync, lstatSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeWhole } from '../../src/actions/init/recipe-file.ts';
import { withValue } from '../../src/recipe/tree.ts';
import { editRecipe, treeOf } from '../../src/recipe/write/edit.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vaultbind-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a recipe that is gone on with', () => {
  it('keeps its mode, and stays behind the link that names it', () => {
    writeFileSync(join(folder, 'real.yaml'), 'old');
    chmodSync(join(folder, 'real.yaml'), 0o664);
    symlinkSync('real.yaml', join(folder, 'link.yaml'));
    writeWhole(folder, 'link.yaml', 'new', true);
    expect(lstatSync(join(folder, 'link.yaml')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(folder, 'real.yaml'), 'utf8')).toBe('new');
    expect(statSync(join(folder, 'real.yaml')).mode & 0o777).toBe(0o664);
  });

  it('keeps its line ends and byte order mark', () => {
    const text = '\uFEFF# mine\r\nversion: 1\r\nname: old # its name\r\n';
    const after = editRecipe(text, withValue(treeOf(text), ['name'], 'new'));
    expect(after).toBe('\uFEFF# mine\r\nversion: 1\r\nname: new # its name\r\n');
  });

  it.each([
    ['flow lists', 'version: 1\nauth: { path: kubernetes }\nroles: [{name: app}]\n'],
    ['keys in another order', 'name:   app\nversion: 1\n'],
    ['mixed line ends', 'version: 1\r\nname: app\n'],
  ])('is the same to the letter where nothing changes: %s', (_what, text) => {
    expect(editRecipe(text, { version: 1, ...treeOf(text) })).toBe(text);
  });
});
