import { SystemError } from '../errors.ts';

const reasons: Record<string, string> = {
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of the path is no folder',
  EMFILE: 'too many open files',
};

/** A folder that cannot be written is no bug of ours: says which, and how to choose another. */
export async function namingFolders<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code = '', path = '' } = error as NodeJS.ErrnoException;
    const reason = reasons[code];
    if (reason === undefined) throw error;
    const why = 'choose other folders with VAULTBIND_CACHE (programs), VAULTBIND_STATE (sandboxes), TMPDIR (demo)';
    throw new SystemError({ code: 'server-failed', subject: path, message: `${path}: ${reason}`, fix: [{ why }] });
  }
}
