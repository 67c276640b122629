import { randomUUID } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { access, appendFile, mkdir, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Code } from '../../codes.ts';
import { InputError, type Problem } from '../../errors.ts';

/** What is written, as messages name it. */
export interface Product {
  code: Code;
  what: string;
  /** Permissions of a new file; absent: as the umask has it. */
  mode?: number;
}

const aReport: Product = { code: 'report-unwritable', what: 'report' };

/** Why it cannot be written there; makes the folders above it. */
export async function unwritable(cwd: string, path: string, product = aReport): Promise<Problem | undefined> {
  const file = resolve(cwd, path);
  try {
    await makeFolder(dirname(file));
    await access(dirname(file), constants.W_OK);
    const there = await statOf(file);
    if (there?.isDirectory()) return problem(path, 'it is a folder', product);
    if (there) await access(file, constants.W_OK);
    return undefined;
  } catch (error) {
    return problem(path, reasonOf(error), product);
  }
}

/** Node's own recursive way never comes back from a file system that takes no folders, such as /proc. */
async function makeFolder(folder: string): Promise<void> {
  if (await statOf(folder)) return;
  if (dirname(folder) !== folder) await makeFolder(dirname(folder));
  await mkdir(folder).catch(async (error: unknown) => {
    // Somebody else may have made it meanwhile.
    if (!(await statOf(folder))) throw error;
  });
}

/** Whoever reads meanwhile finds the old file or the new one, whole. Errors: InputError. */
export async function replaceFile(cwd: string, path: string, text: string, product = aReport): Promise<void> {
  const named = resolve(cwd, path);
  await orProblem(path, product, async () => {
    const file = await realpath(named).catch(() => named);
    const there = await statOf(file);
    // A pipe or a device cannot be replaced by a file.
    if (there && !there.isFile()) return await writeFile(file, text);
    const fresh = join(dirname(file), `.${basename(file)}.${randomUUID()}`);
    try {
      await writeFile(fresh, text, { flag: 'wx', mode: product.mode });
      await rename(fresh, file);
    } finally {
      await rm(fresh, { force: true });
    }
  });
}

/** Adds to a file that others write to as well. Errors: InputError. */
export async function appendReport(cwd: string, path: string, text: string): Promise<void> {
  await orProblem(path, aReport, () => appendFile(resolve(cwd, path), text));
}

async function orProblem(path: string, product: Product, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    throw new InputError(problem(path, reasonOf(error), product));
  }
}

/** Undefined for what does not exist; that a file stands where a folder should is an error. */
async function statOf(path: string): Promise<Stats | undefined> {
  return await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}

function problem(path: string, reason: string, { code, what }: Product): Problem {
  return {
    code,
    subject: path,
    message: `the ${what} ${path} cannot be written: ${reason}`,
    fix: [{ why: 'name a file that may be written' }],
  };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/,? '.*$/, '') : String(error);
}
