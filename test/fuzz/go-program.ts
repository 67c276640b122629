import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const programs = fileURLToPath(new URL('./programs/', import.meta.url));

/** Whether this machine can build what Go's side of a comparison is read with. */
export const hasGo = spawnSync('go', ['version']).status === 0;

/**
 * A program of test/fuzz/programs, built once: the cache is beside that of the sandbox, named by what the sources hold.
 * One line in, one line out; lines are base64 of what it shall read.
 */
export function goProgram(name: string): (inputs: readonly Buffer[]) => Promise<string[]> {
  const binary = built(name);
  return (inputs) =>
    new Promise((settle, fail) => {
      const running = spawn(binary, { stdio: ['pipe', 'pipe', 'inherit'] });
      let said = '';
      running.stdout.setEncoding('utf8').on('data', (chunk: string) => {
        said += chunk;
      });
      running.once('error', fail);
      running.once('close', (code) => {
        const lines = said.split('\n').slice(0, -1);
        if (code === 0 && lines.length === inputs.length) settle(lines);
        else fail(new Error(`${name} ended with ${code} after ${lines.length} of ${inputs.length} lines`));
      });
      running.stdin.end(inputs.map((input) => `${input.toString('base64')}\n`).join(''));
    });
}

function built(name: string): string {
  const folder = join(programs, name);
  const hash = createHash('sha256');
  for (const file of readdirSync(folder).toSorted()) hash.update(file).update(readFileSync(join(folder, file)));
  const { VAULTBIND_CACHE, XDG_CACHE_HOME } = process.env;
  const cache = VAULTBIND_CACHE || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'vaultbind');
  const binary = join(cache, `test-${name}-${hash.digest('hex').slice(0, 16)}`);
  if (existsSync(binary)) return binary;
  mkdirSync(cache, { recursive: true });
  const part = `${binary}.part-${process.pid}`;
  const env = { ...process.env, CGO_ENABLED: '0', GOWORK: 'off', GOFLAGS: '-mod=readonly -buildvcs=false' };
  const made = spawnSync('go', ['build', '-trimpath', '-o', part, '.'], { cwd: folder, env, encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`go build of ${name}: ${made.stderr}`);
  renameSync(part, binary);
  return binary;
}
