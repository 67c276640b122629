import { isMap } from 'yaml';
import type { Code } from '../../codes.ts';
import type { Problem } from '../../errors.ts';
import { shown } from '../text.ts';
import { type Bounded, parseBounded, TooMuch } from './bounded-yaml.ts';
import type { RecipeEnvironment } from './environment.ts';
import { convertMap, TooLarge } from './nodes.ts';
import { type Place, textOf } from './place.ts';
import { problem, say, type Walk } from './walk.ts';

/** What a file says, with the place of each part. */
export interface ParsedYaml {
  /** Empty when it is not readable. */
  value: Record<string, unknown>;
  place: Place;
  problems: Problem[];
  /** False: the text is no YAML mapping, so what is in it means little. */
  readable: boolean;
}

const oneDocument = 'a recipe is one YAML document; put further ones into files of their own';
const aRecipe = 'a recipe is a mapping of keys (version, name, auth, …)';

/**
 * YAML 1.2 core, one document, no merge keys, no tags, keys once.
 *
 * @param noMapping What to say when it is something else than a mapping.
 */
export function parseYaml(file: string, text: string, environment: RecipeEnvironment, noMapping = aRecipe): ParsedYaml {
  const source = textOf(file, text);
  const place: Place = { source, offset: 0, key: 0, children: new Map() };
  const walk: Walk = { source, environment, anchors: new Map(), problems: [], following: 0, nodes: 0, characters: 0 };
  const parsed = parse(text);
  if (typeof parsed === 'string') return broken(place, walk, parsed);
  const { document, second } = parsed;
  const faults = [...(document?.errors ?? []), ...(document?.warnings ?? [])];
  for (const fault of faults) say(walk, 'recipe-syntax', fault.pos[0], sentence(fault.code, fault.message));
  if (second !== undefined) say(walk, 'recipe-syntax', second, oneDocument);
  if (walk.problems.length > 0) return { value: {}, place, problems: walk.problems, readable: false };
  if (!document) return broken(place, walk, 'the file is empty', 'recipe-value');
  if (!document.contents) return broken(place, walk, 'the file is empty', 'recipe-value');
  if (!isMap(document.contents)) return broken(place, walk, noMapping, 'recipe-value');
  try {
    const value = convertMap(document.contents, place, [], walk);
    return { value, place, problems: walk.problems, readable: true };
  } catch (error) {
    if (error instanceof TooLarge) return broken(place, walk, error.message);
    throw error;
  }
}

function parse(text: string): Bounded | string {
  try {
    return parseBounded(text);
  } catch (error) {
    if (error instanceof TooMuch) return error.message;
    if (error instanceof RangeError) return 'the YAML is nested too deeply';
    throw error;
  }
}

function broken(place: Place, walk: Walk, message: string, code: Code = 'recipe-syntax'): ParsedYaml {
  const problems = [...walk.problems, problem(walk, code, place.offset, message)];
  return { value: {}, place, problems, readable: false };
}

function sentence(code: string, message: string): string {
  if (code === 'TAB_AS_INDENT') return 'a tab indents this line; YAML takes spaces only';
  if (code === 'TAG_RESOLVE_FAILED') return 'recipes know no YAML tags';
  return `not valid YAML: ${shown(message).slice(1, -1)}`;
}
