import type { VaultReader } from './api.ts';
import { isForbidden } from './mount.ts';

/**
 * The names under a path, so that objects that are not there need no read of their own; undefined where this token may
 * not list: then each object is asked for by name.
 */
export async function namesIfListable(vault: VaultReader, path: string): Promise<Set<string> | undefined> {
  try {
    return new Set(await vault.list(path));
  } catch (error) {
    if (isForbidden(error)) return undefined;
    throw error;
  }
}
