import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Environment } from '../../src/model/environment.ts';
import type { SandboxContext } from '../../src/sandbox/options.ts';
import { endProcess, type ProcessIdentity } from '../../src/sandbox/processes/process-identity.ts';
import { silent } from '../../src/sandbox/progress.ts';

/** A folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'vaultbind-sandbox-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A program of the test's own, in `folder`, which is made. */
export async function script(folder: string, name: string, body: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\n${body}\n`);
  await chmod(path, 0o755);
  return path;
}

export function contextOf(env: Environment, signal?: AbortSignal): SandboxContext {
  return { env, progress: silent, ...(signal ? { signal } : {}) };
}

/** Whatever the test does, these are ended after it, the last first: an API server without its etcd takes its time. */
export function endAfterTest(processes: () => ProcessIdentity[]): void {
  onTestFinished(async () => {
    for (const each of processes().toReversed()) await endProcess(each);
  });
}
