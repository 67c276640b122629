import type { SavedPlan } from './schema.ts';

/** A step as a plan knows it. */
export interface KnownStep {
  name: string;
  writes: boolean;
}

/**
 * What is odd about the steps and objects of a plan that vaultbind would not have saved so; undefined when nothing is.
 * Whoever can write the file can make its hash anew: a plan of which nothing would be applied must not pass for one
 * that was applied.
 *
 * @param known All steps, in their order.
 */
export function oddOrder({ steps, objects }: Pick<SavedPlan, 'steps' | 'objects'>, known: readonly KnownStep[]) {
  const place = new Map(known.map(({ name }, index) => [name, index]));
  if ([...steps, ...objects.map(({ step }) => step)].some((name) => !place.has(name)))
    return 'it names a step that vaultbind does not have';
  const places = (names: string[]) => names.map((name) => place.get(name) ?? -1);
  if (!rises(places(steps), 1)) return 'its steps are not each one once and in their order';
  if (!rises(places(objects.map(({ step }) => step)), 0)) return 'its objects are not in the order of their steps';
  if (new Set(objects.map(({ address }) => address)).size < objects.length) return 'it has an object twice';
  if (objects.some(({ step, chosen }) => chosen !== steps.includes(step)))
    return 'its objects are not those of its steps';
  return appliesNothing(objects, known) ? 'nothing in it could be applied' : undefined;
}

/** No object of it is one that a chosen step could write. */
export function appliesNothing(
  objects: Pick<SavedPlan['objects'][number], 'step' | 'chosen'>[],
  known: readonly KnownStep[],
) {
  const writing = new Set(known.filter(({ writes }) => writes).map(({ name }) => name));
  return !objects.some(({ step, chosen }) => chosen && writing.has(step));
}

function rises(numbers: number[], by: 0 | 1): boolean {
  return numbers.every((one, index) => index === 0 || one >= (numbers[index - 1] ?? 0) + by);
}
