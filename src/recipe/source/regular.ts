import { statSync } from 'node:fs';

/** A pipe that nobody writes to would be read for ever, and no Ctrl-C comes between. Errors: of stat, and of what is none. */
export function expectRegular(path: string): { size: number } {
  const found = statSync(path);
  // Reading a folder fails by itself, with a reason of its own.
  if (found.isFile() || found.isDirectory()) return found;
  throw new Error('it is a pipe or a device; save what it holds in a file, and name that');
}
