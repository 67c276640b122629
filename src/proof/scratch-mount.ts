import { createHash, randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { isScratch, scratchType } from '../model/scratch-name.ts';
import type { VaultProber, VaultScratch } from '../vault/api.ts';

const described = /^vaultbind doctor --probe, started (\S+) by process (\d+) on ([0-9a-f]{8}); may be disabled$/;

/** Of another machine, whose processes nobody here can look up. Milliseconds; a probe takes seconds. */
const surelyOver = 10 * 60 * 1000;

const machine = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);

/** The rules of a policy that allows scratch mounts; their names are random, so one rule is for all of them. */
export const scratchRules = [
  'path "sys/auth/vaultbind-probe-*" { capabilities = ["create", "update", "delete", "sudo"] }',
  'path "auth/vaultbind-probe-*" { capabilities = ["create", "update"] }',
];

export function scratchName(): string {
  return `vaultbind-probe-${randomBytes(6).toString('hex')}`;
}

export function scratchDescription(now: Date): string {
  return `vaultbind doctor --probe, started ${now.toISOString()} by process ${process.pid} on ${machine}; may be disabled`;
}

/**
 * Removes scratch mounts whose process is gone, and tells which. One of a probe that still runs, and whatever only has
 * a similar name, is left alone.
 */
export async function removeLeftovers(vault: VaultProber, scratch: VaultScratch, now: Date): Promise<string[]> {
  const mounts = Object.entries((await vault.read('sys/auth')) ?? {});
  const left = mounts.flatMap(([path, mount]) => (isLeftover(path, mount, now) ? [path.replace(/\/$/, '')] : []));
  for (const mount of left) await scratch.remove(mount);
  return left;
}

export function isLeftover(path: string, mount: unknown, now: Date): boolean {
  if (!isScratch(path.replace(/\/$/, ''))) return false;
  const { type, description } = (mount ?? {}) as { type?: unknown; description?: unknown };
  const [, started, pid, where] = described.exec(String(description ?? '')) ?? [];
  if (type !== scratchType || started === undefined) return false;
  const age = now.getTime() - Date.parse(started);
  if (Number.isNaN(age)) return false;
  return age > surelyOver || (where === machine && !runs(Number(pid)));
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
