import { randomBytes } from 'node:crypto';

/** Seconds that a child is good for; nothing lengthens it. */
export const childTtl = 30 * 60;

/** Names of policies that live as long as a child, e.g. `vaultbind-child-20261125t105400z-3fa9c1d2`. */
const named = /^vaultbind-child-(\d{4})(\d{2})(\d{2})t(\d{2})(\d{2})(\d{2})z-[0-9a-f]{8}$/;

export function childPolicyName(now: Date): string {
  const time = now.toISOString().replace(/\.\d+/, '').replaceAll(/[-:]/g, '').toLowerCase();
  return `vaultbind-child-${time}-${randomBytes(4).toString('hex')}`;
}

export function isChildPolicy(name: string): boolean {
  return named.test(name);
}

/** Of a run that was killed: its token has ended, also by a clock that is half an hour apart from ours. */
export function isLeftChildPolicy(name: string, now: Date): boolean {
  const [, year, month, day, hours, minutes, seconds] = named.exec(name) ?? [];
  if (year === undefined) return false;
  const made = Date.parse(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}Z`);
  return now.getTime() - made > 2 * childTtl * 1000;
}
