import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Refusal } from './files.ts';

/** Law: a folder is read within seconds. */
const mostFiles = 10_000;
const mostBytes = 64 * 1024 * 1024;

/**
 * The recipes that a name given to -f stands for: the file itself; of a folder those directly in it, by name. A schema
 * that lies beside them for an editor is none, and what else ends like a recipe must be one.
 */
export function recipesIn(given: string, cwd: string): string[] | Refusal {
  const path = resolve(cwd, given);
  if (given === '-' || statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return [given];
  try {
    const names = readdirSync(path)
      .filter((name) => /^[^.].*\.(?:ya?ml|json)$/is.test(name) && !/\.schema\.json$/i.test(name))
      .sort();
    if (names.length === 0) return refused('is a folder without recipes (*.yaml, *.yml, *.json)');
    if (names.length > mostFiles)
      return refused(`is a folder with more than ${mostFiles.toLocaleString('en')} recipes`);
    const bytes = names.reduce(
      (sum, name) => sum + (statSync(join(path, name), { throwIfNoEntry: false })?.size ?? 0),
      0,
    );
    if (bytes > mostBytes) return refused(`is a folder with more than ${mostBytes / 1024 / 1024} MiB of recipes`);
    return names.map((name) => join(given, name));
  } catch (error) {
    return refused(`cannot be listed (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`);
  }
}

function refused(message: string): Refusal {
  return { code: 'recipe-unreadable', message };
}
