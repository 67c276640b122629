import { text } from 'node:stream/consumers';
import { limitOf } from '../ceiling/index.ts';
import { readCeiling } from '../ceiling/read.ts';
import { InputError } from '../errors.ts';
import type { Io } from '../model/io.ts';
import { readRecipe } from '../recipe/read.ts';
import type { ReadRecipe } from '../recipe/recipe.ts';
import type { Limit } from '../recipe/rules/rule.ts';
import type { RecipeRequest } from './requests.ts';

/** A recipe named `-` is what comes on standard input. */
export async function readRecipes(io: Io, options: RecipeRequest): Promise<ReadRecipe> {
  const { file, env } = options;
  const limits = limitsOf(io, options);
  const stdin = file.includes('-') ? { stdin: await text(io.stdin) } : {};
  return readRecipe(file, { cwd: io.cwd, env: io.env, allowedEnv: env, limits, ...stdin });
}

/** The ceilings given: a flag does not lift the one that the environment names. Errors: InputError. */
export function limitsOf({ env, cwd }: Io, { ceiling }: Pick<RecipeRequest, 'ceiling'>): Limit[] {
  if (ceiling === '') throw namesNoCeiling();
  const files = [ceiling, env['VAULTBIND_CEILING']].flatMap((file) => file || []);
  return [...new Set(files)].map((file) => limitOf(readCeiling(file, cwd)));
}

/** A pipeline that lacks the variable it names must not go on as if there were no ceiling. */
function namesNoCeiling(): InputError {
  return new InputError({
    code: 'ceiling-unreadable',
    subject: '--ceiling',
    message: '--ceiling names no file',
    fix: [{ why: 'if a variable should name it, set that; leave the flag out to have no ceiling' }],
  });
}
