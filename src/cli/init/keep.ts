import { InterruptedError } from '../../errors.ts';
import type { Tree } from '../../recipe/tree.ts';
import { editRecipe, marked, withoutMarks } from '../../recipe/write/edit.ts';
import { printRecipe } from '../../recipe/write/print.ts';
import type { Ask } from '../../wizard/ask.ts';
import type { Told } from '../../wizard/wizard.ts';
import type { Io } from '../command.ts';
import type { InitOptions } from './again.ts';
import type { Draft } from './draft.ts';
import { fileExists, writeWhole } from './file.ts';

export interface Keeping {
  io: Io;
  ask: Ask;
  options: InitOptions;
  draft: Draft;
  told: Told;
}

/** Puts the recipe into its file. Nothing is overwritten but what was gone on with, or after a yes. */
export async function keep(keeping: Keeping): Promise<{ file: string; changed: boolean }> {
  const { draft } = keeping;
  return draft.text === undefined || draft.file === undefined
    ? await keepNew(keeping)
    : await keepEdited(keeping, draft.file, draft.text);
}

async function keepNew({ io, ask, options, draft, told }: Keeping): Promise<{ file: string; changed: boolean }> {
  const { file: chosen, ...answers } = told.answers;
  const proposed = draft.file ?? (typeof chosen === 'string' ? chosen : undefined);
  const text = (file: string) => finished(printRecipe(answers, { head: headOf(file, told.left) }), file, told);
  let file = proposed ?? (await whereTo(ask));
  if (!options.yes) io.stderr.write(`\n${text(file)}\n`);
  let replace = false;
  while (!options.yes && !replace && fileExists(io.cwd, file)) {
    replace = await mayReplace(ask, file);
    if (!replace) file = await anotherFile(ask, file);
  }
  writeWhole(io.cwd, file, text(file), replace);
  tellWritten(io, file);
  return { file, changed: true };
}

/** Left before the last page, which asks it. */
async function whereTo(ask: Ask): Promise<string> {
  const why = 'It says what is missing, and how to go on.';
  return (await ask.text('Write what there is to which file?', why, 'recipe.yaml')) || 'recipe.yaml';
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

async function keepEdited(
  { io, ask, options, told }: Keeping,
  file: string,
  before: string,
): Promise<{ file: string; changed: boolean }> {
  const text = finished(editRecipe(withoutMarks(before), withVersion(told.answers)), file, told);
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

function withVersion({ file: _file, ...answers }: Tree): Tree {
  return { version: 1, ...answers };
}

function finished(text: string, file: string, { left }: Told): string {
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

function tellWritten(io: Io, file: string): void {
  io.stderr.write(`written: ${file}\n`);
}
