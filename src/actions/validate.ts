import type { ExitCode } from '../errors.ts';
import type { Io } from '../model/io.ts';
import { type Finding, finding, findingOf, report } from '../model/report.ts';
import { count } from '../output/layout/count.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { readRecipes } from './read-recipes.ts';
import type { RecipeRequest } from './requests.ts';
import { show } from './show.ts';

export async function validate(io: Io, options: RecipeRequest): Promise<ExitCode> {
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
