import { closeSync, constants, existsSync, fstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { dirname, extname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { Code } from '../../codes.ts';

/** A recipe file as text, and the folder that its own paths start from. */
export interface RecipeFile {
  /** As given to `-f`. */
  given: string;
  text: string;
  /** Real path of its folder; for `-` the current one. */
  folder: string;
  /** Real path; `-` for stdin. */
  path: string;
}

/** Where the files of a recipe come from: a disk, or a text that was kept. */
export interface Library {
  /** A file named by `-f`. */
  recipe(given: string): RecipeFile | Refusal;
  /** A file that a recipe names. */
  beside(recipe: RecipeFile, named: string, endings: readonly string[]): { file: string; text: string } | Refusal;
}

/**
 * This machine's.
 *
 * @param stdin What came there, for the file `-`.
 * @param found The recipes that nobody named, each with the folder that it was found in: it must lie there, and be a
 *   regular file.
 */
export function disk(cwd: string, stdin: string | undefined, found: ReadonlyMap<string, string>): Library {
  return {
    recipe: (given) => {
      if (given === '-') return readStdin(cwd, stdin);
      const folder = found.get(given);
      return readRecipeFile(resolve(cwd, given), given, folder === undefined ? undefined : resolve(cwd, folder));
    },
    beside: readBeside,
  };
}

/** The same with a text in place of each file that `-f` names. */
export function withUnwritten(library: Library, cwd: string, text: string): Library {
  return {
    ...library,
    recipe: (given) => {
      const path = resolve(cwd, given);
      try {
        // A folder that is made with the file has nothing beside it yet.
        return { given, text, path, folder: existsSync(dirname(path)) ? realpathSync(dirname(path)) : dirname(path) };
      } catch (error) {
        return unreadable(error);
      }
    },
  };
}

/** Why a file was not read. */
export interface Refusal {
  code: Code;
  message: string;
  /** It is not there. */
  absent?: boolean;
}

const recipeLimit = 8 * 1024 * 1024;
const besideLimit = 1024 * 1024;

function readRecipeFile(named: string, given: string, foundIn: string | undefined): RecipeFile | Refusal {
  try {
    const path = realpathSync(named);
    if (foundIn !== undefined && !isBelow(realpathSync(foundIn), path))
      return {
        code: 'recipe-unreadable',
        message: 'leads out of its folder; if it is meant, name it with -f by itself',
      };
    const text = readText(path, recipeLimit, foundIn === undefined ? ['file', 'pipe'] : ['file']);
    return typeof text === 'string' ? { given, text, folder: dirname(path), path } : text;
  } catch (error) {
    return unreadable(error);
  }
}

/**
 * A file that a recipe names: only below the recipe's own folder, symbolic links followed before that is judged.
 *
 * @param endings The file must end so, before and after links are followed: what is shown of it would else show an .env.
 */
function readBeside(
  recipe: RecipeFile,
  named: string,
  endings: readonly string[],
): { file: string; text: string } | Refusal {
  const outside = { code: 'recipe-path-escape' as const, message: "leads out of the recipe's folder" };
  const wanted = resolve(recipe.folder, named);
  if (isAbsolute(named) || !isBelow(recipe.folder, wanted)) return outside;
  try {
    const path = realpathSync(wanted);
    if (!isBelow(recipe.folder, path)) return outside;
    if (![named, path].every((name) => endings.includes(extname(name))))
      return { code: 'recipe-value', message: `does not end in ${endings.join(' or ')}` };
    const text = readText(path, besideLimit, ['file']);
    const file = recipe.given === '-' ? named : join(dirname(recipe.given), named);
    return typeof text === 'string' ? { file, text } : text;
  } catch (error) {
    return unreadable(error);
  }
}

export function isUnread(answer: object): answer is Refusal {
  return 'code' in answer;
}

function readStdin(cwd: string, stdin: string | undefined): RecipeFile | Refusal {
  if (stdin === undefined) return { code: 'recipe-unreadable', message: 'nothing came on standard input' };
  if (stdin.length > recipeLimit) return tooLarge(recipeLimit);
  return { given: '-', text: stdin.replace(/^\ufeff/, ''), folder: realpathSync(cwd), path: '-' };
}

/** By their spelling: links are followed, or not, before. */
export function isBelow(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function readText(path: string, limit: number, kinds: ('file' | 'pipe')[]): string | Refusal {
  // Opening a pipe that nobody writes to would wait for ever.
  const flags = kinds.includes('pipe') ? constants.O_RDONLY : constants.O_RDONLY | constants.O_NONBLOCK;
  const handle = openSync(path, flags);
  try {
    const found = fstatSync(handle);
    if (found.isDirectory()) return { code: 'recipe-unreadable', message: 'is a folder, not a file' };
    if (!found.isFile() && !(found.isFIFO() && kinds.includes('pipe')))
      return { code: 'recipe-unreadable', message: 'is not a regular file' };
    const bytes = readAtMost(handle, limit);
    return bytes ? decode(bytes) : tooLarge(limit);
  } finally {
    closeSync(handle);
  }
}

function readAtMost(handle: number, limit: number): Buffer | undefined {
  const parts: Buffer[] = [];
  for (let size = 0; size <= limit; ) {
    const part = Buffer.alloc(64 * 1024);
    const count = readSync(handle, part);
    if (count === 0) return Buffer.concat(parts);
    parts.push(part.subarray(0, count));
    size += count;
  }
  return undefined;
}

function decode(bytes: Buffer): string | Refusal {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { code: 'recipe-unreadable', message: 'is not UTF-8 text' };
  }
}

function tooLarge(limit: number): Refusal {
  return { code: 'recipe-unreadable', message: `is larger than ${limit / 1024 / 1024} MiB` };
}

const reasons: Record<string, string> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist',
  EACCES: 'may not be read by this user',
  EPERM: 'may not be read by this user',
  ELOOP: 'is a symbolic link that leads nowhere',
  EISDIR: 'is a folder, not a file',
  ENXIO: 'is not a regular file',
  ENAMETOOLONG: 'has a name that is too long',
};

/** Why a file could not be opened, in words that go on after its name. */
export function unreadable(error: unknown): Refusal {
  const code = (error as NodeJS.ErrnoException).code;
  const message = reasons[code ?? ''] ?? `cannot be read (${code ?? 'unknown'})`;
  return { code: 'recipe-unreadable', message, absent: code === 'ENOENT' };
}
