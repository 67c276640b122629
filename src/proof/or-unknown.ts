import { VaultbindError } from '../errors.ts';

/** For what only adds to a fact: where it may not be asked, or nobody answers, it stays unknown. */
export async function quietly<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof VaultbindError) return undefined;
    throw error;
  }
}
