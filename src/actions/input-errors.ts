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

export function attempt<T>(read: () => T): T | VaultbindError {
  try {
    return read();
  } catch (error) {
    return asReason(error);
  }
}

/** All that is wrong as one error; undefined when nothing is. */
export function joined(errors: readonly (Pick<VaultbindError, 'problems'> | undefined)[]): InputError | undefined {
  const [first, ...rest] = errors.flatMap((one) => one?.problems ?? []);
  return first && new InputError(first, ...rest);
}
