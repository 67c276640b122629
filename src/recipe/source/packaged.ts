import { existsSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file of this package: the code runs from src/ in tests and from dist/ when built. */
export function packageFile(path: string): string {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let folder = start; folder !== dirname(folder); folder = dirname(folder)) {
    const found = join(folder, path);
    if (existsSync(found)) return found;
  }
  return join(start, path);
}

/** The recipe of this package that has the name of this one; undefined: none has. */
export function packagedRecipe(given: string): string | undefined {
  const path = packageFile(join('recipes', basename(given)));
  return /\.ya?ml$/.test(given) && existsSync(path) ? path : undefined;
}

/** As a person in the folder `cwd` would type it. */
export function asTyped(path: string, cwd: string): string {
  const short = relative(cwd, path);
  return short.startsWith('..') || isAbsolute(short) ? path : short;
}
