import type { Reading } from '../contracts/clients.ts';
import type { Change, Resource, State, Step } from '../contracts/step.ts';
import type { Target } from '../contracts/target.ts';
import { type Problem, VaultbindError } from '../errors.ts';
import { vaultbind } from '../model/commands.ts';
import type { Observer } from '../model/observer.ts';

/** What is to be done about one object. */
export type Decision =
  | Change
  /** An object it stands on is blocked or could not be read. */
  | { action: 'skipped'; need: string }
  /** It only looks, and what it looks at will be made by this run. */
  | { action: 'later'; need: string }
  /** It could not be read. */
  | { action: 'unreadable'; error: VaultbindError };

export interface Planned {
  step: Step;
  resource: Resource;
  decision: Decision;
  /** It exists already. */
  exists: boolean;
  /** As it was looked at; absent for what does not exist, and for what nobody had to ask for. */
  observed?: State;
  /** False: only looked at because a chosen step stands on it. */
  chosen: boolean;
  milliseconds: number;
}

export interface Plan {
  /** In the order of steps and recipe. */
  planned: Planned[];
  /** Objects beside ours, left alone, by step. */
  others: { step: string; problem: Problem }[];
}

export interface PlanOptions {
  /** Names of the steps to plan; the objects they stand on are looked at too. */
  chosen: ReadonlySet<string>;
  observer: Observer;
}

/** Looks at every object once and says what would change. Cannot write: its clients have no way to. */
export async function plan(
  steps: readonly Step[],
  target: Target,
  reading: Reading,
  { chosen, observer }: PlanOptions,
): Promise<Plan> {
  const wanted = withNeeds(
    steps.flatMap((step) => step.resources(target).map((resource) => ({ step, resource }))),
    chosen,
  );
  observer({ type: 'phase', phase: 'plan', total: wanted.length });
  const decisions = new Map<string, Promise<Planned>>();
  for (const { step, resource } of wanted) {
    const needs = needsOf(resource).flatMap((address) => decisions.get(address) ?? []);
    const decided = decide({ step, resource, needs, target, reading, chosen });
    decisions.set(
      resource.address,
      decided.then((one) => {
        observer({ type: 'done', phase: 'plan', subject: resource.address });
        return one;
      }),
    );
  }
  const planned = await Promise.all(decisions.values());
  const others = await Promise.all(
    steps.filter(({ name }) => chosen.has(name)).map((step) => othersOf(step, reading, target, planned)),
  );
  return { planned, others: others.flat() };
}

/** Why objects could not be looked at. */
export function refusalsOf({ planned }: Plan): VaultbindError[] {
  return planned.flatMap(({ chosen, decision }) =>
    chosen && decision.action === 'unreadable' ? [decision.error] : [],
  );
}

interface Entry {
  step: Step;
  resource: Resource;
}

export function needsOf({ inside, needs = [] }: Resource): string[] {
  return inside === undefined ? needs : [inside, ...needs];
}

/** The chosen steps' objects and all they stand on, in order. */
function withNeeds(entries: Entry[], chosen: ReadonlySet<string>): Entry[] {
  const wanted = new Set<string>();
  for (const { step, resource } of entries.toReversed())
    if (chosen.has(step.name) || wanted.has(resource.address))
      for (const address of [resource.address, ...needsOf(resource)]) wanted.add(address);
  return entries.filter(({ resource }) => wanted.has(resource.address));
}

interface Deciding extends Entry {
  needs: Promise<Planned>[];
  target: Target;
  reading: Reading;
  chosen: ReadonlySet<string>;
}

async function decide({ step, resource, needs, target, reading, chosen }: Deciding): Promise<Planned> {
  const settled = await Promise.all(needs);
  const started = performance.now();
  const result = (decision: Decision, observed?: State): Planned => ({
    step,
    resource,
    decision,
    exists: observed !== undefined,
    observed,
    chosen: chosen.has(step.name),
    milliseconds: performance.now() - started,
  });
  const absent = settled.find((need) => !need.chosen && !standing(need));
  if (absent) return result(needMissing(absent, target));
  const stuck = settled.find(
    ({ decision: { action } }) => action === 'blocked' || action === 'skipped' || action === 'unreadable',
  );
  if (stuck) return result({ action: 'skipped', need: stuck.resource.address });
  const holder = settled.find((need) => need.resource.address === resource.inside);
  if (holder && !standing(holder)) return result(assume(step, resource, holder.resource.address, target));
  try {
    const observed = await step.observe(reading, resource, target);
    return result(step.diff(resource, observed, target), observed);
  } catch (error) {
    if (error instanceof VaultbindError && isForbidden(error)) return result({ action: 'unreadable', error });
    throw error;
  }
}

/** Refusals are collected, so that all that is missing is said at once; anything else ends the plan. */
function isForbidden(error: VaultbindError): boolean {
  return error.code === 'operator-forbidden' || error.code === 'kubernetes-forbidden';
}

function standing({ decision: { action } }: Planned): boolean {
  return action === 'none' || action === 'update';
}

/** What holds this object will be made by this run, so this one cannot exist yet: no request is needed to know. */
function assume(step: Step, resource: Resource, need: string, target: Target): Decision {
  if (!step.writes) return { action: 'later', need };
  const change = step.diff(resource, undefined, target);
  if (change.action !== 'create') return change;
  const unknown = step.unknowns?.(resource) ?? [];
  return {
    ...change,
    fields: [...change.fields, ...unknown.map((field) => ({ field, unknown: `after apply of ${need}` }))],
  };
}

function needMissing({ step, resource, decision }: Planned, { recipe }: Target): Decision {
  const command = vaultbind(`step ${step.name}`, { f: recipe.files });
  const reason = `${resource.address} is not in place`;
  if (decision.action === 'blocked')
    return { action: 'blocked', code: 'need-missing', reason: `${reason}: ${decision.reason}`, fix: decision.fix };
  return { action: 'blocked', code: 'need-missing', reason, fix: [{ why: 'make it first', command }] };
}

async function othersOf(step: Step, reading: Reading, target: Target, planned: Planned[]): Promise<Plan['others']> {
  const mine = planned.filter((one) => one.step === step);
  if (!step.others || mine.some((one) => one.decision.action === 'skipped') || mine.every(({ exists }) => !exists))
    return [];
  return (await step.others(reading, target)).map((problem) => ({ step: step.name, problem }));
}
