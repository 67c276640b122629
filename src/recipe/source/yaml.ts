import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  parseDocument,
  type Range,
  Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { Code } from '../../codes.ts';
import type { Problem } from '../../errors.ts';
import { hasSecretShape } from '../../secret.ts';
import { shown, unprintableIn } from '../text.ts';
import { type Environment, expand } from './environment.ts';
import { type Path, type Place, pathText, positionAt, type Text, textOf } from './place.ts';

/** What a file says, with the place of each part. */
export interface Parsed {
  /** Empty when it is not readable. */
  value: Record<string, unknown>;
  place: Place;
  problems: Problem[];
  /** False: the text is no YAML mapping, so what is in it means little. */
  readable: boolean;
}

/** Aliases make a small text large: these bound what they may add. */
const limits = { nodes: 50_000, characters: 8_000_000, depth: 32 };

interface Walk {
  source: Text;
  environment: Environment;
  anchors: Map<string, Node>;
  problems: Problem[];
  /** Aliases that are being followed. */
  following: number;
  /** Nodes and characters of text read through aliases. */
  nodes: number;
  characters: number;
}

class TooLarge extends Error {}

/** YAML 1.2 core, one document, no merge keys, no tags, keys once. */
export function parseYaml(file: string, text: string, environment: Environment): Parsed {
  const source = textOf(file, text);
  const place: Place = { source, offset: 0, key: 0, children: new Map() };
  const walk: Walk = { source, environment, anchors: new Map(), problems: [], following: 0, nodes: 0, characters: 0 };
  const document = parse(text);
  if (typeof document === 'string') return broken(place, walk, document);
  const faults = [...document.errors, ...document.warnings];
  for (const fault of faults) say(walk, 'recipe-syntax', fault.pos[0], sentence(fault.code, fault.message));
  if (faults.length > 0) return { value: {}, place, problems: walk.problems, readable: false };
  if (!document.contents) return broken(place, walk, 'the file is empty', 'recipe-value');
  if (!isMap(document.contents))
    return broken(place, walk, 'a recipe is a mapping of keys (version, name, auth, …)', 'recipe-value');
  try {
    const value = convertMap(document.contents, place, [], walk);
    return { value, place, problems: walk.problems, readable: true };
  } catch (error) {
    if (error instanceof TooLarge) return broken(place, walk, error.message);
    throw error;
  }
}

function parse(text: string): Document.Parsed | string {
  try {
    return parseDocument(text, {
      prettyErrors: false,
      uniqueKeys: false,
      stringKeys: true,
      resolveKnownTags: false,
      logLevel: 'error',
    });
  } catch (error) {
    if (error instanceof RangeError) return 'the YAML is nested too deeply';
    throw error;
  }
}

function broken(place: Place, walk: Walk, message: string, code: Code = 'recipe-syntax'): Parsed {
  const problems = [...walk.problems, problem(walk, code, place.offset, message)];
  return { value: {}, place, problems, readable: false };
}

function sentence(code: string, message: string): string {
  if (code === 'MULTIPLE_DOCS') return 'a recipe is one YAML document; put further ones into files of their own';
  if (code === 'TAB_AS_INDENT') return 'a tab indents this line; YAML takes spaces only';
  if (code === 'TAG_RESOLVE_FAILED') return 'recipes know no YAML tags';
  return `not valid YAML: ${shown(message).slice(1, -1)}`;
}

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

function convertMap(node: YAMLMap, place: Place, path: Path, walk: Walk): Record<string, unknown> {
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

function convertScalar(node: Scalar, place: Place, path: Path, walk: Walk): unknown {
  if (typeof node.value !== 'string') return node.value;
  if (walk.following > 0) walk.characters += node.value.length;
  if (node.type === Scalar.BLOCK_LITERAL) markBlock(node, place);
  const fault = (code: Code, message: string) => {
    place.faulty = true;
    say(walk, code, place.offset, `${pathText(path)}: ${message}`);
  };
  const text = expand(node.value, walk.environment, path[0] === 'policies', (message) => fault('recipe-env', message));
  const found = unprintableIn(text, holdsLines(path) ? 'block' : 'line');
  if (hasSecretShape(text))
    fault('recipe-value', 'this looks like a token or a private key; none may stand in a recipe');
  else if (found?.character === '\\u000a') fault('recipe-value', 'this value must be one line');
  else if (found) fault('recipe-value', `the text holds the control character ${found.character}`);
  return text;
}

/** Only these may have several lines. */
function holdsLines(path: Path): boolean {
  return path.includes('hcl') || path.includes('pem_keys') || path.includes('bound_service_account_namespace_selector');
}

/** Finds where the lines of a `|` block begin, so that a mistake inside can be shown on its own line. */
function markBlock(node: Scalar, place: Place): void {
  const { text } = place.source;
  const content = text.indexOf('\n', place.offset) + 1;
  if (content === 0 || typeof node.value !== 'string') return;
  const firstLine = /^.*\S.*$/m.exec(text.slice(content))?.[0] ?? '';
  const firstOfValue = /^.*\S.*$/m.exec(node.value)?.[0] ?? '';
  place.block = { offset: content, indent: Math.max(0, firstLine.trimEnd().length - firstOfValue.trimEnd().length) };
}

function isNode(value: unknown): value is Node {
  return isAlias(value) || isScalar(value) || isMap(value) || isSeq(value);
}

function startOf(node: unknown): number | undefined {
  const range = (node as { range?: Range | null } | null | undefined)?.range;
  return range ? range[0] : undefined;
}

function say(walk: Walk, code: Code, offset: number, message: string): void {
  walk.problems.push(problem(walk, code, offset, message));
}

function problem(walk: Walk, code: Code, offset: number, message: string): Problem {
  return { code, subject: walk.source.file, message, at: positionAt(walk.source, offset) };
}
