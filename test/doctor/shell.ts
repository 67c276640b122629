import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { spawn } from '@lydell/node-pty';
import { cacheFolder } from '../../src/sandbox/programs/cache.ts';
import { hashicorpVault, openbao } from '../../src/sandbox/programs/programs.ts';
import type { Workbench } from '../servers/workbench.ts';

/** How a command that was copied into a shell ended. */
export interface Ran {
  status: number;
  /** All that stood on the screen. */
  screen: string;
  /** The shell's variables afterwards: a command may set one, or take one away. */
  env: Record<string, string>;
}

/**
 * Types a command into a shell as it stands, in a terminal of its own, and says y to a question. `vaultbind` is this
 * program, `vault` the product's own and `kubectl` whichever is on PATH.
 */
export async function typed(bench: Workbench, program: string, command: string, given: Call['env']): Promise<Ran> {
  const bin = programs(bench, program);
  const after = join(bench.folder, 'env-after');
  const env = { ...bench.env, ...given, TERM: 'dumb', NO_COLOR: '1', HOME: bench.folder };
  const script = `${command}\nstatus=$?\nenv -0 >'${after}'\nexit $status`;
  const terminal = spawn('bash', ['--noprofile', '--norc', '-c', script], {
    cwd: bench.folder,
    env: { ...env, PATH: `${bin}${delimiter}${bench.env['PATH']}` },
    cols: 200,
    rows: 100,
  });
  return await new Promise((done) => {
    let screen = '';
    let seen = 0;
    terminal.onData((data) => {
      screen += data;
      const at = screen.indexOf('(y/N)', seen);
      if (at === -1) return;
      seen = screen.length;
      terminal.write('y\r');
    });
    terminal.onExit(({ exitCode }) => done({ status: exitCode, screen, env: variables(readFileSync(after, 'utf8')) }));
  });
}

type Call = { env?: Record<string, string> | undefined };

function variables(text: string): Record<string, string> {
  const pairs = text.split('\0').map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]);
  return Object.fromEntries(pairs.filter(([name]) => name !== '' && name !== 'PATH'));
}

function programs(bench: Workbench, program: string): string {
  const bin = join(bench.folder, 'bin');
  mkdirSync(bin);
  const wanted = bench.product === 'openbao' ? openbao : hashicorpVault;
  symlinkSync(join(cacheFolder(wanted, process.env), wanted.programs[0] ?? ''), join(bin, 'vault'));
  writeFileSync(join(bin, 'vaultbind'), `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`);
  chmodSync(join(bin, 'vaultbind'), 0o755);
  return bin;
}
