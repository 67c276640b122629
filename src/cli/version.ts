import { Command } from 'commander';
import { version } from '../version.ts';
import type { CommandBuilder } from './command.ts';
import { examples } from './help/layout.ts';

export const versionCommand: CommandBuilder = ({ io, action }) =>
  new Command('version')
    .summary('the version of vaultbind')
    .description('Prints the version alone, as --version does.')
    .configureHelp(examples('vaultbind version'))
    .action(
      action(async () => {
        io.stdout.write(`${version}\n`);
        return 0 as const;
      }),
    );
