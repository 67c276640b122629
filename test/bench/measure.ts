import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Job } from './raw.ts';

/** What one whole process took. */
export interface Measured {
  /** Milliseconds from start to end, Node's own start included. */
  whole: number;
  /** Milliseconds from the first request to the end. */
  working: number;
  /** Milliseconds of processor time. */
  cpu: number;
  requests: number;
}

const here = import.meta.dirname;
const root = join(here, '../..');
const counter = join(here, 'counter.mjs');

/** Runs `node …` to its end and measures it. */
export async function measured(args: string[], folder: string, env: Record<string, string> = {}): Promise<Measured> {
  const counts = join(folder, 'counts.json');
  const started = performance.now();
  const { exit, output } = await run(['--import', counter, ...args], folder, { ...env, VAULTBIND_BENCH_COUNT: counts });
  const whole = performance.now() - started;
  if (exit !== 0) throw new Error(`${args.join(' ')} ended with ${exit}:\n${output.slice(-3000)}`);
  return { whole, ...JSON.parse(await readFile(counts, 'utf8')) };
}

/** Milliseconds of a whole process, with nothing loaded into it. */
export async function wallClock(args: string[], folder: string): Promise<number> {
  const started = performance.now();
  await run(args, folder, {});
  return performance.now() - started;
}

function run(args: string[], folder: string, env: Record<string, string>): Promise<{ exit: number; output: string }> {
  return new Promise((resolve, reject) => {
    const inherited = { PATH: process.env['PATH'] ?? '', HOME: folder };
    const child = spawn(process.execPath, args, { cwd: folder, env: { ...inherited, ...env } });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => (output += piece));
    child.on('error', reject);
    child.on('close', (exit) => resolve({ exit: exit ?? -1, output }));
  });
}

/** The built program, as the package's `bin` starts it. */
export const vaultbind = join(root, 'bin/vaultbind.js');

/** Bundles the raw client, so that both sides are started alike. Returns the path. */
export async function buildRaw(folder: string): Promise<string> {
  const outfile = join(folder, 'raw.mjs');
  await build({
    entryPoints: [join(here, 'raw.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
    logLevel: 'error',
  });
  return outfile;
}

export async function measureRaw(raw: string, folder: string, job: Job): Promise<Measured> {
  const file = join(folder, 'job.json');
  await writeFile(file, JSON.stringify(job), { mode: 0o600 });
  return await measured([raw, file], folder);
}
