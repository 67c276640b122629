import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Secret } from '../../secret.ts';

/** For this user alone: keys and tokens lie in it. */
export async function makeFolder(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  return folder;
}

/** Returns the file's path. */
export async function writePrivate(folder: string, name: string, content: string | Secret): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, typeof content === 'string' ? content : content.reveal(), { mode: 0o600 });
  return path;
}
