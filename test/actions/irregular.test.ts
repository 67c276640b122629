import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../servers/cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'vaultbind-test-'));
beforeAll(() => execFileSync('mkfifo', [join(folder, 'pipe')]));
afterAll(() => rmSync(folder, { recursive: true }));

/** The device first: reading the pipe, which nobody writes to, would never end. */
describe.each(['/dev/null', 'pipe'])('%s in place of a file', (file) => {
  it.each([
    ['the plan', ['apply', file, '--yes']],
    ['the ceiling', ['validate', '-f', 'recipe.yaml', '--ceiling', file]],
    ['the recipe', ['init', '--yes', '-f', file]],
  ])('is refused as %s, with what to do', async (what, args) => {
    const { exit, stderr } = await runCli(args, { env: { HOME: folder }, cwd: folder });
    expect([exit, stderr]).toEqual([
      3,
      expect.stringContaining(`${what} ${file} cannot be read: it is a pipe or a device`),
    ]);
    expect(stderr).toContain('save what it holds in a file, and name that');
  });
});

it('a folder is refused as the recipe of init, with recipes in it or none', async () => {
  mkdirSync(join(folder, 'empty'));
  mkdirSync(join(folder, 'full'));
  const recipe = 'version: 1\nname: full\nauth: {path: kube, reviewer: {service_account: infra/reviewer}}\n';
  writeFileSync(join(folder, 'full/recipe.yaml'), recipe);
  for (const name of ['empty', 'full']) {
    const { exit, stderr } = await runCli(['init', '--yes', '-f', name], { env: { HOME: folder }, cwd: folder });
    const said = `the recipe ${name} cannot be read: it is a folder, and init goes on with one file`;
    expect([exit, stderr]).toEqual([3, expect.stringContaining(said)]);
  }
});
