import { setTimeout } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { Session } from '../contracts/clients.ts';
import type { Change, Step } from '../contracts/step.ts';
import type { Target } from '../contracts/target.ts';
import { FailedError, InterruptedError, VaultbindError } from '../errors.ts';
import type { Observer } from '../model/observer.ts';
import { needsOf, type Plan, type Planned } from './plan.ts';

export type ApplyOutcome =
  | { result: 'as-planned' }
  | { result: 'created' | 'updated'; milliseconds: number }
  /** Somebody else made it since it was planned, and as it is wanted: it was left as they have it. */
  | { result: 'theirs' }
  /** Looked at late, and good. */
  | { result: 'looked'; message?: string }
  | { result: 'failed'; error: VaultbindError }
  /** An earlier failure or a signal came first. */
  | { result: 'not-reached' };

export interface Applied {
  planned: Planned;
  outcome: ApplyOutcome;
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

/** All of a step's writes come before its read-backs, so that reading back a thousand accounts is one list. */
async function applyStep(step: Step, mine: Planned[], walk: Walk): Promise<Applied[]> {
  const { observer, rewrite } = walk.options;
  const work = mine.filter((one) => isWork(one, rewrite));
  if (work.length > 0) observer({ type: 'phase', phase: 'apply', step: step.name, total: work.length });
  const written = await writeAll(work, walk);
  walk.session.kubernetes.forget();
  if (work.length > 0) observer({ type: 'phase', phase: 'read-back', step: step.name, total: work.length });
  const limit = pLimit(walk.options.parallel);
  const outcomes = work.map((planned, index) =>
    limit(async () => {
      const before = written[index] ?? { result: 'not-reached' };
      return before.result === 'written' ? await readBack(planned, before, walk) : before;
    }),
  );
  const byPlanned = new Map((await Promise.all(outcomes)).map((outcome, index) => [work[index], outcome]));
  return mine.map((planned) => ({ planned, outcome: byPlanned.get(planned) ?? { result: 'as-planned' } }));
}

function isWork({ decision: { action }, resource }: Planned, rewrite: ReadonlySet<string>): boolean {
  if (action === 'none') return rewrite.has(resource.address);
  return action === 'create' || action === 'update' || action === 'later';
}

type Written =
  | { result: 'written'; milliseconds: number; theirs: boolean }
  | Extract<ApplyOutcome, { result: 'failed' | 'not-reached' }>;

async function writeAll(work: Planned[], walk: Walk): Promise<Written[]> {
  const limit = pLimit(walk.options.parallel);
  const done = new Map<string, Promise<Written>>();
  for (const planned of work) {
    const needs = needsOf(planned.resource).flatMap((address) => done.get(address) ?? []);
    done.set(
      planned.resource.address,
      Promise.all(needs).then(() => limit(() => writeOne(planned, walk))),
    );
  }
  return await Promise.all(done.values());
}

async function writeOne({ step, resource, decision }: Planned, walk: Walk): Promise<Written> {
  if (walk.stopped || walk.options.signal.aborted) return { result: 'not-reached' };
  const started = performance.now();
  try {
    const made = decision.action === 'later' ? undefined : await step.apply(walk.session, resource, walk.target);
    walk.options.observer({ type: 'done', phase: 'apply', subject: resource.address });
    return { result: 'written', milliseconds: performance.now() - started, theirs: made === 'theirs' };
  } catch (error) {
    return failed(error instanceof InterruptedError ? unsure(resource.address) : error, walk);
  }
}

async function readBack(
  planned: Planned,
  { milliseconds, theirs }: Extract<Written, { result: 'written' }>,
  walk: Walk,
): Promise<ApplyOutcome> {
  const { step, resource, decision, exists } = planned;
  const { session, target, options } = walk;
  try {
    const look = async () => step.diff(resource, await step.observe(session, resource, target), target);
    const change = await settled(look, walk);
    options.observer({ type: 'done', phase: 'read-back', subject: resource.address });
    if (change.action === 'blocked')
      throw new FailedError({ code: change.code, subject: resource.address, message: change.reason, fix: change.fix });
    if (change.action !== 'none') throw didNotTake(resource.address, change.fields);
    if (theirs) return { result: 'theirs' };
    if (decision.action !== 'later') return { result: exists ? 'updated' : 'created', milliseconds };
    return { result: 'looked', message: change.because?.message };
  } catch (error) {
    return failed(error, walk);
  }
}

/** Milliseconds between looks at what does not show yet; about three seconds in all. */
const pauses = [50, 100, 200, 400, 800, 1500];

/** A standby answers reads by itself, a moment behind the node that took the write: what is old there is no verdict. */
async function settled(look: () => Promise<Change>, { session, options }: Walk): Promise<Change> {
  let change = await look();
  for (const pause of pauses) {
    if (change.action === 'none' || options.signal.aborted) break;
    await setTimeout(pause);
    session.vault.forget();
    session.kubernetes.forget();
    change = await look();
  }
  return change;
}

function failed(error: unknown, walk: Walk): { result: 'failed'; error: VaultbindError } {
  walk.stopped = true;
  if (error instanceof VaultbindError) return { result: 'failed', error };
  throw error;
}

/** It was cut off while it was under way. */
function unsure(subject: string): InterruptedError {
  return new InterruptedError({
    code: 'interrupted',
    subject,
    message: 'stopped by a signal before the answer came: it may be written or not; run again to finish',
  });
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
