import type { z } from 'zod';
import { type Path, type Place, placeAt, valueAt } from '../source/place.ts';

type Issue = z.core.$ZodIssue & { path: Path };

/** Takes the parts with issues out of the value and, in step with it, out of the places. */
export function prune(value: unknown, place: Place, issues: Issue[]): void {
  const paths = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path],
  );
  // From the back, so that the indices before stay true.
  for (const path of distinct(paths).sort(backwards)) remove(value, place, path);
}

function remove(root: unknown, place: Place, path: Path): void {
  const last = path.at(-1);
  if (last === undefined) return;
  const parents = path.slice(0, -1);
  const parent = valueAt(root, parents);
  if (Array.isArray(parent)) removeItem(parent, placeAt(place, parents), Number(last));
  else if (typeof parent === 'object' && parent !== null && Object.hasOwn(parent, last))
    Reflect.deleteProperty(parent, last);
  else if (parents.some((step) => typeof step === 'number')) remove(root, place, parents);
}

function removeItem(list: unknown[], place: Place | undefined, index: number): void {
  if (index >= list.length) return;
  list.splice(index, 1);
  if (!place) return;
  const left = [...place.children.values()].filter((_, at) => at !== index);
  place.children = new Map(left.entries());
}

function distinct(paths: Path[]): Path[] {
  return [...new Map(paths.map((path) => [JSON.stringify(path), path])).values()];
}

function backwards(left: Path, right: Path): number {
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const [a, b] = [left[index] ?? 0, right[index] ?? 0];
    if (a !== b) return typeof a === 'number' && typeof b === 'number' ? b - a : String(a).localeCompare(String(b));
  }
  return right.length - left.length;
}
