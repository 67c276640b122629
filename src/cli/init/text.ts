import { InputError, type Problem } from '../../errors.ts';
import { readRecipe } from '../../recipe/read.ts';
import type { Limit } from '../../recipe/rules/rule.ts';
import type { Tree } from '../../recipe/tree.ts';
import { editRecipe, marked, withoutMarks } from '../../recipe/write/edit.ts';
import { printRecipe } from '../../recipe/write/print.ts';
import type { Io } from '../command.ts';
import type { InitOptions } from './again.ts';
import type { Draft } from './draft.ts';

/** What there is to write. */
export interface Answers {
  answers: Tree;
  /** Titles of the pages that were not come to. */
  left: string[];
}

/** Undefined: nobody said it yet. */
export function fileOf({ file }: Draft, { file: chosen }: Tree): string | undefined {
  return file ?? (typeof chosen === 'string' ? chosen : undefined);
}

/** The recipe as it would stand in the file. */
export function textOf({ text: before }: Draft, file: string, { answers: { file: _file, ...answers }, left }: Answers) {
  const text =
    before === undefined
      ? printRecipe(answers, { head: headOf(file, left) })
      : editRecipe(withoutMarks(before), { version: 1, ...answers });
  return left.length > 0 ? marked(text, file, left) : text;
}

function headOf(file: string, left: string[]): string[] {
  if (left.length > 0) return [];
  return [
    '',
    `vaultbind plan   -f ${file}    what would change`,
    `vaultbind apply  -f ${file}    make it so, and prove it`,
  ];
}

/** In how far a text that is not written yet is beyond the ceilings. What is no recipe yet cannot be told, nor applied. */
export function excessOf(io: Io, { env }: InitOptions, limits: Limit[], file: string, text: string): Problem[] {
  if (limits.length === 0) return [];
  try {
    readRecipe([file], { cwd: io.cwd, env: io.env, allowedEnv: env, limits, unwritten: text });
    return [];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const excess = error.problems.filter(({ code }) => code === 'ceiling-exceeded');
    // There is no file yet to point into.
    return excess.map(({ at: _at, ...problem }) => problem);
  }
}
