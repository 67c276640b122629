import { LineCounter } from 'yaml';
import type { Position } from '../../errors.ts';
import { shown } from '../text.ts';

/** Way to a part of a recipe: `['roles', 0, 'token_ttl']`. */
export type Path = (string | number)[];

/** The text that a place stands in. */
export interface Text {
  /** As the user gave it to `-f`. */
  file: string;
  text: string;
  lines: LineCounter;
}

/** Where a value stands, and where its parts do, in the shape of the value itself. */
export interface Place {
  source: Text;
  /** Offset of the value. */
  offset: number;
  /** Offset of the key that the value stands under; the offset of the value in a list. */
  key: number;
  /** Set for a `|` block: offset of its first line of content, and how far all of it is indented. */
  block?: { offset: number; indent: number };
  children: Map<string | number, Place>;
  /** A mistake in the value was said already: nothing more is said about it. */
  faulty?: true;
}

/** Position of what stands at `path`; of the nearest part around it when it is not there. */
export function positionOf(root: Place, path: Path, part: 'key' | 'value' = 'value'): Position {
  let place = root;
  let whole = true;
  for (const step of path) {
    const next = place.children.get(step);
    if (!next) {
      whole = false;
      break;
    }
    place = next;
  }
  return positionAt(place.source, part === 'key' || !whole ? place.key : place.offset);
}

/** Counted here and not by the parser, which loses count in some broken texts. */
export function textOf(file: string, text: string): Text {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (const { index } of text.matchAll(/\n/g)) lines.addNewLine(index + 1);
  return { file, text, lines };
}

export function positionAt({ file, text, lines }: Text, offset: number): Position {
  const { line, col } = lines.linePos(Math.min(offset, text.length));
  return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
}

/** Position of a line and column inside a string of the recipe; of the string itself unless it is a `|` block. */
export function positionInside(place: Place, line: number, column: number): Position {
  const { block, source } = place;
  if (!block) return positionAt(source, place.offset);
  const first = positionAt(source, block.offset);
  return positionOnLine(source, first.line + line - 1, block.indent + column);
}

/** Never past the end of the line or of the text. */
export function positionOnLine(source: Text, line: number, column: number): Position {
  const { lines, text } = source;
  const start = lines.lineStarts[line - 1] ?? text.length;
  const end = (lines.lineStarts[line] ?? text.length + 1) - 1;
  return positionAt(source, Math.min(start + column - 1, Math.max(start, end)));
}

export function placeAt(root: Place, path: Path): Place | undefined {
  return path.reduce<Place | undefined>((place, step) => place?.children.get(step), root);
}

/** `roles[my-role].token_ttl`: list items by their name where they have one. */
export function pathText(path: Path, root?: unknown): string {
  let value = root;
  let text = '';
  for (const step of path) {
    value = partOf(value, step);
    if (typeof step === 'string') text += text === '' ? bare(step) : `.${bare(step)}`;
    else text += `[${bare(nameOf(value) ?? String(step))}]`;
  }
  return text;
}

export function valueAt(root: unknown, path: Path): unknown {
  return path.reduce(partOf, root);
}

function partOf(value: unknown, step: string | number): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, step)
    ? Reflect.get(value, step)
    : undefined;
}

function nameOf(value: unknown): string | undefined {
  const name = partOf(value, 'name') ?? partOf(value, 'role');
  return typeof name === 'string' ? name : undefined;
}

function bare(text: string): string {
  return shown(text).slice(1, -1);
}
