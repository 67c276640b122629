import { randomBytes } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { SandboxContext } from '../options.ts';
import { pause } from '../processes/interrupt.ts';
import { identify, isAlive, type ProcessIdentity } from '../processes/process-identity.ts';

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
    return (await dropIfAbandoned(path, own)) && (await acquire(path));
  } finally {
    await rm(own, { force: true });
  }
}

/** True when the lock's holder had died and this process took the lock away: of several, only one can. */
async function dropIfAbandoned(path: string, own: string): Promise<boolean> {
  if ((await readHolder(path)) !== 'dead') return false;
  const taken = await rename(path, `${own}.old`).then(
    () => true,
    () => false,
  );
  await rm(`${own}.old`, { force: true });
  return taken;
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
