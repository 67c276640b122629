import { SystemError, VaultbindError } from '../../errors.ts';
import { mountAddress } from '../../model/addresses.ts';
import type { VaultData, VaultReader } from '../api.ts';

/** An auth method as it is enabled at a path. */
export interface AuthMount {
  /** kubernetes, jwt, userpass, … */
  type: string;
  /** Changes when the mount is disabled and enabled again. */
  accessor: string;
  description: string;
  /** Seconds that its tokens live by default; absent: as the system has it, or not to be seen. */
  defaultTtl?: number;
}

/**
 * The auth method at a path; undefined when there is none. The list of sys/auth tells missing from forbidden, so it is
 * asked first; who may not list asks for the one mount, which any right below it allows.
 * @throws SystemError operator-forbidden when neither may be read.
 */
export async function findAuthMount(vault: VaultReader, path: string): Promise<AuthMount | undefined> {
  try {
    const mounts = await vault.read('sys/auth');
    const mount = mounts?.[`${path}/`];
    return isData(mount) ? mountOf(mount) : undefined;
  } catch (error) {
    if (!isForbidden(error)) throw error;
    return await findOwnMount(vault, path, error);
  }
}

async function findOwnMount(vault: VaultReader, path: string, listing: VaultbindError): Promise<AuthMount> {
  try {
    const mount = await vault.read(`sys/internal/ui/mounts/auth/${path}`);
    if (mount) return mountOf(mount);
  } catch (error) {
    if (!isForbidden(error)) throw error;
  }
  throw new SystemError({
    code: 'operator-forbidden',
    subject: mountAddress(path),
    message: `this token may not see whether an auth method is enabled at ${path}`,
    fix: [
      { why: `ask for a policy with: path "sys/auth" { capabilities = ["read"] }` },
      { why: `or, when the mount exists, for any capability on a path below auth/${path}/` },
    ],
    evidence: listing.problems[0]?.evidence ?? [],
  });
}

function mountOf(mount: VaultData): AuthMount {
  const { default_lease_ttl: ttl = 0 } = isData(mount['config']) ? mount['config'] : {};
  return {
    type: String(mount['type'] ?? ''),
    accessor: String(mount['accessor'] ?? ''),
    description: String(mount['description'] ?? ''),
    ...(Number(ttl) > 0 ? { defaultTtl: Number(ttl) } : {}),
  };
}

function isData(value: unknown): value is VaultData {
  return typeof value === 'object' && value !== null;
}

export function isForbidden(error: unknown): error is VaultbindError {
  return error instanceof VaultbindError && error.code === 'operator-forbidden';
}
