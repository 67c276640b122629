import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, resolve } from 'node:path';
import { InputError, type Position, type Problem } from '../../errors.ts';

/** A named entry of a kubeconfig, with the place it stands in, for messages and relative paths. */
export interface KubeconfigEntry<T> {
  name: string;
  value: T;
  /** Absolute path of the file. */
  file: string;
  /** Where the entry, or a field of it, is written. */
  at(field?: string): Position;
}

/** The problem of a kubeconfig that cannot be used; `what` completes "the kubeconfig says …". */
export function invalid(file: string, message: string, at?: Position, fix?: string): Problem {
  const where = at ? `${file}:${at.line}:${at.column}` : file;
  return {
    code: 'kubernetes-config-invalid',
    subject: `kubeconfig ${file}`,
    message: `${where}: ${message}`,
    fix: [{ why: fix ?? 'Correct the kubeconfig, or take another one with --kubeconfig.' }],
    at,
  };
}

/** A path of a kubeconfig is relative to the file it stands in. */
export function beside(file: string, path: string): string {
  return isAbsolute(path) ? path : resolve(dirname(file), path);
}

/** Text of `<field>-data`, else of the file that `<field>` names. */
export async function dataOrFile<T>(entry: KubeconfigEntry<T>, field: keyof T & string): Promise<string | undefined> {
  const values = entry.value as Record<string, unknown>;
  const data = values[`${field}-data`];
  if (typeof data === 'string') return data;
  const named = values[field];
  if (typeof named !== 'string') return undefined;
  const path = beside(entry.file, named);
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw wrongEntry(entry, field, `names a file that cannot be read (${path}: ${error.code})`);
  });
}

/**
 * All parts, and every mistake of all at once.
 * @throws InputError
 */
export async function allOf<T extends readonly Promise<unknown>[] | []>(
  parts: T,
): Promise<{ -readonly [P in keyof T]: Awaited<T[P]> }> {
  const settled = await Promise.allSettled(parts);
  const problems = settled.flatMap((one) => (one.status === 'rejected' ? problemsOf(one.reason) : []));
  if (problems.length > 0) throw new InputError(...problems);
  return Promise.all(parts);
}

function problemsOf(error: unknown): Problem[] {
  if (error instanceof InputError) return error.problems;
  throw error;
}

export function wrongEntry<T>(
  entry: KubeconfigEntry<T>,
  field: string | undefined,
  what: string,
  fix?: string,
): InputError {
  const at = entry.at(field);
  return new InputError(invalid(entry.file, `"${entry.name}" ${what}`, at, fix));
}
