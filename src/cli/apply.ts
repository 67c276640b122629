import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { type ApplyRequest, applyPlan, applyRecipe } from '../actions/apply.ts';
import { isSavedPlan } from '../actions/saved-plan/hold-plan.ts';
import type { Io } from '../model/io.ts';
import type { CommandBuilder } from './command.ts';
import { examples } from './help/layout.ts';
import { mintFlags } from './mint-flags.ts';
import { selectOptions } from './options.ts';
import { repeated } from './repeated.ts';

export const applyCommand: CommandBuilder = ({ io, action }) =>
  mintFlags(selectOptions(new Command('apply'), io))
    .summary('make it so: plan, confirm, walk the steps, prove')
    .description(
      'Plans, asks, walks the steps in order, reads every write back and proves by real logins all that the changes bear on. With a plan that was saved it plans again, and does nothing unless that comes out the same.',
    )
    .usage('[options] [plan]')
    .argument('[plan...]', 'a plan saved by plan --out; a recipe in YAML, or a folder, is taken as with -f')
    .option('-y, --yes', 'do not ask; needed without a terminal')
    .addOption(
      new Option(
        '--verify <which>',
        'what to prove by real logins afterwards: all that changed bears on, all there are, or none',
      )
        .choices(['changed', 'all', 'none'])
        .default('changed'),
    )
    .addOption(
      new Option('--rewrite <address>', 'write this object although it looks equal; repeatable')
        .default([], 'none')
        .argParser(repeated),
    )
    .configureHelp(
      examples(
        'vaultbind apply -f article.yaml',
        'vaultbind apply -f article.yaml --yes -o json',
        'vaultbind apply -f article.yaml --rewrite auth/kube-policy/config',
        'vaultbind apply plan.json --yes',
      ),
    )
    .action(
      action((words: string[], options: ApplyRequest) => {
        const [plan, ...more] = words;
        const isOne = plan !== undefined && more.length === 0;
        if (isOne && (!isRecipe(io, plan) || isSavedPlan(io, plan))) return applyPlan(io, plan, options);
        return applyRecipe(io, { ...options, file: [...options.file, ...words] });
      }),
    );

/** By its name alone. */
function isRecipe({ cwd }: Io, word: string): boolean {
  return (
    /\.ya?ml$/.test(word) ||
    word === '-' ||
    statSync(resolve(cwd, word), { throwIfNoEntry: false })?.isDirectory() === true
  );
}
