import type { Plan } from '../engine/plan.ts';
import { FailedError, type Problem } from '../errors.ts';
import { vaultbind } from '../model/commands.ts';
import type { RecipeSources } from '../recipe/source/saved-sources.ts';
import type { Identity } from './identity.ts';
import { objectsOf } from './save.ts';
import type { SavedObject, SavedPlan } from './schema.ts';
import { digest } from './seal.ts';

/** What differs between the recipe in a plan and the one that is there now. */
export function recipeDifferences({ recipe }: SavedPlan, now: RecipeSources): Problem[] {
  const before = textsOf(recipe);
  const after = textsOf(now);
  return changes(before, after, {
    gone: 'the plan was made with it, and the recipe has it no more',
    added: 'the recipe has it, and the plan was made without it',
    changed: 'is not what the plan was made with',
  });
}

/** By the names that a reader knows. */
function textsOf({ files, beside, environment }: RecipeSources): Map<string, string> {
  return new Map([
    ...files.map(({ file, text }) => [file, digest(text)] as const),
    ...beside.map(({ recipe, named, text }) => [`${named} of ${recipe}`, digest(text)] as const),
    ...Object.entries(environment).map(([name, value]) => [`\${env:${name}}`, digest(value)] as const),
  ]);
}

/** Errors: FailedError when these are other servers than the plan was made for. */
export function expectSameServers(plan: SavedPlan, file: string, now: Identity): void {
  const problems: Problem[] = [];
  if (plan.vault.cluster_id !== now.vault)
    problems.push(
      stale(
        `Vault ${plan.vault.address}`,
        `another Vault answers there: cluster ${now.vault}, and the plan was made for ${plan.vault.cluster_id}`,
      ),
    );
  if (plan.cluster.kube_system_uid !== now.cluster)
    problems.push(
      stale(
        'namespace kube-system',
        `this is another cluster: kube-system has uid ${now.cluster}, and the plan was made for ${plan.cluster.kube_system_uid} at ${plan.cluster.server}`,
      ),
    );
  refuse(plan, file, problems);
}

/** Errors: FailedError when what is found now, or what would be done about it, is not what the plan has. */
export function expectSamePlan(plan: SavedPlan, file: string, now: Plan): void {
  refuse(plan, file, differencesFrom(plan.objects, now));
}

/** Errors: FailedError when something changed since this plan was made, a moment ago. */
export function expectStillSo(before: Plan, now: Plan): void {
  const known = new Set(undecidedOf(before).map(({ subject }) => subject));
  const [first, ...rest] = differencesFrom(decidedOf(before), now).filter(({ subject }) => !known.has(subject));
  if (!first) return;
  const fix = [{ why: 'nothing was written; run it again to see what would be done now' }];
  throw new FailedError({ ...first, fix }, ...rest);
}

function differencesFrom(objects: SavedObject[], now: Plan): Problem[] {
  const before = new Map(objects.map((one) => [one.address, one]));
  const undecided = undecidedOf(now);
  const left = new Set(undecided.map(({ subject }) => subject));
  const after = new Map(decidedOf(now).map((one) => [one.address, one]));
  const gone = [...before.keys()].filter((address) => !after.has(address) && !left.has(address));
  const added = [...after.keys()].filter((address) => !before.has(address));
  return [
    ...undecided,
    ...gone.map((address) => stale(address, 'the plan has it, and planning again does not')),
    ...added.map((address) => stale(address, 'planning again has it, and the plan does not')),
    ...[...after.values()].flatMap((one) => objectDifferences(before.get(one.address), one)),
  ];
}

function decidedOf({ planned, others }: Plan): SavedObject[] {
  return objectsOf({ planned: planned.filter(({ decision }) => !isUndecided(decision.action)), others });
}

function isUndecided(action: string): boolean {
  return action === 'blocked' || action === 'skipped' || action === 'unreadable';
}

function undecidedOf({ planned }: Plan): Problem[] {
  return planned.flatMap(({ resource, decision }) => {
    if (decision.action === 'blocked') return [stale(resource.address, `it is blocked now: ${decision.reason}`)];
    if (decision.action === 'skipped') return [stale(resource.address, `${decision.need} is not in place now`)];
    if (decision.action !== 'unreadable') return [];
    return [stale(resource.address, `it cannot be read now: ${decision.error.problems[0]?.message ?? ''}`)];
  });
}

function objectDifferences(before: SavedObject | undefined, after: SavedObject): Problem[] {
  if (!before) return [];
  const said = [...observedDifference(before, after), ...desiredDifference(before, after)];
  if (digest(decisionOf(before)) !== digest(decisionOf(after)))
    said.push(`the plan ${inWords(before)}, and now it ${wouldBe(after)}`);
  else if (before.step !== after.step || before.chosen !== after.chosen)
    said.push('belongs to other steps than the plan has it in');
  return said.length === 0 ? [] : [stale(after.address, said.join('; '))];
}

function decisionOf({ decision, fields }: SavedObject) {
  return { decision, fields };
}

function observedDifference({ observed: before }: SavedObject, { observed: after }: SavedObject): string[] {
  if (!before && !after) return [];
  if (!before) return ['did not exist when the plan was made, and exists now'];
  if (!after) return ['existed when the plan was made, and is gone'];
  const fields = differing(before, after);
  return fields.length === 0 ? [] : [`changed since the plan was made: ${fields.join(', ')}`];
}

function desiredDifference({ desired: before }: SavedObject, { desired: after }: SavedObject): string[] {
  const fields = differing(before, after);
  return fields.length === 0 ? [] : [`is wanted otherwise than the plan has it: ${fields.join(', ')}`];
}

function differing(before: Record<string, unknown>, after: Record<string, unknown>): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.filter((name) => digest(before[name] ?? null) !== digest(after[name] ?? null));
}

function inWords({ decision, fields }: SavedObject): string {
  const words = { none: 'found it in place', create: 'creates it', update: 'updates it', later: 'looks at it later' };
  return `${words[decision]}${named(fields)}`;
}

function wouldBe({ decision, fields }: SavedObject): string {
  const words = {
    none: 'is in place',
    create: 'would be created',
    update: 'would be updated',
    later: 'would be looked at later',
  };
  return `${words[decision]}${named(fields)}`;
}

function named(fields: string[]): string {
  return fields.length === 0 ? '' : ` (${fields.join(', ')})`;
}

function changes(
  before: Map<string, string>,
  after: Map<string, string>,
  said: { gone: string; added: string; changed: string },
): Problem[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((name) => {
    if (!after.has(name)) return [stale(name, said.gone)];
    if (!before.has(name)) return [stale(name, said.added)];
    return before.get(name) === after.get(name) ? [] : [stale(name, said.changed)];
  });
}

function stale(subject: string, message: string): Problem {
  return { code: 'plan-stale', subject, message };
}

/**
 * Errors: FailedError with all differences, when there are any.
 *
 * @param file the plan's own, as typed
 */
export function refuse(plan: SavedPlan, file: string, differences: Problem[]): void {
  const [first, ...rest] = differences;
  if (!first) return;
  const f = plan.recipe.files.map((one) => one.file);
  const fix = [
    { why: 'nothing was written; look again, and save that plan', command: vaultbind('plan', { f, out: file }) },
  ];
  const all: [Problem, ...Problem[]] = [first, ...rest];
  all.push({ ...(all.pop() ?? first), fix });
  throw new FailedError(...all);
}
