import { nothingIf } from '../../model/error-values.ts';
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

/** What one token and the operator can tell of the place where a path leads. */
export type Sight =
  | { engine: SecretsEngine }
  /** Seen by a token that may do something there: nothing is mounted. */
  | { absent: string }
  | { unseen: string };

/**
 * The secrets engine behind a path as the operator sees it, else as the workload's own token does. A list tells only
 * what is there: what neither names is asked for by its path before it counts as missing.
 * @param may the token has rights on the path, so that Vault would show it what is mounted there.
 */
export async function sightOf(vault: VaultProber, login: VaultLogin, path: string, may: boolean): Promise<Sight> {
  const builtIn = /^(auth|sys|identity|cubbyhole)\//.exec(path);
  if (builtIn) return { engine: { mount: builtIn[0], type: `${builtIn[1]}` } };
  const seen = await secretsEngineAt(vault, path);
  if (seen) return { engine: seen };
  // A token of few uses is not spent on looking.
  if (login.uses !== 0) return { unseen: 'the operator does not see what is mounted there' };
  const visible = await vault.mountsOf(login);
  const own = engineIn(visible ?? {}, path);
  if (own) return { engine: own };
  const byName = may ? await vault.mountAt(login, path) : undefined;
  if (typeof byName === 'object') return { engine: engineOf(`${byName['path']}`, byName) };
  return visible && byName === 'none'
    ? { absent: 'no secrets engine is mounted there' }
    : { unseen: 'what is mounted there could not be seen' };
}

export const uiMounts = 'sys/internal/ui/mounts';

/** The same in a list of mounts as sys/mounts and sys/internal/ui/mounts have them. */
export function engineIn(mounts: VaultData, path: string): SecretsEngine | undefined {
  const mount = Object.keys(mounts)
    .filter((one) => path.startsWith(one))
    .sort((a, b) => b.length - a.length)[0];
  if (mount === undefined) return undefined;
  return engineOf(mount, (mounts[mount] ?? {}) as UiMount);
}

function engineOf(mount: string, { type = '', options }: UiMount): SecretsEngine {
  if (type !== 'kv') return { mount, type };
  return { mount, type, version: options?.version === '2' ? 2 : 1 };
}

async function visibleMounts(ask: () => Promise<VaultData | undefined>): Promise<VaultData> {
  // Who has no token, or one without rights, sees no mounts.
  const blind = nothingIf('operator-forbidden', 'operator-token-invalid', 'token-missing');
  return asObject((await ask().catch(blind))?.['secret']);
}
