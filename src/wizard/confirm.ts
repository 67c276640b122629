import { createPromptModule } from 'inquirer';
import type { Io } from '../model/io.ts';
import { oneLine } from '../model/unseen.ts';
import { atKeyboard } from './keyboard.ts';

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

const asking = async <T>(io: Io, ask: (prompt: Prompt) => Promise<T>): Promise<T> =>
  await atKeyboard(io, 'stopped at the question; nothing was written', (keyboard) => ask(createPromptModule(keyboard)));
