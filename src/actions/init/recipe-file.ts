import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, linkSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { InputError } from '../../errors.ts';
import { vaultbind } from '../../model/commands.ts';

/**
 * Whole or not at all: written beside and then put in its place, in one go that no Ctrl-C comes between.
 *
 * @param replace False: a file that is there stays. True: through a link to its target, whose mode stays. Errors: InputError.
 */
export function writeWhole(cwd: string, file: string, text: string, replace: boolean): void {
  const named = resolve(cwd, file);
  const path = replace && existsSync(named) ? realpathSync(named) : named;
  const beside = join(dirname(path), `.vaultbind-${randomBytes(6).toString('hex')}`);
  try {
    writeFileSync(beside, text, { flag: 'wx' });
    if (replace) {
      if (existsSync(path)) chmodSync(beside, statSync(path).mode & 0o777);
      renameSync(beside, path);
    } else linkSync(beside, path);
  } catch (error) {
    throw notWritten(file, (error as NodeJS.ErrnoException).code);
  } finally {
    rmSync(beside, { force: true });
  }
}

export function fileExists(cwd: string, file: string): boolean {
  return existsSync(resolve(cwd, file));
}

const reasons: Record<string, string> = {
  EEXIST: 'exists already, and is not overwritten',
  ENOENT: 'cannot be written: its folder does not exist',
  EACCES: 'cannot be written: this user may not',
  EISDIR: 'is a folder',
};

function notWritten(file: string, code = 'unknown'): InputError {
  return new InputError({
    code: 'recipe-unwritable',
    subject: file,
    message: `${file} ${reasons[code] ?? `cannot be written (${code})`}`,
    fix: [
      {
        why: 'name another file with -f, or go on with the one that is there',
        command: vaultbind('init', { f: file }),
      },
    ],
  });
}
