import { createPromptModule } from 'inquirer';
import { InterruptedError } from '../errors.ts';
import type { Io } from '../model/io.ts';
import { oneLine } from '../model/unseen.ts';

/** Asks on stderr, so that stdout keeps the result alone. No is the default. Errors: InterruptedError on Ctrl-C. */
export async function askToApply(io: Io, message: string): Promise<boolean> {
  const { yes } = await asking(io, (prompt) => prompt([{ type: 'confirm', name: 'yes', message, default: false }]));
  return yes === true;
}

/** One of several, which may be names of a server's, asked on stderr. Errors: InterruptedError on Ctrl-C. */
export async function askWhich(io: Io, message: string, words: string[]): Promise<string> {
  const choices = words.map((value) => ({ value, name: oneLine(value) }));
  const { answer } = await asking(io, (prompt) => prompt([{ type: 'select', name: 'answer', message, choices }]));
  return String(answer);
}

type Prompt = ReturnType<typeof createPromptModule>;

async function asking<T>(io: Io, ask: (prompt: Prompt) => Promise<T>): Promise<T> {
  try {
    return await ask(
      createPromptModule({
        input: io.stdin as NodeJS.ReadStream,
        output: io.stderr as NodeJS.WriteStream,
        signal: io.signal,
      }),
    );
  } catch (error) {
    if (error instanceof Error && /^(ExitPrompt|AbortPrompt)Error$/.test(error.name))
      throw new InterruptedError({
        code: 'interrupted',
        subject: '',
        message: 'stopped at the question; nothing was written',
      });
    throw error;
  }
}
