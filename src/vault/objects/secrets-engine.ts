import { VaultbindError } from '../../errors.ts';
import type { VaultData, VaultLogin, VaultProber, VaultReader } from '../api.ts';
import { asObject } from '../reader.ts';

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
  return engineIn(await visibleMounts(() => vault.read(uiMounts)), path);
}

/** The same as the workload's own token sees it, for operators who see less. */
export async function secretsEngineFor(
  vault: VaultProber,
  login: VaultLogin,
  path: string,
): Promise<SecretsEngine | undefined> {
  const engine = await secretsEngineAt(vault, path);
  // A token of few uses is not spent on looking.
  if (engine || login.uses !== 0) return engine;
  return engineIn(await visibleMounts(() => vault.mountsOf(login)), path);
}

export const uiMounts = 'sys/internal/ui/mounts';

/** The same in a list of mounts as sys/mounts and sys/internal/ui/mounts have them. */
export function engineIn(mounts: VaultData, path: string): SecretsEngine | undefined {
  const mount = Object.keys(mounts)
    .filter((one) => path.startsWith(one))
    .sort((a, b) => b.length - a.length)[0];
  if (mount === undefined) return undefined;
  const { type = '', options } = (mounts[mount] ?? {}) as UiMount;
  if (type !== 'kv') return { mount, type };
  return { mount, type, version: options?.version === '2' ? 2 : 1 };
}

async function visibleMounts(ask: () => Promise<VaultData | undefined>): Promise<VaultData> {
  try {
    return asObject((await ask())?.['secret']);
  } catch (error) {
    if (error instanceof VaultbindError && blind.some((code) => code === error.code)) return {};
    throw error;
  }
}

/** Who has no token, or one without rights, sees no mounts. */
const blind = ['operator-forbidden', 'operator-token-invalid', 'token-missing'];
