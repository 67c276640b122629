import { Argument, Command } from 'commander';
import { completionScript, type Shell, shells } from '../output/completion.ts';
import type { CommandBuilder, CommandContext } from './command.ts';
import { wordsOf } from './completion-words.ts';
import { examples } from './help/layout.ts';

const where: Record<Shell, string> = {
  bash: 'source <(vaultbind completion bash)',
  zsh: 'source <(vaultbind completion zsh)',
  fish: 'vaultbind completion fish > ~/.config/fish/completions/vaultbind.fish',
};

export const completionCommand: CommandBuilder = (context) =>
  new Command('completion')
    .summary('completion of commands, flags and files for a shell')
    .description('Prints a script for the shell named. It is made of the program itself, and contacts nothing.')
    .addArgument(new Argument('<shell>').choices([...shells]))
    .configureHelp(examples(...shells.map((shell) => where[shell])))
    .action(context.action((shell: Shell) => complete(context, shell)));

async function complete(context: CommandContext, shell: Shell) {
  context.io.stdout.write(completionScript(shell, wordsOf(await context.program())));
  return 0 as const;
}
