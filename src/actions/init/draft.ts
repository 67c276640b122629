import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { InputError, type Problem } from '../../errors.ts';
import { vaultbind } from '../../model/commands.ts';
import type { Io } from '../../model/io.ts';
import { readRecipe } from '../../recipe/read.ts';
import { expectRegular } from '../../recipe/source/regular.ts';
import { treeOf } from '../../recipe/write/edit.ts';
import type { Before } from '../../wizard/still-asked.ts';
import { fileExists } from './recipe-file.ts';
import type { InitRequest } from './request.ts';

/** The recipe as it was found, or nothing yet. */
export interface RecipeDraft {
  before: Before;
  /** The file that is gone on with, as given. */
  file?: string;
  /** Its text; undefined for a new recipe. */
  text?: string;
  /** Mistakes that the file has now. */
  problems: Problem[];
}

/** Errors: InputError when the file is no recipe at all, so that there is nothing to go on with. */
export function openDraft(io: Io, { file: [file], env }: InitRequest): RecipeDraft {
  if (file === undefined || !fileExists(io.cwd, file))
    return { before: { answers: {}, wrong: [] }, problems: [], file };
  refuseIrregular(io, file);
  const problems = problemsOf(io, file, env);
  const broken = problems.filter(({ code }) => code === 'recipe-syntax' || code === 'recipe-unreadable');
  InputError.throwAny(broken);
  const text = readFileSync(resolve(io.cwd, file), 'utf8');
  return { before: { answers: treeOf(text), wrong: problems }, file, text, problems };
}

function refuseIrregular(io: Io, file: string): void {
  const path = resolve(io.cwd, file);
  try {
    if (statSync(path).isDirectory()) throw new Error('it is a folder, and init goes on with one file');
    expectRegular(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError({
      code: 'recipe-unreadable',
      subject: file,
      message: `the recipe ${file} cannot be read: ${reason}`,
      fix: [
        {
          why: 'go on with a file, or name one that is not there yet',
          command: vaultbind('init', { f: 'recipe.yaml' }),
        },
      ],
    });
  }
}

function problemsOf(io: Io, file: string, env: string[]): Problem[] {
  try {
    readRecipe([file], { cwd: io.cwd, env: io.env, allowedEnv: env });
    return [];
  } catch (error) {
    if (error instanceof InputError) return error.problems.filter(({ severity }) => severity !== 'warning');
    throw error;
  }
}
