import { basename } from 'node:path';
import { InputError, InterruptedError, type Problem } from '../../errors.ts';
import type { Io } from '../../model/io.ts';
import type { Ask } from '../../wizard/ask.ts';
import type { WizardResult } from '../../wizard/wizard.ts';
import { unwritable } from '../reports/files.ts';
import type { RecipeDraft } from './draft.ts';
import { fileExists, writeWhole } from './recipe-file.ts';
import { fileOf, recipeText } from './recipe-text.ts';
import type { Kept } from './report-saved.ts';
import type { InitRequest } from './request.ts';

export interface Keeping {
  io: Io;
  ask: Ask;
  options: InitRequest;
  draft: RecipeDraft;
  told: WizardResult;
}

/** Puts the recipe into its file. Nothing is overwritten but what was gone on with, or after a yes. */
export async function keep(keeping: Keeping): Promise<Kept> {
  const { draft } = keeping;
  return draft.text === undefined || draft.file === undefined
    ? await keepNew(keeping)
    : await keepEdited(keeping, draft.file, draft.text);
}

async function keepNew({ io, ask, options, draft, told }: Keeping): Promise<Kept> {
  const text = (file: string) => recipeText(io, draft, file, told.answers);
  let file = fileOf(draft, told.answers) ?? 'recipe.yaml';
  let replace = false;
  for (;;) {
    const problem = await cannotPut(io, file);
    if (problem && options.yes) throw new InputError(problem);
    if (problem) file = await otherFolder(ask, file, problem);
    else if (options.yes || replace || !fileExists(io.cwd, file)) break;
    else {
      replace = await mayReplace(ask, file);
      if (!replace) file = await anotherFile(ask, file);
    }
  }
  writeWhole(io.cwd, file, text(file), replace);
  tellWritten(io, file);
  return { file, changed: true };
}

async function mayReplace(ask: Ask, file: string): Promise<boolean> {
  const answer = await ask.choice(`${file} exists already.`, [
    { value: 'another', name: 'write to another file' },
    { value: 'replace', name: 'replace it' },
  ]);
  return answer === 'replace';
}

async function anotherFile(ask: Ask, file: string): Promise<string> {
  return (await ask.text('Write the recipe to which file?', `${file} stays as it is.`, `new-${file}`)) || file;
}

/** Why there can be no such file; makes the folders above it. */
async function cannotPut({ cwd }: Io, file: string): Promise<Problem | undefined> {
  return fileExists(cwd, file) ? undefined : await unwritable(cwd, file, { code: 'recipe-unwritable', what: 'recipe' });
}

/** All that was answered would be lost otherwise. */
async function otherFolder(ask: Ask, file: string, { message }: Problem): Promise<string> {
  return (await ask.text('Write the recipe to which file?', message, basename(file))) || file;
}

async function keepEdited({ io, ask, options, draft, told }: Keeping, file: string, before: string): Promise<Kept> {
  const text = recipeText(io, draft, file, told.answers);
  if (text === before) {
    io.stderr.write(`${file} needs no change\n`);
    return { file, changed: false };
  }
  if (!options.yes) {
    io.stderr.write(`\n${text}\n`);
    const answer = await ask.choice(`Write this to ${file}?`, [
      { value: 'yes', name: 'yes' },
      { value: 'no', name: 'no: leave it as it was' },
    ]);
    if (answer === 'no') throw new InterruptedError({ code: 'declined', subject: '', message: 'nothing was written' });
  }
  writeWhole(io.cwd, file, text, true);
  tellWritten(io, file);
  return { file, changed: true };
}

function tellWritten(io: Io, file: string): void {
  io.stderr.write(`written: ${file}\n`);
}
