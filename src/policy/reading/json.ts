import { TokenReader, unexpected } from './hcl.ts';
import { scan, type Token } from './scan.ts';
import type { Block, HclTree, Item, List } from './tree.ts';

/**
 * Reads the JSON form. The servers forgive unclosed braces and text behind the end; this reader does not, since such
 * a policy was cut off or glued together. @throws PolicySyntaxError at the first mistake.
 */
export function readJson(text: string): Block {
  const reader = new TokenReader(scan(text, true));
  const block = readBlock(reader, expect(reader, '{'));
  expect(reader, 'end');
  return unfold(block);
}

function expect(reader: TokenReader, type: Token['type']): Token {
  const token = reader.take();
  if (token.type !== type) throw unexpected(token, type === 'end' ? 'nothing more' : `"${type}"`);
  return token;
}

function readBlock(reader: TokenReader, { line, column }: Token): Block {
  const items: Item[] = [];
  while (!reader.takeIf('}')) {
    if (items.length > 0) expect(reader, ',');
    if (items.length > 0 && reader.takeIf('}')) break;
    const { text, raw, ...at } = expect(reader, 'string');
    expect(reader, ':');
    items.push({ keys: [{ text, raw, line: at.line, column: at.column }], assigned: false, value: readValue(reader) });
  }
  return { kind: 'block', items, line, column };
}

function readValue(reader: TokenReader): HclTree {
  const token = reader.take();
  const { type, text, line, column } = token;
  if (type === '{') return reader.inside(token, () => readBlock(reader, token));
  if (type === '[') return reader.inside(token, () => readList(reader, token));
  if (type === 'string' || type === 'number' || type === 'bool') return { kind: type, text, line, column };
  throw unexpected(token, 'a value');
}

function readList(reader: TokenReader, { line, column }: Token): List {
  const items: HclTree[] = [];
  let comma = true;
  while (!reader.takeIf(']')) {
    if (reader.takeIf(',')) comma = true;
    else {
      if (!comma) throw unexpected(reader.peek(), '"," or "]"');
      const value = readValue(reader);
      // The servers drop booleans from lists of the JSON form, so [true] means the empty list.
      if (value.kind !== 'bool') items.push(value);
      comma = false;
    }
  }
  return { kind: 'list', items, line, column };
}

/**
 * `"path": {"a": {…}, "b": {…}}` and `"path": [{"a": {…}}]` become `path "a" {…}` and `path "b" {…}`: wherever all
 * values of an object are objects, their keys become labels. The servers do this to every object, so to ours as well.
 */
function unfold(block: Block): Block {
  const items = block.items.flatMap(unfoldItem);
  return { ...block, items: items.map((item) => ({ ...item, value: deeper(item.value) })) };
}

function unfoldItem(item: Item): Item[] {
  const { value } = item;
  if (value.kind === 'list' && value.items.length > 0 && value.items.every(({ kind }) => kind === 'block')) {
    return value.items.flatMap((element) => unfoldItem({ ...item, value: element }));
  }
  if (value.kind === 'block' && value.items.length > 0 && value.items.every((inner) => inner.value.kind === 'block')) {
    return value.items.flatMap((inner) => unfoldItem({ ...inner, keys: [...item.keys, ...inner.keys] }));
  }
  return [item];
}

function deeper(value: HclTree): HclTree {
  if (value.kind === 'block') return unfold(value);
  if (value.kind === 'list') return { ...value, items: value.items.map(deeper) };
  return value;
}
