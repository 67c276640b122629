import { isAlias, isMap, isPair, isScalar, isSeq, type Node, type Range, type YAMLMap, type YAMLSeq } from 'yaml';
import { shown } from '../text.ts';
import { type Path, type Place, positionAt } from './place.ts';
import { convertScalar } from './scalar.ts';
import { say, type Walk } from './walk.ts';

/** Aliases make a small text large: these bound what they may add. */
const limits = { nodes: 50_000, characters: 8_000_000, depth: 32 };

export class TooLarge extends Error {}

function convert(node: Node, place: Place, path: Path, walk: Walk): unknown {
  if (walk.following > 0) walk.nodes += 1;
  if (walk.nodes > limits.nodes || walk.characters > limits.characters)
    throw new TooLarge('the recipe becomes too large; its aliases repeat too much');
  if (path.length > limits.depth) throw new TooLarge('the YAML is nested too deeply');
  if (isAlias(node)) return convertAlias(node.source, place, path, walk);
  if (node.anchor) walk.anchors.set(node.anchor, node);
  if (node.tag && !node.tag.startsWith('tag:yaml.org,2002:'))
    say(walk, 'recipe-syntax', place.offset, 'recipes know no YAML tags');
  if (isMap(node)) return convertMap(node, place, path, walk);
  if (isSeq(node)) return convertList(node, place, path, walk);
  return isScalar(node) ? convertScalar(node, place, path, walk) : undefined;
}

function convertAlias(name: string, place: Place, path: Path, walk: Walk): unknown {
  const target = walk.anchors.get(name);
  if (target) {
    walk.following += 1;
    const value = convert(target, place, path, walk);
    walk.following -= 1;
    return value;
  }
  place.faulty = true;
  say(walk, 'recipe-syntax', place.offset, `no anchor ${shown(name)} stands before this alias`);
  return null;
}

function convertList(node: YAMLSeq, place: Place, path: Path, walk: Walk): unknown[] {
  return node.items.map((item, index) => {
    const offset = startOf(item) ?? place.offset;
    const child: Place = { source: walk.source, offset, key: offset, children: new Map() };
    place.children.set(index, child);
    return isNode(item) ? convert(item, child, [...path, index], walk) : null;
  });
}

/** A mapping as a plain object; `place` gets the places of its parts. */
export function convertMap(node: YAMLMap, place: Place, path: Path, walk: Walk): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  for (const pair of node.items) {
    if (!isPair(pair) || !isScalar(pair.key)) continue;
    const name = String(pair.key.value);
    const key = startOf(pair.key) ?? place.offset;
    if (!acceptKey(name, key, place, walk)) continue;
    const child: Place = { source: walk.source, offset: startOf(pair.value) ?? key, key, children: new Map() };
    place.children.set(name, child);
    value[name] = isNode(pair.value) ? convert(pair.value, child, [...path, name], walk) : null;
  }
  return value;
}

function acceptKey(name: string, offset: number, place: Place, walk: Walk): boolean {
  const first = place.children.get(name);
  if (name === '<<') say(walk, 'recipe-syntax', offset, 'recipes know no merge keys (<<); write the keys out');
  else if (name === '__proto__') say(walk, 'recipe-unknown-key', offset, 'unknown key "__proto__"');
  else if (first) {
    const { line } = positionAt(first.source, first.key);
    say(
      walk,
      'recipe-duplicate',
      offset,
      `the key ${shown(name)} stands here a second time; the first is on line ${line}`,
    );
  } else return true;
  return false;
}

function isNode(value: unknown): value is Node {
  return isAlias(value) || isScalar(value) || isMap(value) || isSeq(value);
}

function startOf(node: unknown): number | undefined {
  const range = (node as { range?: Range | null } | null | undefined)?.range;
  return range ? range[0] : undefined;
}
