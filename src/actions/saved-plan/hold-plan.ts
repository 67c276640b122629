import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { InputError, VaultbindError } from '../../errors.ts';
import { vaultbind } from '../../model/commands.ts';
import { asReason, attempt, joinedErrors } from '../../model/error-values.ts';
import type { Io } from '../../model/io.ts';
import { readKept } from '../../recipe/read.ts';
import type { ReadRecipe } from '../../recipe/recipe.ts';
import { expectRegular } from '../../recipe/source/regular.ts';
import type { RecipeSources } from '../../recipe/source/saved-sources.ts';
import { openPlan, sourcesOf } from '../../saved-plan/open.ts';
import { format, type SavedPlan } from '../../saved-plan/schema.ts';
import { recipeDifferences, refuse } from '../../saved-plan/stale.ts';
import { steps } from '../../steps/index.ts';
import { limitsOf, readRecipes } from '../read-recipes.ts';
import type { SelectRequest } from '../requests.ts';
import { recipesHere, textHere } from './text-here.ts';

/** A saved plan, and its recipe read again from what it carries. */
export interface HeldPlan {
  plan: SavedPlan;
  /** As typed. */
  file: string;
  read: ReadRecipe;
}

/**
 * Reads a plan and compares its recipe with the one that is named or lies there. Contacts nothing.
 *
 * @throws InputError for what is no plan, and FailedError for a recipe that is another by now.
 */
export async function holdTo(io: Io, file: string, options: SelectRequest & { rewrite: string[] }): Promise<HeldPlan> {
  const plan = attempt(() => openPlan(file, textOf(io.cwd, file), steps));
  const named =
    options.file.length > 0
      ? await readRecipes(io, options).catch(asReason)
      : attempt(() => ({ limits: limitsOf(io, options) }));
  if (plan instanceof VaultbindError) throw named instanceof VaultbindError ? joinedErrors([plan, named]) : plan;
  if (named instanceof VaultbindError) throw named;
  const now = 'sources' in named ? named.sources : asTheyLie(io.cwd, sourcesOf(plan));
  refuse(plan, file, recipeDifferences(plan, now));
  return { plan, file, read: readKept(sourcesOf(plan), limitsOf(io, options)) };
}

/** Whether a file says that it is a plan, whatever its name; so does one that is cut off. A pipe is not looked into. */
export function isSavedPlan({ cwd }: Io, file: string): boolean {
  if (file === '-') return false;
  const text = attempt(() => textOf(cwd, file));
  return typeof text === 'string' && /^\s*\{/.test(text) && saysFormat.test(text);
}

const saysFormat = new RegExp(`"format"\\s*:\\s*"${format}"`);

interface Choice {
  only: string[];
  skip: string[];
  rewrite: string[];
}

/** The plan says which steps and objects; nothing else may be done with it. */
export function refusedChoice({ only, skip, rewrite }: Choice): InputError | undefined {
  const said = Object.entries({ '--only': only, '--skip': skip, '--rewrite': rewrite });
  const [first, ...rest] = said
    .filter(([, values]) => values.length > 0)
    .map(([flag]) => ({
      code: 'usage' as const,
      subject: flag,
      message: `${flag} does not go with a saved plan, which is applied as it is`,
      fix: [{ why: `leave it out, or plan again with it` }],
    }));
  return first && new InputError(first, ...rest);
}

/** Larger than any recipe may be, with all that it carries. */
const limit = 64 * 1024 * 1024;

function textOf(cwd: string, file: string): string {
  const path = resolve(cwd, file);
  try {
    const { size } = expectRegular(path);
    if (size > limit) throw new Error('it is too large for a plan');
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new InputError({
      code: 'plan-unreadable',
      subject: file,
      message: `the plan ${file} cannot be read: ${reasonOf(error)}`,
      fix: [
        { why: 'make it', command: vaultbind('plan', { f: 'RECIPE', out: file }) },
        { why: 'if it is a recipe, name it with -f', command: vaultbind('apply', { f: file }) },
      ],
    });
  }
}

/** The same files with the texts that they have here, where they are here and ours to look at. */
function asTheyLie(cwd: string, { files, folders = [], beside, environment }: RecipeSources): RecipeSources {
  const here = (path: string, text: string) => (path === '-' ? text : (textHere(cwd, path, limit) ?? text));
  return {
    files: asListed(cwd, files, folders).map(({ file, text }) => ({ file, text: here(file, text) })),
    beside: beside.map(({ recipe, named, text }) => ({
      recipe,
      named,
      text: here(recipe === '-' ? named : join(dirname(recipe), named), text),
    })),
    environment,
  };
}

/** Of a folder that is here, what is in it now: a file that came to it or left it makes another recipe. */
function asListed(cwd: string, files: RecipeSources['files'], folders: string[]): RecipeSources['files'] {
  return folders.reduce((all, folder) => {
    const now = recipesHere(cwd, folder);
    if (!now) return all;
    const left = all.filter(({ file }) => dirname(file) !== dirname(join(folder, 'x')) || now.includes(file));
    const added = now.filter((file) => !all.some((one) => one.file === file));
    return [...left, ...added.map((file) => ({ file, text: '' }))];
  }, files);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/,? '.*$/, '') : String(error);
}
