/** Line and column count from 1, the column in UTF-16 units as editors show it. */
export interface At {
  line: number;
  column: number;
}

/** What a policy text says before anything is known about policies: HCL version 1, or its JSON form. */
export type HclTree = Scalar | List | Block;

/** `text` is the value for strings, the digits as written for numbers. */
export interface Scalar extends At {
  kind: 'string' | 'number' | 'bool';
  text: string;
}

export interface List extends At {
  kind: 'list';
  items: HclTree[];
}

export interface Block extends At {
  kind: 'block';
  items: Item[];
}

/** `key = value`, `key { … }` or `key "label" { … }`. The same key may come again. */
export interface Item {
  keys: HclKey[];
  /** Written with `=`; false for a block and for JSON. */
  assigned: boolean;
  value: HclTree;
}

export interface HclKey extends At {
  text: string;
  /** As written, quotes included: Vault tells duplicates apart by it. */
  raw: string;
}

/** A block, list or scalar as plain data, labels as nested maps. Maps, since a key may be `__proto__`. */
export type Plain = string | number | boolean | Plain[] | Map<string, Plain>;

/** Foreign text in a message: the beginning is enough to find it. */
export function clipped(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

export class PolicySyntaxError extends Error {
  readonly at: At;

  constructor(message: string, at: At) {
    super(message);
    this.name = 'PolicySyntaxError';
    this.at = { line: at.line, column: at.column };
  }
}

/** The text is not read alike, for certain, by us and by both servers: nothing is said of what it means. */
export class UnclearPolicyError extends PolicySyntaxError {}

export function plainValue(tree: HclTree): Plain {
  switch (tree.kind) {
    case 'string':
      return tree.text;
    case 'bool':
      return tree.text === 'true';
    case 'list':
      return tree.items.map(plainValue);
    case 'block':
      return plainBlock(tree);
    default:
      return plainNumber(tree);
  }
}

/** As Go reads an integer of base 0: `0x1f`, `017`, `-5`. */
export function plainNumber({ text }: Scalar): number {
  const sign = text.startsWith('-') ? -1 : 1;
  const digits = text.replace('-', '');
  return sign * (/^0\d/.test(digits) ? Number.parseInt(digits, 8) : Number(digits));
}

function plainBlock(block: Block): Plain {
  const result = new Map<string, Plain>();
  for (const { keys, value } of block.items) {
    const [first, ...rest] = keys;
    if (!first) continue;
    const inner = rest.reduceRight<Plain>((held, { text }) => new Map([[text, held]]), plainValue(value));
    result.set(first.text, joined(result.get(first.text), inner));
  }
  return result;
}

function joined(held: Plain | undefined, more: Plain): Plain {
  if (!(held instanceof Map) || !(more instanceof Map)) return more;
  const result = new Map(held);
  for (const [key, value] of more) result.set(key, joined(result.get(key), value));
  return result;
}
