/** A recipe as plain data while it is being made: the same keys, and none of them required. */
export type Tree = Record<string, unknown>;

/** Where in a recipe something stands. */
export type TreePath = readonly (string | number)[];

export function valueIn(tree: unknown, path: TreePath): unknown {
  return path.reduce<unknown>(
    (part, step) => (typeof part === 'object' && part !== null ? Reflect.get(part, step) : undefined),
    tree,
  );
}

/** Text, number or boolean as text; undefined for anything else. */
export function textIn(tree: Tree, path: TreePath): string | undefined {
  const value = valueIn(tree, path);
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : undefined;
}

export function textsIn(tree: Tree, path: TreePath): string[] {
  const value = valueIn(tree, path);
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

/** A copy with this value in place; `undefined` takes it out. Lists grow at their end only. */
export function withValue(tree: Tree, path: TreePath, value: unknown): Tree {
  return placed(tree, path, value) as Tree;
}

function placed(part: unknown, [step, ...rest]: TreePath, value: unknown): unknown {
  if (step === undefined) return value;
  const inner = placed(valueIn(part, [step]), rest, value);
  if (typeof step === 'number') {
    const list = Array.isArray(part) ? [...part] : [];
    list[Math.min(step, list.length)] = inner;
    return list;
  }
  const { [step]: _old, ...others } = isTree(part) ? part : {};
  if (inner === undefined) return others;
  return isTree(part) ? { ...part, [step]: inner } : { [step]: inner };
}

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
