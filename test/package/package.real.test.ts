import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Workbench, workbench } from '../servers/workbench.ts';
import { build, installPacked, newerNode, root, vaultbind } from './packed.ts';

/** Installed from the tarball, far from the checkout: what users get. */
let folder: string;
let installed: Awaited<ReturnType<typeof installPacked>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vaultbind-package-'));
  await build();
  installed = await installPacked(folder);
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('the package', () => {
  it('brings no other package and no warning', async () => {
    expect(installed.stderr).toBe('');
    const names = await readdir(join(folder, 'node_modules'));
    expect(names.filter((name) => !name.startsWith('.'))).toEqual(['vaultbind']);
  });

  it('holds what is needed and nothing else', () => {
    const parts = new Set(installed.files.map((file) => file.split('/')[0]));
    expect([...parts].sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'bin',
      'dist',
      'package.json',
      'recipes',
      'src',
      'test',
    ]);
    expect(installed.files.filter((file) => /^(src|test)\//.test(file) && !file.endsWith('.md'))).toEqual([]);
    expect(installed.files).toContain('dist/THIRD-PARTY-LICENSES.txt');
    expect(installed.files).toContain('dist/sbom.cdx.json');
    expect(installed.files).toContain('src/causes/CAUSES.md');
    expect(installed.files).toContain('dist/modules/kubernetes/go.sum');
    expect(installed.files).toContain('recipes/article.yaml');
  });
});

const current = { title: `Node ${process.versions.node}`, path: async () => process.execPath };
const newer = { title: 'Node 26.10.0', path: () => newerNode('26.10.0') };

describe.each([current, newer])('the package on $title', ({ path }) => {
  let node: string;
  let bench: Workbench;
  let recipe: string;
  beforeAll(async () => {
    node = await path();
    bench = await workbench('openbao');
    recipe = join(bench.folder, bench.write(bench.recipe()));
  });
  afterAll(() => bench?.remove());
  const run = (...args: string[]) => vaultbind(node, folder, args, bench.env);

  it('says its version', async () => {
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    expect(await run('--version')).toEqual({ exit: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('says its help', async () => {
    const { exit, stdout, stderr } = await run('--help');
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(stdout).toContain('vaultbind apply -f');
  });

  it('reads its own recipes', async () => {
    const recipes = join(folder, 'node_modules/vaultbind/recipes');
    const files = (await readdir(recipes)).filter((file) => file.endsWith('.yaml'));
    expect(files).toContain('article.yaml');
    for (const file of files) {
      expect(await run('validate', '-f', join(recipes, file)), file).toMatchObject({ exit: 0, stderr: '' });
    }
  });

  it('prints the schema of recipes', async () => {
    const { exit, stdout, stderr } = await run('schema');
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ $schema: expect.stringContaining('json-schema.org') });
  });

  it('applies, finds nothing more to do, and verifies', async () => {
    const json = (text: string) => JSON.parse(text);
    const apply = await run('apply', '--yes', '-o', 'json', '-f', recipe);
    expect(apply.exit, apply.stdout + apply.stderr).toBe(0);
    expect(apply.stderr).not.toMatch(/warning|deprecat/i);
    const plan = await run('plan', '--detailed-exitcode', '-o', 'json', '-f', recipe);
    expect({ exit: plan.exit, pending: json(plan.stdout).summary.pending }).toEqual({ exit: 0, pending: 0 });
    const verify = await run('verify', '-o', 'json', '-f', recipe);
    expect({ exit: verify.exit, ok: json(verify.stdout).ok }, verify.stderr).toEqual({ exit: 0, ok: true });
    expect(plan.stderr + verify.stderr).not.toMatch(/warning|deprecat/i);
  });
});
