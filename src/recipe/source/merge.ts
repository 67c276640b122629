import type { Fix, Problem } from '../../errors.ts';
import { type Place, positionAt } from './place.ts';
import type { ParsedYaml } from './yaml.ts';

/** All files of a recipe as one value. */
export interface Merged {
  value: Record<string, unknown>;
  place: Place;
  problems: Problem[];
}

const lists = ['policies', 'roles', 'expect'];

/** Lists are joined in the order of the files; everything else stands in one file. `version` stands in each. */
export function merge(files: ParsedYaml[]): Merged {
  const [first] = files;
  if (!first) throw new Error('a recipe has at least one file');
  const merged: Merged = { value: {}, place: { ...first.place, children: new Map() }, problems: [] };
  for (const file of files) mergeFile(merged, file);
  return merged;
}

function mergeFile(merged: Merged, { value, place }: ParsedYaml): void {
  const later = merged.value['version'] !== undefined;
  if (later && value['version'] !== 1)
    say(
      merged,
      'version' in value ? 'recipe-value' : 'recipe-missing',
      place.children.get('version') ?? place,
      'version: must be 1 in each file',
    );
  for (const [key, part] of Object.entries(value)) {
    const at = place.children.get(key) ?? place;
    if (lists.includes(key)) mergeList(merged, key, part, at);
    else if (!merged.place.children.has(key)) put(merged, key, part, at);
    else if (key !== 'version') sayTwice(merged, key, at);
  }
}

function mergeList(merged: Merged, key: string, part: unknown, at: Place): void {
  const known = merged.value[key];
  if (!Array.isArray(part)) {
    const message = part === null ? 'is empty: give a list or remove the key' : 'is not a list';
    say(merged, 'recipe-value', at, `${key}: ${message}`);
  } else if (!Array.isArray(known)) put(merged, key, [...part], { ...at, children: new Map(at.children) });
  else {
    const children = merged.place.children.get(key)?.children;
    part.forEach((_, index) => {
      children?.set(known.length + index, at.children.get(index) ?? at);
    });
    for (const one of part) known.push(one);
  }
}

function put(merged: Merged, key: string, part: unknown, at: Place): void {
  merged.value[key] = part;
  merged.place.children.set(key, at);
}

function sayTwice(merged: Merged, key: string, at: Place): void {
  const first = merged.place.children.get(key);
  if (!first) return;
  const { file, line } = positionAt(first.source, first.key);
  say(
    merged,
    'recipe-duplicate',
    { ...at, offset: at.key },
    `${key} stands in one file only; it is in ${file}:${line} too`,
    merged.problems.some(({ fix }) => fix !== undefined) ? undefined : [oneRecipe],
  );
}

/** Said once, of the first mistake. */
const oneRecipe: Fix = {
  why: 'all files that are given, and all of a folder, make one recipe: give recipes of their own one by one',
};

function say(merged: Merged, code: Problem['code'], place: Place, message: string, fix?: Fix[]): void {
  const { source, offset } = place;
  merged.problems.push({ code, subject: source.file, message, at: positionAt(source, offset), ...(fix && { fix }) });
}
