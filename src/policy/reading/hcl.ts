import { scan, type Token, type TokenType } from './scan.ts';
import {
  type Block,
  clipped,
  type HclKey,
  type HclTree,
  type Item,
  type List,
  PolicySyntaxError,
  UnclearPolicyError,
} from './tree.ts';

/** Reads HCL version 1 as the servers' parser does. @throws PolicySyntaxError at the first mistake. */
export function readHcl(text: string): Block {
  const reader = new TokenReader(scan(text, false));
  const items = readItems(reader, 'end');
  return { kind: 'block', items, line: 1, column: 1 };
}

/** Blocks in blocks, and labels in a row: far more than any policy has, and far less than a stack holds. */
const deepest = 64;

/** The tokens of one text and how far they have been read. */
export class TokenReader {
  readonly #tokens: Token[];
  #next = 0;
  #depth = 0;

  constructor(tokens: Token[]) {
    this.#tokens = tokens;
  }

  peek(): Token {
    const token = this.#tokens[this.#next] ?? this.#tokens.at(-1);
    if (!token) throw new PolicySyntaxError('the policy is empty', { line: 1, column: 1 });
    return token;
  }

  take(): Token {
    const token = this.peek();
    this.#next += 1;
    return token;
  }

  takeIf(type: TokenType): boolean {
    if (this.peek().type !== type) return false;
    this.#next += 1;
    return true;
  }

  /** Reads what lies inside brackets. @throws UnclearPolicyError when it lies too deep. */
  inside<T>(opening: Token, read: () => T): T {
    this.#depth += 1;
    if (this.#depth > deepest) throw new UnclearPolicyError('this is nested too deeply', opening);
    const found = read();
    this.#depth -= 1;
    return found;
  }
}

export function unexpected(token: Token, wanted: string): PolicySyntaxError {
  const found = token.type === 'end' ? 'the policy ends' : `found ${clipped(token.raw.split('\n', 1)[0] ?? '')}`;
  return new PolicySyntaxError(`expected ${wanted}, ${found}`, token);
}

function readItems(reader: TokenReader, end: '}' | 'end'): Item[] {
  const items: Item[] = [];
  while (!reader.takeIf(end)) {
    items.push(readItem(reader));
    reader.takeIf(',');
  }
  return items;
}

function readItem(reader: TokenReader): Item {
  const keys: HclKey[] = [];
  for (;;) {
    const token = reader.take();
    if (keys.length > deepest) throw new UnclearPolicyError('this has too many labels', token);
    if (token.type === 'ident' || token.type === 'string') {
      keys.push({ text: token.text, raw: token.raw, line: token.line, column: token.column });
    } else if (token.type === '=' && keys.length === 1) {
      return { keys, assigned: true, value: readValue(reader) };
    } else if (token.type === '{' && keys.length > 0) {
      const at = { line: token.line, column: token.column };
      const items = reader.inside(token, () => readItems(reader, '}'));
      return { keys, assigned: false, value: { kind: 'block', items, ...at } };
    } else {
      throw unexpected(token, keys.length === 0 ? 'a key' : keys.length === 1 ? '"=" or "{"' : '"{"');
    }
  }
}

function readValue(reader: TokenReader): HclTree {
  const token = reader.take();
  const at = { line: token.line, column: token.column };
  switch (token.type) {
    case 'string':
    case 'number':
    case 'bool':
      return { kind: token.type, text: token.text, ...at };
    case '{':
      return { kind: 'block', items: reader.inside(token, () => readItems(reader, '}')), ...at };
    case '[':
      return reader.inside(token, () => readList(reader, token));
    default:
      throw unexpected(token, 'a value');
  }
}

/** Commas may be missing nowhere, but doubled and trailing ones are taken. */
function readList(reader: TokenReader, opening: Token): List {
  const items: HclTree[] = [];
  let comma = true;
  for (;;) {
    if (reader.takeIf(']')) return { kind: 'list', items, line: opening.line, column: opening.column };
    if (reader.takeIf(',')) {
      comma = true;
      continue;
    }
    if (!comma) throw unexpected(reader.peek(), '"," or "]"');
    items.push(readValue(reader));
    comma = false;
  }
}
