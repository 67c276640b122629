import { instant, seconds } from './duration.ts';
import type { ParameterValues } from './rule.ts';
import { type At, type Item, PolicySyntaxError, plain, plainNumber, type Tree } from './tree.ts';

/** The value of a field that the servers decode as text. @throws PolicySyntaxError */
export function text(tree: Tree, field: string): string {
  if (tree.kind === 'string' || tree.kind === 'number') return tree.text;
  throw wrong(tree, field, 'a string');
}

export function texts(tree: Tree, field: string): string[] {
  return elements(tree, field).map((element) => text(element, `every element of ${field}`));
}

export function duration(tree: Tree, field: string): number {
  if (tree.kind === 'string' || tree.kind === 'number') {
    const value = seconds(tree.kind === 'string' ? tree.text : plainNumber(tree));
    if (value !== undefined) return value;
  }
  throw wrong(tree, field, 'a duration such as "90s" or 90');
}

export function time(tree: Tree, field: string): number | undefined {
  const value = text(tree, field);
  if (value === '') return undefined;
  const found = instant(value);
  if (found !== undefined) return found;
  throw wrong(tree, field, 'a time such as "2027-01-01T00:00:00Z"');
}

export function integer(tree: Tree, field: string): number {
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
    const name = item.keys[0]?.text.toLowerCase();
    if (name === undefined) continue;
    result.set(name, [...(result.get(name) ?? []), ...elements(item.value, `${field}.${name}`).map(plain)]);
  }
  return result;
}

function elements(value: Tree, field: string): Tree[] {
  if (value.kind === 'list') return value.items;
  throw wrong(value, field, 'a list, such as ["a", "b"]');
}

function wrong(at: At, field: string, wanted: string): PolicySyntaxError {
  return new PolicySyntaxError(`${field} must be ${wanted}`, at);
}
