import { createPromptModule } from 'inquirer';
import type { Io } from '../cli/command.ts';
import { InterruptedError } from '../errors.ts';

/** Asks on stderr, so that stdout keeps the result alone. No is the default. Errors: InterruptedError on Ctrl-C. */
export async function askToApply(io: Io, message: string): Promise<boolean> {
  const prompt = createPromptModule({ input: io.stdin as NodeJS.ReadStream, output: io.stderr as NodeJS.WriteStream });
  try {
    const { yes } = await prompt([{ type: 'confirm', name: 'yes', message, default: false }]);
    return yes === true;
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError')
      throw new InterruptedError({
        code: 'interrupted',
        subject: '',
        message: 'stopped at the question; nothing was written',
      });
    throw error;
  }
}
