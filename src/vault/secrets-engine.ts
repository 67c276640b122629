import type { VaultReader } from './api.ts';
import { isForbidden } from './mount.ts';

/** What is mounted where a path leads. */
export interface SecretsEngine {
  /** Mount path with a slash at the end, e.g. `secret/`. */
  mount: string;
  /** kv, database, pki, … */
  type: string;
  /** KV version; undefined for other engines. */
  version?: 1 | 2;
}

interface UiMount {
  type?: string;
  options?: { version?: string } | null;
}

/**
 * The secrets engine behind an API path, from sys/internal/ui/mounts, which shows every token the mounts it has rights
 * below. Undefined: nothing is mounted there, or this token may not see it.
 */
export async function secretsEngineAt(vault: VaultReader, path: string): Promise<SecretsEngine | undefined> {
  const mounts = await visibleMounts(vault);
  const mount = Object.keys(mounts)
    .filter((one) => path.startsWith(one))
    .sort((a, b) => b.length - a.length)[0];
  if (mount === undefined) return undefined;
  const { type = '', options } = mounts[mount] ?? {};
  if (type !== 'kv') return { mount, type };
  return { mount, type, version: options?.version === '2' ? 2 : 1 };
}

async function visibleMounts(vault: VaultReader): Promise<Record<string, UiMount>> {
  try {
    const answer = await vault.read('sys/internal/ui/mounts');
    return (answer?.['secret'] ?? {}) as Record<string, UiMount>;
  } catch (error) {
    if (isForbidden(error)) return {};
    throw error;
  }
}
