import pLimit from 'p-limit';
import { FailedError, VaultbindError } from '../errors.ts';
import type { Observer } from './observer.ts';
import { needsOf, type Plan, type Planned } from './plan.ts';
import type { Session, Step, Target } from './step.ts';

export type Outcome =
  | { result: 'as-planned' }
  | { result: 'created' | 'updated'; milliseconds: number }
  /** Looked at late, and good. */
  | { result: 'looked'; message?: string }
  | { result: 'failed'; error: VaultbindError }
  /** An earlier failure or a signal came first. */
  | { result: 'not-reached' };

export interface Applied {
  planned: Planned;
  outcome: Outcome;
}

export interface ApplyOptions {
  observer: Observer;
  /** Once aborted nothing new is begun; what is in flight finishes. */
  signal: AbortSignal;
  /** Writes at once. */
  parallel: number;
  /** Addresses to write although they look equal. */
  rewrite: ReadonlySet<string>;
}

/** Walks the steps: each is a barrier, its objects are written side by side, each is read back. */
export async function apply(plan: Plan, session: Session, target: Target, options: ApplyOptions): Promise<Applied[]> {
  const applied: Applied[] = [];
  const chosen = plan.planned.filter((one) => one.chosen);
  const walk = { session, target, options, stopped: false };
  for (const step of new Set(chosen.map((one) => one.step))) {
    applied.push(
      ...(await applyStep(
        step,
        chosen.filter((one) => one.step === step),
        walk,
      )),
    );
  }
  return applied;
}

interface Walk {
  session: Session;
  target: Target;
  options: ApplyOptions;
  /** A failure was seen: nothing new is begun. */
  stopped: boolean;
}

async function applyStep(step: Step, mine: Planned[], walk: Walk): Promise<Applied[]> {
  const { observer, parallel, rewrite } = walk.options;
  const total = mine.filter((one) => isWork(one, rewrite)).length;
  if (total > 0) observer({ type: 'phase', phase: 'apply', step: step.name, total });
  const limit = pLimit(parallel);
  const outcomes = new Map<string, Promise<Applied>>();
  for (const planned of mine) {
    const needs = needsOf(planned.resource).flatMap((address) => outcomes.get(address) ?? []);
    const work = Promise.all(needs).then(() => limit(() => applyOne(planned, walk)));
    outcomes.set(
      planned.resource.address,
      work.then((outcome) => ({ planned, outcome })),
    );
  }
  return await Promise.all(outcomes.values());
}

function isWork({ decision: { action }, resource }: Planned, rewrite: ReadonlySet<string>): boolean {
  return (
    action === 'create' ||
    action === 'update' ||
    action === 'later' ||
    (action === 'none' && rewrite.has(resource.address))
  );
}

async function applyOne(planned: Planned, walk: Walk): Promise<Outcome> {
  const { options } = walk;
  if (!isWork(planned, options.rewrite)) return { result: 'as-planned' };
  if (walk.stopped || options.signal.aborted) return { result: 'not-reached' };
  try {
    const outcome = planned.decision.action === 'later' ? await look(planned, walk) : await write(planned, walk);
    options.observer({ type: 'done', phase: 'apply', subject: planned.resource.address });
    return outcome;
  } catch (error) {
    walk.stopped = true;
    if (error instanceof VaultbindError) return { result: 'failed', error };
    throw error;
  }
}

async function write({ step, resource, exists }: Planned, { session, target }: Walk): Promise<Outcome> {
  const started = performance.now();
  await step.apply(session, resource, target);
  const observed = await step.observe(session, resource, target);
  const left = step.diff(resource, observed, target);
  if (left.action !== 'none') throw didNotTake(resource.address, left.action === 'blocked' ? [] : left.fields);
  return { result: exists ? 'updated' : 'created', milliseconds: performance.now() - started };
}

async function look({ step, resource }: Planned, { session, target }: Walk): Promise<Outcome> {
  session.kubernetes.forget();
  const change = step.diff(resource, await step.observe(session, resource, target), target);
  if (change.action === 'none')
    return { result: 'looked', ...(change.because ? { message: change.because.message } : {}) };
  if (change.action === 'blocked')
    throw new FailedError({ code: change.code, subject: resource.address, message: change.reason, fix: change.fix });
  throw didNotTake(resource.address, change.fields);
}

function didNotTake(subject: string, fields: { field: string }[]): FailedError {
  const named = fields.map(({ field }) => field).join(', ');
  return new FailedError({
    code: 'did-not-take',
    subject,
    message: `the write was accepted and ${named === '' ? 'the object still differs' : `these fields still differ: ${named}`}`,
    fix: [{ why: 'somebody else may be writing it at the same time; run apply again' }],
  });
}
