import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from './packed.ts';

/** bin/ alone, so no dist/ beside it. */
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vaultbind-bin-'));
  cpSync(join(root, 'bin'), join(folder, 'bin'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function start(version: string) {
  const pretend = join(folder, `node-${version}.cjs`);
  const versions = `{ ...process.versions, node: ${JSON.stringify(version)} }`;
  writeFileSync(pretend, `Object.defineProperty(process, 'versions', { value: ${versions} });`);
  return spawnSync(process.execPath, ['--require', pretend, join(folder, 'bin/vaultbind.js')], { encoding: 'utf8' });
}

describe('bin/vaultbind.js', () => {
  it.each(['16.20.2', '18.20.8', '20.18.3'])('refuses Node %s with a sentence', (version) => {
    const { status, stdout, stderr } = start(version);
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
    expect(stderr).toMatch(/^vaultbind needs Node\.js 20\.19 or newer; .*\n$/);
  });

  it.each(['20.19.0', '22.0.0', '26.10.0'])('goes on with Node %s, and says so when it is not built', (version) => {
    expect(start(version)).toMatchObject({ status: 3, stderr: 'vaultbind is not built yet: npm run build\n' });
  });
});
