import { Command, Option } from 'commander';
import { init } from '../../actions/init/init.ts';
import type { InitRequest } from '../../actions/init/request.ts';
import { withLogins } from '../../actions/login/log-in.ts';
import { InputError } from '../../errors.ts';
import type { CommandBuilder } from '../command.ts';
import { examples } from '../help/layout.ts';
import { mintFlags } from '../mint-flags.ts';
import { connectionFlags, readingOptions } from '../options.ts';
import { addAnswerFlags, answersIn } from './flags.ts';

export const initCommand: CommandBuilder = ({ io, action }) => {
  const command = readingOptions(mintFlags(connectionFlags(new Command('init'))), io)
    .summary('the wizard: asks what it cannot find out, and writes the recipe')
    .description(
      'Looks at both systems, asks whose access it is and to what (and how to log in to Vault, where there is no token), shows all other answers on one page to take or to change, writes a commented recipe, shows the plan, applies it after a yes, proves it by a real login, and says what the Pod needs. Ctrl-C leaves nothing behind but the answers so far, as flags to go on with.',
    )
    .addOption(
      new Option(
        '-f, --file <recipe>',
        'write it here; one that exists is gone on with: only what is missing or wrong is asked',
      )
        .default([], '<name>.yaml')
        .argParser((value: string) => [value]),
    )
    .option('-y, --yes', 'ask nothing: flags and defaults answer, and it is applied; needed without a terminal')
    .option('--write-only', 'write the recipe, and neither plan nor apply it');
  return addAnswerFlags(command)
    .argument('[recipe]', 'the same as -f')
    .configureHelp(
      examples(
        'vaultbind init',
        ['vaultbind init -f recipe.yaml', 'go on with one, or mend it'],
        'vaultbind init --yes --service-account default/my-sa --secret secret/data/myapp/config -f my-sa.yaml',
      ),
    )
    .action(
      action((recipe: string | undefined, options: Omit<InitRequest, 'answers'>) => {
        const file = recipe === undefined ? options.file : [...options.file, recipe];
        if (file.length > 1) throw twoRecipes(file);
        return withLogins({ ...options, file, answers: answersIn({ ...options }) }, (shared) => init(io, shared));
      }),
    );
};

function twoRecipes(files: string[]): InputError {
  const message = `init writes one recipe, and ${files.join(' and ')} were named`;
  return new InputError({ code: 'usage', subject: files[1] ?? '', message, fix: [{ why: 'name one of them' }] });
}
