import { execFile } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from '../../src/sandbox/programs/cache.ts';
import { hashicorpVault, openbao } from '../../src/sandbox/programs/programs.ts';
import type { Workbench } from './workbench.ts';

export const bash = promisify(execFile);

/** Where the commands are run: `vault` is this product's, and a file lies there that a value could name. */
export function shellAt(bench: Workbench) {
  const wanted = bench.product === 'openbao' ? openbao : hashicorpVault;
  const bin = join(bench.folder, 'bin');
  mkdirSync(bin);
  symlinkSync(join(cacheFolder(wanted, process.env), wanted.programs[0] ?? ''), join(bin, 'vault'));
  writeFileSync(join(bench.folder, '.vault-token'), 'canary-of-a-file');
  const env = { ...bench.env, PATH: `${bin}:${bench.env['PATH']}`, SA_TOKEN: '', SA_CA_CRT: '' };
  return async (script: string, more: Record<string, string> = {}) =>
    (await bash('bash', ['-e', '-c', script], { cwd: bench.folder, env: { ...env, ...more } })).stdout;
}
