import { randomBytes } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { pause } from './interrupt.ts';
import type { SandboxContext } from './options.ts';
import { identify, isAlive, type ProcessIdentity } from './process-identity.ts';

/**
 * Runs `work` while the file `path` names this process. Waits for another process that holds it; one that died
 * holding it is passed over.
 */
export async function withLock<T>(
  path: string,
  waitingFor: string,
  context: SandboxContext,
  work: () => Promise<T>,
): Promise<T> {
  if (!(await acquire(path))) {
    await context.progress.during(`Waiting: ${waitingFor}`, async () => {
      do await pause(250, context.signal);
      while (!(await acquire(path)));
    });
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

/** Written whole before it appears under its name, so that nobody reads half of it. */
async function acquire(path: string): Promise<boolean> {
  const own = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(own, JSON.stringify(identify(process.pid)), { mode: 0o600 });
  try {
    await link(own, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    await dropIfAbandoned(path, own);
    return false;
  } finally {
    await rm(own, { force: true });
  }
}

async function dropIfAbandoned(path: string, own: string): Promise<void> {
  const holder = await readHolder(path);
  if (holder !== 'dead') return;
  // Only one of several waiting processes can rename it away.
  await rename(path, `${own}.old`).catch(() => {});
  await rm(`${own}.old`, { force: true });
}

async function readHolder(path: string): Promise<'alive' | 'dead' | 'gone'> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return 'gone';
  try {
    return isAlive(JSON.parse(text) as ProcessIdentity) ? 'alive' : 'dead';
  } catch {
    return 'dead';
  }
}
