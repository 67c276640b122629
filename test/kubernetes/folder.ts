import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { VaultbindError } from '../../src/errors.ts';

/** A temporary folder with these files, gone after the test. A value that is no text is written as JSON, which is YAML. */
export async function folderWith(files: Record<string, unknown>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'vaultbind-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content, null, 2), { mode: 0o755 });
  }
  return folder;
}

/** The error that `work` ends with. */
export async function errorOf(work: Promise<unknown>): Promise<VaultbindError> {
  const outcome = await work.then(
    () => 'it succeeded',
    (error: unknown) => error,
  );
  if (outcome instanceof VaultbindError) return outcome;
  throw new Error('expected a VaultbindError', { cause: outcome });
}

/** A kubeconfig of one cluster, user and context, all named `it`. */
export function kubeconfig(cluster: object, user: object | undefined, more: object = {}): object {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'it', cluster }],
    users: user === undefined ? null : [{ name: 'it', user }],
    contexts: [{ name: 'it', context: { cluster: 'it', ...(user && { user: 'it' }) } }],
    'current-context': 'it',
    ...more,
  };
}
