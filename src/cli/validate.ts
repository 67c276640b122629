import { Command } from 'commander';
import { readRecipes } from '../actions/open.ts';
import { show } from '../actions/show.ts';
import type { ExitCode } from '../errors.ts';
import type { Io } from '../model/io.ts';
import { type Finding, finding, findingOf, report } from '../model/report.ts';
import { count } from '../output/count.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { CommandBuilder } from './command.ts';
import { examples } from './help/layout.ts';
import { type RecipeOptions, recipeOptions } from './options.ts';

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
    .action(action((options: RecipeOptions) => validate(io, options)));

async function validate(io: Io, options: RecipeOptions): Promise<ExitCode> {
  const { recipe, warnings } = await readRecipes(io, options);
  const findings = [valid(recipe), ...warnings.map((problem) => findingOf(problem, 'warning'))];
  return await show(io, report({ command: 'validate', recipe, findings }), options);
}

function valid({ name, policies, roles, expect }: Recipe): Finding {
  const counts = [
    counted(policies, 'policy', 'policies'),
    counted(roles, 'role', 'roles'),
    counted(expect, 'login', 'logins'),
  ];
  return finding({
    code: 'recipe-valid',
    subject: name,
    status: 'ok',
    message: `has no mistakes: ${counts.join(', ')} to prove`,
  });
}

function counted({ length }: unknown[], one: string, many: string): string {
  return `${count(length)} ${length === 1 ? one : many}`;
}
