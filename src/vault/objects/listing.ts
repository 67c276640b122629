import type { VaultReader } from '../api.ts';
import { isForbidden } from './mount.ts';

/**
 * The names under a path, so that objects that are not there need no read of their own; undefined where this token may
 * not list: then each object is asked for by name.
 */
export async function namesIfListable(vault: VaultReader, path: string): Promise<Set<string> | undefined> {
  try {
    return asSet((await vault.list(path)) ?? []);
  } catch (error) {
    if (isForbidden(error)) return undefined;
    throw error;
  }
}

const sets = new WeakMap<string[], Set<string>>();

/** A list is remembered by the reader and asked for once an object: a thousand of them share one Set. */
function asSet(names: string[]): Set<string> {
  const set = sets.get(names) ?? new Set(names);
  sets.set(names, set);
  return set;
}
