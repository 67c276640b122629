import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { onTestFinished } from 'vitest';

const project = join(import.meta.dirname, '../..');

/** The whole program, bundled as the package is, in a folder of its own with what the package carries. */
export interface BundledProgram {
  /** Path of the bundle, for what starts it otherwise. */
  file: string;
  /** Killed after the test when it still runs. */
  start(argv: string[], options: { env: NodeJS.ProcessEnv; cwd?: string }): ChildProcess;
  remove(): Promise<void>;
}

export async function bundleProgram(): Promise<BundledProgram> {
  const folder = await mkdtemp(join(tmpdir(), 'vaultbind-sandbox-program-'));
  const banner = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
  await build({
    entryPoints: [join(import.meta.dirname, 'program.ts')],
    outdir: join(folder, 'dist'),
    ...{ bundle: true, splitting: true, platform: 'node', format: 'esm', banner: { js: banner } },
  });
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await cp(join(project, 'src/sandbox/programs/modules'), join(folder, 'dist/modules'), { recursive: true });
  await cp(join(project, 'recipes'), join(folder, 'recipes'), { recursive: true });
  return {
    file: join(folder, 'dist/program.js'),
    start(argv, { env, cwd = folder }) {
      const args = [join(folder, 'dist/program.js'), ...argv];
      const child = spawn(process.execPath, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
      onTestFinished(() => void child.kill('SIGKILL'));
      return child;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

export interface Outcome {
  exit: number | null;
  stdout: string;
  stderr: string;
}

/** What a process said, when it has ended. */
export async function outcomeOf(child: ChildProcess): Promise<Outcome> {
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.on('data', (chunk) => {
      text[name] += chunk;
    });
  }
  const [exit] = (await once(child, 'close')) as [number | null];
  return { exit, ...text };
}
