import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { portsOf } from '../../src/sandbox/named/ports.ts';
import { onFreePorts, onOwnPorts } from '../../src/sandbox/processes/ports.ts';
import { PortTakenError, startProcess, untilReady } from '../../src/sandbox/processes/process.ts';
import { endProcess, identify, isAlive, type ProcessIdentity } from '../../src/sandbox/processes/process-identity.ts';
import { silent } from '../../src/sandbox/progress.ts';
import { contextOf, endAfterTest, script, temporaryFolder } from './scene.ts';

describe('a process', () => {
  test('that got the id of one long ended is left alone', async () => {
    const child = spawn('/bin/sleep', ['60']);
    await once(child, 'spawn');
    const own = identify(child.pid ?? 0);
    endAfterTest(() => (own ? [own] : []));
    const old = { pid: child.pid ?? 0, started: 'long ago' };
    expect(isAlive(old)).toBe(false);
    await endProcess(old);
    expect(own && isAlive(own)).toBe(true);
  });

  test('that does not end when told is ended by force', async () => {
    const folder = await temporaryFolder();
    const program = await script(folder, 'stubborn', `trap '' TERM; echo up; while :; do /bin/sleep 0.1; done`);
    const context = contextOf({ PATH: '/bin' });
    const started = await startProcess({ name: 'stubborn', program, args: [], folder }, context);
    endAfterTest(() => [started]);
    await expect.poll(() => readFile(started.log, 'utf8')).toBe('up\n');
    await endProcess(started);
    expect(isAlive(started)).toBe(false);
  }, 15_000);

  test('gets a home of its own, nothing else of our environment, and a log for this user alone', async () => {
    const folder = await temporaryFolder();
    const program = await script(folder, 'shows', 'echo "$HOME $VAULT_TOKEN $PWD"; exec /bin/sleep 60');
    const context = contextOf({ PATH: '/bin', VAULT_TOKEN: 'canary', HOME: '/root' });
    const started = await startProcess({ name: 'shows', program, args: [], folder }, context);
    endAfterTest(() => [started]);
    await expect.poll(() => readFile(started.log, 'utf8')).toBe(`${folder}  ${folder}\n`);
    expect((await stat(started.log)).mode & 0o777).toBe(0o600);
  });

  test('that ends before it is ready is an error with its last words', async () => {
    const folder = await temporaryFolder();
    const program = await script(folder, 'dies', '/bin/sleep 0.1; echo "no such disk"; exit 1');
    const started = await startProcess({ name: 'dies', program, args: [], folder }, contextOf({}));
    await expect(untilReady(started, async () => false)).rejects.toMatchObject({
      exit: 4,
      problems: [{ code: 'server-failed', message: 'dies did not start: it ended at once: no such disk' }],
    });
  });

  test('that cannot be run is an error', async () => {
    const folder = await temporaryFolder();
    const command = { name: 'nothing', program: join(folder, 'nothing'), args: [], folder };
    await expect(startProcess(command, contextOf({}))).rejects.toMatchObject({ code: 'server-failed' });
  });
});

describe('ports', () => {
  test('are free, and so is the one after the first', async () => {
    await onFreePorts(3, async ([first = 0, ...others]) => {
      for (const port of [first, first + 1, ...others]) {
        const server = createServer().listen(port, '127.0.0.1');
        await once(server, 'listening');
        server.close();
      }
    });
  });

  test('found taken are replaced by others', async () => {
    const seen: number[][] = [];
    const result = await onFreePorts(2, async (ports) => {
      seen.push(ports);
      if (seen.length < 3) throw new PortTakenError('address already in use');
      return 'up';
    });
    expect(result).toBe('up');
    expect(seen).toHaveLength(3);
  });

  test('stay those of before, and are others only while another process has them', async () => {
    const env = { VAULTBIND_STATE: await temporaryFolder() };
    const said: string[] = [];
    const start = async (name = 'one') => {
      const progress = { ...silent, say: (line: string) => void said.push(line) };
      return await onOwnPorts('bao', 2, { ports: portsOf(name, env), progress }, async (ports) => ports);
    };
    const first = await start();
    expect([await start(), (await start('two'))[0] === first[0], said]).toEqual([first, false, []]);
    const stranger = createServer().listen(first[1], '127.0.0.1');
    await once(stranger, 'listening');
    const others = await start();
    stranger.close();
    expect([others.includes(first[1] ?? 0), said.length]).toEqual([false, 1]);
    expect(await start()).toEqual(others);
  });

  test('taken again and again are an error, and another failure is not tried again', async () => {
    const taken = onFreePorts(1, () => Promise.reject(new PortTakenError('address already in use')));
    await expect(taken).rejects.toMatchObject({ code: 'server-failed' });
    let rounds = 0;
    const other = onFreePorts(1, () => Promise.reject(new Error(`other ${++rounds}`)));
    await expect(other).rejects.toThrow('other 1');
  });
});

describe('what this process started', () => {
  test.each(['SIGTERM', 'SIGKILL'] as const)('ends with it, though it is ended by %s', async (signal) => {
    const folder = await temporaryFolder();
    const outfile = join(folder, 'parent.mjs');
    await build({
      stdin: {
        resolveDir: import.meta.dirname,
        loader: 'ts',
        contents: `
          import { startProcess } from '../../src/sandbox/processes/process.ts';
          import { silent } from '../../src/sandbox/progress.ts';
          const command = { name: 'sleep', program: '/bin/sleep', args: ['60'], folder: ${JSON.stringify(folder)} };
          const started = await startProcess(command, { env: process.env, progress: silent });
          process.stdout.write(JSON.stringify(started));
          setInterval(() => {}, 1000);`,
      },
      ...{ outfile, bundle: true, platform: 'node', format: 'esm' },
    });
    const parent = spawn(process.execPath, [outfile], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [chunk] = (await once(parent.stdout, 'data')) as [Buffer];
    const started = JSON.parse(chunk.toString()) as ProcessIdentity;
    endAfterTest(() => [started]);
    expect(isAlive(started)).toBe(true);
    parent.kill(signal);
    await expect.poll(() => isAlive(started), { timeout: 10_000 }).toBe(false);
  });
});
