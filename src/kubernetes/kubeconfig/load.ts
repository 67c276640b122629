import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { InputError, type Problem, VaultbindError } from '../../errors.ts';
import type { Environment } from '../../model/environment.ts';
import { invalid, type KubeconfigEntry } from './entry.ts';
import { type LoadedFile, loadKubeconfigFile } from './file.ts';
import type { ClusterFields, ContextFields, UserFields } from './schema.ts';

/** All files as one, the way kubectl merges them: the first file to name an entry wins, whole. */
export interface Kubeconfig {
  /** Files that were read, in order. */
  files: string[];
  /** Files that were named and do not exist. */
  missing: string[];
  /** Of the first file that has one. */
  currentContext?: string;
  clusters: Map<string, KubeconfigEntry<ClusterFields>>;
  users: Map<string, KubeconfigEntry<UserFields>>;
  contexts: Map<string, KubeconfigEntry<ContextFields>>;
}

/** Files that kubectl would read, absolute: --kubeconfig alone, else those of KUBECONFIG, else ~/.kube/config. */
function kubeconfigFiles(env: Environment, kubeconfig: string | undefined, cwd: string): string[] {
  if (kubeconfig) return [resolve(cwd, kubeconfig)];
  if (!env['KUBECONFIG']) return [join(env['HOME'] ?? homedir(), '.kube', 'config')];
  const named = env['KUBECONFIG'].split(delimiter).filter((path) => path !== '');
  return [...new Set(named.map((path) => resolve(cwd, path)))];
}

/**
 * Reads and merges. Files that do not exist are left out, except one given with --kubeconfig.
 * @throws InputError kubernetes-config-invalid with every mistake of every file.
 */
export async function loadKubeconfig(
  env: Environment,
  kubeconfig: string | undefined,
  cwd: string,
): Promise<Kubeconfig> {
  const paths = kubeconfigFiles(env, kubeconfig, cwd);
  const problems: Problem[] = [];
  const loaded: LoadedFile[] = [];
  const missing: string[] = [];
  for (const path of paths) {
    try {
      const file = await loadKubeconfigFile(path);
      if (file) loaded.push(file);
      else missing.push(path);
    } catch (error) {
      if (!(error instanceof VaultbindError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (kubeconfig && missing.length > 0) problems.push(invalid(paths[0] ?? kubeconfig, 'there is no such file'));
  if (problems.length > 0) throw new InputError(...problems);
  return { ...merge(loaded), files: loaded.map((file) => file.file), missing };
}

function merge(files: LoadedFile[]): Omit<Kubeconfig, 'files' | 'missing'> {
  return {
    currentContext: files.find((file) => file.currentContext !== undefined)?.currentContext,
    clusters: firstWins(files.flatMap((file) => file.clusters)),
    users: firstWins(files.flatMap((file) => file.users)),
    contexts: firstWins(files.flatMap((file) => file.contexts)),
  };
}

function firstWins<T>(entries: KubeconfigEntry<T>[]): Map<string, KubeconfigEntry<T>> {
  const winners = new Map<string, KubeconfigEntry<T>>();
  for (const entry of entries) if (!winners.has(entry.name)) winners.set(entry.name, entry);
  return winners;
}
