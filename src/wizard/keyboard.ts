import { InterruptedError } from '../errors.ts';
import type { Io } from '../model/io.ts';

/** Where inquirer asks: on stderr, so that stdout keeps the result alone. */
export interface Keyboard {
  input: NodeJS.ReadStream;
  output: NodeJS.WriteStream;
  signal: AbortSignal;
}

/**
 * Asks somebody. A signal may come in the moment before the question takes the keyboard.
 * Errors: InterruptedError on Ctrl-C, with this message.
 */
export async function atKeyboard<T>(io: Io, stopped: string, ask: (keyboard: Keyboard) => Promise<T>): Promise<T> {
  const { signal } = io;
  const input = io.stdin as NodeJS.ReadStream;
  const output = io.stderr as NodeJS.WriteStream;
  try {
    return await ask({ input, output, signal });
  } catch (error) {
    if (error instanceof Error && /^(ExitPrompt|AbortPrompt)Error$/.test(error.name))
      throw new InterruptedError({ code: 'interrupted', subject: '', message: stopped });
    throw error;
  }
}
