import { Command } from 'commander';
import type { RecipeRequest } from '../actions/requests.ts';
import { validate } from '../actions/validate.ts';
import type { CommandBuilder } from './command.ts';
import { examples } from './help/layout.ts';
import { recipeOptions } from './options.ts';

export const validateCommand: CommandBuilder = ({ io, action }) =>
  recipeOptions(new Command('validate'), io)
    .summary('read recipes offline: every mistake with its place')
    .description(
      'Reads one recipe of all its files and says every mistake at once, with file, line and column, and what a careful reader would doubt. Contacts nothing.',
    )
    .configureHelp(
      examples(
        'vaultbind validate -f article.yaml',
        'vaultbind validate -f auth.yaml -f shop.yaml -f billing.yaml',
        'vaultbind validate -f article.yaml --env CLUSTER -o json',
      ),
    )
    .action(action((options: RecipeRequest) => validate(io, options)));
