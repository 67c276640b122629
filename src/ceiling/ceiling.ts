import { type Objection, wrong } from '../recipe/rules/objection.ts';
import type { Limit } from '../recipe/rules/rule.ts';
import type { Path } from '../recipe/source/place.ts';
import type { CeilingDocument } from './schema.ts';

/** A ceiling file read. */
export interface Ceiling {
  document: CeilingDocument;
  /** `file:line:column` of a part, or of what is nearest to where it would stand. */
  where(path: Path): string;
}

/** One thing that a recipe may not exceed. Pure. */
export type CeilingLimit = (ceiling: Ceiling, ...finished: Parameters<Limit>) => Objection[];

/**
 * An excess: what the recipe does, and which part of the ceiling says how far it may go.
 *
 * @param path Place in the recipe.
 * @param rule Place in the ceiling, whether it is there or not.
 */
export function beyond({ where }: Ceiling, path: Path, message: string, rule: string[]): Objection {
  return wrong('ceiling-exceeded', path, `${message}; the ceiling says so in ${rule.join('.')} (${where(rule)})`);
}
