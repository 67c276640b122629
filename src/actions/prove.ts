import type { Applied } from '../engine/apply.ts';
import { checksOf, type Verified, verify } from '../engine/verify.ts';
import { configAddress } from '../model/addresses.ts';
import type { Io } from '../model/io.ts';
import { steps } from '../steps/index.ts';
import type { Opened } from './open.ts';
import type { WalkOptions, WalkRequest } from './walk-request.ts';

const inTheWay = new Set(['blocked', 'skipped', 'unreadable']);

/** Failures are not proved upon: what follows a broken write or stands on a blocked object would only say so again. */
export async function prove(
  io: Io,
  options: WalkOptions,
  opened: Opened,
  request: WalkRequest,
  applied: Applied[],
): Promise<Verified> {
  const { target, progress } = opened;
  const broken = applied.some(({ outcome }) => outcome.result === 'failed' || outcome.result === 'not-reached');
  if (broken || io.signal.aborted) return { findings: [], chain: [], errors: [] };
  const stuck = addresses(applied, ({ planned: { decision } }) => inTheWay.has(decision.action));
  const changed = addresses(applied, ({ outcome: { result } }) => ['created', 'updated', 'theirs'].includes(result));
  const standing = checksOf(steps, target).filter(({ check }) => !check.about.some((address) => stuck.has(address)));
  const checks = request.checks(standing, changed);
  if (checks.length === 0) return { findings: [], chain: [], errors: [] };
  opened.session.vault.forget();
  opened.session.kubernetes.forget();
  const newLaboratory = () => opened.newLaboratory(changed.has(configAddress(target.recipe.auth.path)));
  return await verify(checks, newLaboratory, {
    settling: true,
    observer: progress.observer,
    parallel: options.parallel,
    signal: io.signal,
  });
}

function addresses(applied: Applied[], those: (one: Applied) => boolean): Set<string> {
  return new Set(applied.filter(those).map(({ planned }) => planned.resource.address));
}
