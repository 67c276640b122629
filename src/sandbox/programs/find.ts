import { join } from 'node:path';
import type { SandboxContext } from '../options.ts';
import { cached } from './cache.ts';
import { findInstalled } from './installed.ts';
import type { ProgramName, ProgramPackage } from './programs.ts';

/**
 * Where each program of the package is: what the machine already has (PATH, then KUBEBUILDER_ASSETS), and for what
 * it lacks the cache, filled now if need be.
 */
export async function findPrograms(wanted: ProgramPackage, context: SandboxContext): Promise<Map<ProgramName, string>> {
  const found = new Map<ProgramName, string>();
  const missing: ProgramName[] = [];
  for (const name of wanted.programs) {
    const path = findInstalled(name, context.env);
    if (path === undefined) missing.push(name);
    else found.set(name, path);
  }
  if (missing.length === 0) return found;
  const folder = await cached(wanted, context);
  for (const name of missing) found.set(name, join(folder, name));
  return found;
}
