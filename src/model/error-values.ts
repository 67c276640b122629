import type { Code } from '../codes.ts';
import { InputError, VaultbindError } from '../errors.ts';

/** A mistake in what was given, as a value: it is told with all the others. */
export function asInputError(error: unknown): InputError {
  if (error instanceof InputError) return error;
  throw error;
}

/** The same for whatever vaultbind has an error for. */
export function asReason(error: unknown): VaultbindError {
  if (error instanceof VaultbindError) return error;
  throw error;
}

/** For catch(): an error of these codes means that there is nothing; any other goes on. */
export function nothingIf(...codes: Code[]): (error: unknown) => undefined {
  return (error) => {
    if (!(error instanceof VaultbindError) || !codes.some((code) => code === error.code)) throw error;
  };
}

export function attempt<T>(read: () => T): T | VaultbindError {
  try {
    return read();
  } catch (error) {
    return asReason(error);
  }
}

/** For what only adds to a fact: where it may not be asked, or nobody answers, it stays unknown. */
export async function quietly<T>(ask: () => Promise<T>): Promise<T | undefined> {
  const found = await ask().catch(asReason);
  return found instanceof VaultbindError ? undefined : found;
}

/** All that is wrong as one error; undefined when nothing is. */
export function joinedErrors(
  errors: readonly (Pick<VaultbindError, 'problems'> | undefined)[],
): InputError | undefined {
  const problems = errors.flatMap((one) => one?.problems ?? []);
  return problems.length > 0 ? new InputError(...problems) : undefined;
}
