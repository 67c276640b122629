import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import type { Environment } from '../../model/environment.ts';

/** What the machine has already: on PATH, then in KUBEBUILDER_ASSETS. */
export function findInstalled(name: string, env: Environment): string | undefined {
  const folders = [...(env['PATH'] ?? '').split(delimiter), env['KUBEBUILDER_ASSETS'] ?? ''];
  return folders
    .filter((folder) => isAbsolute(folder))
    .map((folder) => join(folder, name))
    .find(isProgram);
}

export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
