import { Argument, Command } from 'commander';
import { completionScript, type Shell, shells } from '../output/completion.ts';
import type { CommandBuilder, CommandContext } from './command.ts';
import { examples } from './help/layout.ts';

const where: Record<Shell, string> = {
  bash: 'source <(vaultbind completion bash)',
  zsh: 'source <(vaultbind completion zsh)',
  fish: 'vaultbind completion fish > ~/.config/fish/completions/vaultbind.fish',
};

export const completionCommand: CommandBuilder = (context) =>
  new Command('completion')
    .summary('completion of commands, flags and files for a shell')
    .description(
      'Prints a script for the shell named. It is made of the program itself, and contacts nothing; contexts prints what it offers for --context.',
    )
    .addArgument(new Argument('<shell>', 'the shell, or contexts').choices([...shells, 'contexts']))
    .option('--kubeconfig <file>', 'for contexts (default: KUBECONFIG, ~/.kube/config)')
    .configureHelp(examples(...shells.map((shell) => where[shell])))
    .action(
      context.action((what: Shell | 'contexts', { kubeconfig }: { kubeconfig?: string }) =>
        what === 'contexts' ? printContexts(context, kubeconfig) : complete(context, what),
      ),
    );

async function complete(context: CommandContext, shell: Shell) {
  const { wordsOf } = await import('./completion-words.ts');
  context.io.stdout.write(completionScript(shell, wordsOf(await context.program())));
  return 0 as const;
}

async function printContexts({ io }: CommandContext, kubeconfig: string | undefined) {
  const { contextNames } = await import('../actions/context-names.ts');
  io.stdout.write((await contextNames(io, kubeconfig)).map((name) => `${name}\n`).join(''));
  return 0 as const;
}
