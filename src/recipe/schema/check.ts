import type { z } from 'zod';
import type { Code } from '../../codes.ts';
import type { Problem } from '../../errors.ts';
import { type Path, type Place, pathText, placeAt, positionOf, valueAt } from '../source/place.ts';
import { shown } from '../text.ts';
import { type RecipeDocument, recipeSchema } from './index.ts';
import { valueMessage } from './messages.ts';
import { prune } from './prune.ts';
import { keyMeant, unknownKeyMessage } from './unknown-keys.ts';

export interface Checked {
  /**
   * What is left when the parts with mistakes are taken out, so that the rules can still look at the rest. Undefined
   * when there are too many of them for that to be worth its time.
   */
  document?: RecipeDocument;
  problems: Problem[];
  /** List items and sections in which something was wrong. */
  damaged: Set<unknown>;
}

/** Holds the merged files against the schema. `value` and `place` lose the parts with mistakes. */
export function checkShape(value: Record<string, unknown>, place: Place): Checked {
  const problems: Problem[] = [];
  const damaged = new Set<unknown>();
  for (let round = 0; round < mostRounds; round++) {
    const result = recipeSchema.safeParse(value);
    if (result.success) return { document: result.data, problems, damaged };
    const issues = result.error.issues.map((issue) => ({ ...issue, path: issue.path as Path }));
    const misspelt = new Set(issues.flatMap(meantBy).map((path) => JSON.stringify(path)));
    if (round === 0)
      for (const issue of issues) {
        // Said with its key: it is there, under another name.
        if (misspelt.has(JSON.stringify(issue.path))) continue;
        for (const problem of problemsOf(issue, value, place)) problems.push(problem);
        damaged.add(sectionOf(value, issue.path));
      }
    if (issues.length > mostIssues) return { problems, damaged };
    prune(value, place, issues);
    fillIn(value);
  }
  throw new Error('the parts of a recipe with mistakes could not be taken out');
}

/** Taking a part out can leave a list empty, which is a mistake too: a few rounds, never many. */
const mostRounds = 20;
const mostIssues = 500;

type Issue = z.core.$ZodIssue & { path: Path };

function problemsOf(issue: Issue, root: Record<string, unknown>, place: Place): Problem[] {
  const { path } = issue;
  if (placeAt(place, path)?.faulty) return [];
  const make = (code: Code, at: Path, message: string, part: 'key' | 'value' = 'value'): Problem => {
    const subject = pathText(at, root);
    return {
      code,
      subject,
      message: subject === '' ? message : `${subject}: ${message}`,
      at: positionOf(place, at, part),
    };
  };
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => {
      const { subject, at } = make('recipe-unknown-key', [...path, key], '', 'key');
      const where = path.length === 0 ? '' : ` in ${pathText(path, root)}`;
      const message = `unknown key ${shown(key)}${where}${unknownKeyMessage(path, key)}`;
      return { code: 'recipe-unknown-key', subject, message, at };
    });
  const found = valueAt(root, path);
  if (found === undefined && path.length > 0) return [make('recipe-missing', path, 'is missing')];
  return [make('recipe-value', path, valueMessage(issue, found))];
}

/** The keys that unknown ones were meant for. */
function meantBy(issue: Issue): Path[] {
  if (issue.code !== 'unrecognized_keys') return [];
  return issue.keys.flatMap((key) => {
    const meant = keyMeant(issue.path, key);
    return meant === undefined ? [] : [[...issue.path, meant]];
  });
}

/** The list item or the section that a path leads into. */
export function sectionOf(root: unknown, path: Path): unknown {
  const [first, second] = path;
  if (first === undefined) return root;
  return valueAt(root, typeof second === 'number' ? [first, second] : [first]);
}

/** Stand-ins for required parts, so that the rules can look at the others; their lack was said already. */
function fillIn(value: Record<string, unknown>): void {
  value['version'] = 1;
  value['name'] ??= 'unnamed';
  const auth = value['auth'];
  if (typeof auth !== 'object' || auth === null) value['auth'] = { path: 'unnamed', manage: 'none' };
  else if (!('path' in auth)) Object.assign(auth, { path: 'unnamed' });
}
