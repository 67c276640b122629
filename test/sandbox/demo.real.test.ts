import { readdir, readFile } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Io } from '../../src/model/io.ts';
import { workUntil } from '../../src/model/work.ts';
import { type DemoOptions, demo, type Run } from '../../src/sandbox/demo.ts';
import { takeDown } from '../../src/sandbox/named/up.ts';
import { isAlive } from '../../src/sandbox/processes/process-identity.ts';
import type { ServerProcess } from '../../src/sandbox/processes/server-process.ts';
import { products } from '../servers/servers.ts';
import { type BundledProgram, bundleProgram, outcomeOf } from './bundled.ts';
import { contextOf, endAfterTest, temporaryFolder } from './scene.ts';

let program: BundledProgram;

beforeAll(async () => {
  program = await bundleProgram();
});

afterAll(() => program.remove());

/** Processes whose arguments name the folder: every server of a set carries it. */
async function processesOf(folder: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return lines.filter((line) => line.includes(folder));
}

describe('vaultbind sandbox demo', { timeout: 240_000 }, () => {
  test.each(products)('applies the article, proves it and has nothing left to do, on %s', async (product) => {
    const folder = await temporaryFolder();
    const env = { ...process.env, TMPDIR: folder, VAULT_NAMESPACE: 'of-another-vault', BAO_TOKEN: 'of-another-vault' };
    const { exit, stdout } = await outcomeOf(program.start(['sandbox', 'demo', '--vault', product], { env }));
    expect(stdout.match(/^\$ .*/gm)).toEqual([
      '$ vaultbind apply --yes -f recipes/article.yaml',
      '$ vaultbind verify -f recipes/article.yaml',
      '$ vaultbind plan --detailed-exitcode -f recipes/article.yaml',
    ]);
    expect(stdout).toContain('nothing to change');
    expect(exit).toBe(0);
    expect(await readdir(folder)).toEqual([]);
    expect(await processesOf(folder)).toEqual([]);
  });

  test('stopped by Ctrl-C while it applies leaves nothing behind', async () => {
    const folder = await temporaryFolder();
    const child = program.start(['sandbox', 'demo'], { env: { ...process.env, TMPDIR: folder } });
    const outcome = outcomeOf(child);
    await new Promise<void>((resolve) => child.stdout?.once('data', () => resolve()));
    child.kill('SIGINT');
    expect((await outcome).exit).toBe(130);
    expect(await readdir(folder)).toEqual([]);
    expect(await processesOf(folder)).toEqual([]);
  });

  test('stopped a second time leaves no process', async () => {
    const folder = await temporaryFolder();
    const child = program.start(['sandbox', 'demo'], { env: { ...process.env, TMPDIR: folder } });
    const outcome = outcomeOf(child);
    await new Promise<void>((resolve) => child.stdout?.once('data', () => resolve()));
    child.kill('SIGINT');
    await new Promise<void>((resolve) => child.stderr?.once('data', () => resolve()));
    child.kill('SIGINT');
    expect((await outcome).exit).toBe(130);
    await expect.poll(() => processesOf(folder)).toEqual([]);
  });
});

describe('a demo of which a command fails', { timeout: 240_000 }, () => {
  /** In this process, with a program that answers as told. */
  async function demoWith(run: Run, options: DemoOptions, env: Record<string, string | undefined>) {
    const seen: ServerProcess[] = [];
    endAfterTest(() => seen);
    const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
    const { signal } = new AbortController();
    const io: Io = { env, cwd: '/', stdin, stdout, stderr, signal, work: workUntil(signal) };
    const context = { ...contextOf(env), onProcess: (each: ServerProcess) => void seen.push(each) };
    return { exit: await demo(options, io, run, context), seen };
  }

  test('ends with its exit code, a second plan that is not empty counting as failed, and leaves nothing', async () => {
    const folder = await temporaryFolder();
    const env = { ...process.env, TMPDIR: folder };
    const called: string[] = [];
    const run: Run = async ([name = '']) => {
      called.push(name);
      return name === 'plan' ? 2 : 0;
    };
    const { exit, seen } = await demoWith(run, { vault: 'openbao', keep: false, recipe: 'r' }, env);
    expect([exit, called]).toEqual([1, ['apply', 'verify', 'plan']]);
    expect(seen.map(({ name }) => name)).toContain('bao');
    expect(seen.filter(isAlive)).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  });

  test('leaves its servers running when asked to keep them', async () => {
    const env = { ...process.env, VAULTBIND_STATE: await temporaryFolder() };
    onTestFinished(async () => void (await takeDown('demo', contextOf(env))));
    const called: string[] = [];
    const run: Run = async ([name = '']) => {
      called.push(name);
      return 1;
    };
    const { exit } = await demoWith(run, { vault: 'openbao', keep: true, recipe: 'r' }, env);
    expect([exit, called]).toEqual([1, ['apply']]);
    expect(await takeDown('demo', contextOf(env))).toMatchObject({ name: 'demo' });
  });
});
