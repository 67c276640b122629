import { readFileSync, realpathSync, statSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { endings } from '../../recipe/load.ts';
import { isBelow } from '../../recipe/source/files.ts';
import { recipesIn } from '../../recipe/source/folder.ts';

/** Of recipes, and of files that they may name. */
const looked = ['.yaml', '.yml', '.json', ...endings.policy, ...endings.ca];

/**
 * The text that a file of a plan's recipe has here. Undefined where there is none, and for whatever is not below the
 * folder that apply runs in, or has another ending, links followed: a plan may come from anybody, and what is said of
 * its files must not tell whether another file exists.
 *
 * @param limit Bytes; a larger file counts as none.
 */
export function textHere(cwd: string, file: string, limit: number): string | undefined {
  const path = resolve(cwd, file);
  if (!isLookedAt(cwd, path)) return undefined;
  try {
    const real = realpathSync(path);
    if (!isLookedAt(realpathSync(cwd), real)) return undefined;
    const found = statSync(real);
    return found.isFile() && found.size <= limit ? readFileSync(real, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}

/** The recipes of a folder, by the same law. Undefined where it is none, or not below. */
export function recipesHere(cwd: string, folder: string): string[] | undefined {
  const path = resolve(cwd, folder);
  try {
    if (!isBelow(cwd, path) || !isBelow(realpathSync(cwd), realpathSync(path)) || !statSync(path).isDirectory())
      return undefined;
    const found = recipesIn(folder, cwd);
    return Array.isArray(found) ? found : undefined;
  } catch {
    return undefined;
  }
}

function isLookedAt(folder: string, path: string): boolean {
  return isBelow(folder, path) && looked.includes(extname(path));
}
