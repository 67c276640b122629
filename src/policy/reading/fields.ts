import type { ParameterValues } from '../rule.ts';
import { instant, seconds } from './duration.ts';
import {
  type At,
  type Block,
  clipped,
  type HclTree,
  type Item,
  PolicySyntaxError,
  plainNumber,
  plainValue,
  UnclearPolicyError,
} from './tree.ts';

/** The value of a field that the servers decode as text. @throws PolicySyntaxError */
export function textField(tree: HclTree, field: string): string {
  if (tree.kind === 'string' || tree.kind === 'number') return tree.text;
  throw wrong(tree, field, 'a string');
}

export function textList(tree: HclTree, field: string): string[] {
  return elements(tree, field).map((element) => textField(element, `every element of ${field}`));
}

export function durationField(tree: HclTree, field: string): number {
  if (tree.kind === 'string' || tree.kind === 'number') {
    const value = seconds(tree.kind === 'string' ? tree.text : plainNumber(tree));
    if (value !== undefined) return value;
  }
  throw wrong(tree, field, 'a duration such as "90s" or 90');
}

export function time(tree: HclTree, field: string): number | undefined {
  const value = textField(tree, field);
  if (value === '') return undefined;
  const found = instant(value);
  if (found !== undefined) return found;
  throw wrong(tree, field, 'a time such as "2027-01-01T00:00:00Z"');
}

export function integer(tree: HclTree, field: string): number {
  if (tree.kind === 'number' || (tree.kind === 'string' && /^[+-]?(?:0x[0-9a-f]+|\d+)$/i.test(tree.text))) {
    const value = Number(plainNumber({ ...tree, kind: 'number' }));
    if (Number.isSafeInteger(value)) return value;
  }
  throw wrong(tree, field, 'a whole number');
}

/** Adds what one attribute or block says to what earlier ones of the same name said, as the servers do. */
export function parameters(
  { keys, value }: Item,
  field: string,
  earlier: ParameterValues = new Map(),
): ParameterValues {
  const extra = keys[1];
  if (extra) throw new PolicySyntaxError(`${field} takes no label`, extra);
  if (value.kind !== 'block') throw wrong(value, field, 'a map of parameter names to lists of values');
  const result = new Map(earlier);
  for (const item of value.items) {
    if (!item.keys[0]) continue;
    const name = foldedKey(item.keys[0].text);
    result.set(name, [...(result.get(name) ?? []), ...elements(item.value, `${field}.${name}`).map(plainValue)]);
  }
  return result;
}

/**
 * Both servers fold the names of one block in the order of a Go map, so which of two spellings stays is chance, anew
 * at each reading. The names of two blocks are folded before the blocks are joined, which is certain.
 *
 * @throws UnclearPolicyError at the second spelling.
 */
export function checkSpellings({ items }: Block, field: string): void {
  const spelled = new Map<string, string>();
  const maps = items.filter(({ keys }) => keys[0]?.text === field).map(({ value }) => value);
  for (const { keys } of maps.flatMap((value) => (value.kind === 'block' ? value.items : []))) {
    const [key] = keys;
    if (!key) continue;
    const earlier = spelled.get(foldedKey(key.text)) ?? key.text;
    if (earlier !== key.text)
      throw new UnclearPolicyError(
        `${field} has "${clipped(earlier)}" and "${clipped(key.text)}", which are one name to the servers, and which of the two counts is chance: write it once`,
        key,
      );
    spelled.set(foldedKey(key.text), key.text);
  }
}

/** A parameter name in lower case as Go writes it: character by character, and always one for one. */
export function foldedKey(name: string): string {
  return [...name].map((one) => (one === '\u0130' ? 'i' : one.toLowerCase())).join('');
}

function elements(value: HclTree, field: string): HclTree[] {
  if (value.kind === 'list') return value.items;
  throw wrong(value, field, 'a list, such as ["a", "b"]');
}

function wrong(at: At, field: string, wanted: string): PolicySyntaxError {
  return new PolicySyntaxError(`${field} must be ${wanted}`, at);
}
