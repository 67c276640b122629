import { dirname, join } from 'node:path';
import { InputError, type Problem } from '../../errors.ts';
import { vaultbind } from '../../model/commands.ts';
import type { Io } from '../../model/io.ts';
import { inWords } from '../../model/printed.ts';
import { readRecipe } from '../../recipe/read.ts';
import type { Limit } from '../../recipe/rules/rule.ts';
import type { Tree } from '../../recipe/tree.ts';
import { editRecipe } from '../../recipe/write/edit.ts';
import { printRecipe } from '../../recipe/write/print.ts';
import type { RecipeDraft } from './draft.ts';
import { fileExists } from './recipe-file.ts';
import type { InitRequest } from './request.ts';

/** Undefined: nobody said it yet. */
export function fileOf({ file }: RecipeDraft, { file: chosen }: Tree): string | undefined {
  return file ?? (typeof chosen === 'string' ? chosen : undefined);
}

/** The recipe as it would stand in the file. */
export function recipeText(
  { cwd }: Pick<Io, 'cwd'>,
  { text }: RecipeDraft,
  file: string,
  { file: _file, ...answers }: Tree,
): string {
  if (text !== undefined) return editRecipe(text, { version: 1, ...answers });
  return printRecipe(answers, {
    head: headOf(file),
    schema: fileExists(cwd, join(dirname(file), 'recipe.schema.json')),
  });
}

/** Whoever reads the file has other flags. */
function headOf(file: string): string[] {
  return [
    `${inWords(vaultbind('plan', { f: file }), {})}     what would change`,
    `${inWords(vaultbind('apply', { f: file }), {})}    make it so, and prove it`,
  ];
}

/** A text that is not written yet, and who would write it. */
export interface Unwritten {
  io: Io;
  options: InitRequest;
  limits: Limit[];
  draft: RecipeDraft;
  file: string;
  text: string;
}

/** Why it is not to be written: it is beyond a ceiling, or has mistakes that the file did not have. */
export function reasonsNotToWrite({ io, options, limits, draft, file, text }: Unwritten): Problem[] {
  try {
    readRecipe([file], { cwd: io.cwd, env: io.env, allowedEnv: options.env, limits, unwritten: text });
    return [];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const refused = error.problems.filter((one) =>
      one.severity !== 'warning' && one.code === 'ceiling-exceeded' ? true : isNewMistake(one, draft, options),
    );
    // The file that stands there has other lines.
    return refused.map(({ at: _at, ...problem }) => problem);
  }
}

function isNewMistake(
  { code, subject, message }: Problem,
  { text, problems }: RecipeDraft,
  { yes }: InitRequest,
): boolean {
  // A mistake hides others, so a person who mends one would be refused for those behind it.
  if (text === undefined || (!yes && problems.length > 0)) return false;
  return !problems.some((old) => old.code === code && old.subject === subject && old.message === message);
}
