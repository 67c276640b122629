import { Command, Option } from 'commander';
import { explainCode } from '../actions/explain.ts';
import type { CommandBuilder } from './command.ts';
import { examples } from './help/layout.ts';

export const explainCommand: CommandBuilder = ({ io, action }) =>
  new Command('explain')
    .summary('what a code means, and what to do about it')
    .description(
      'Says of a code that vaultbind printed what it means and how it is mended; of a cause also what it looks like and what it is mistaken for. Without a code: all of them. Contacts nothing.',
    )
    .argument('[code]', 'as findings, errors and causes have it')
    .addOption(new Option('-o, --output <format>', 'what stdout carries').choices(['human', 'json']).default('human'))
    .configureHelp(examples('vaultbind explain audience-mismatch', 'vaultbind explain plan-stale -o json'))
    .action(
      action((code: string | undefined, { output }: { output: 'human' | 'json' }) =>
        explainCode(io, code, { command: 'explain', output, verbose: 0, report: [], file: [] }),
      ),
    );
