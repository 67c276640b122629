import { type At, PolicySyntaxError } from './tree.ts';

const simple: Record<string, number> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, '\\': 92, '"': 34 };
const plain = /[^"\\\n$]*/y;
const coded = /\\(?:([0-7]{3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/y;

/** The string that starts with the quote at `offset`: its value, and how it is written. */
export function stringToken(source: string, offset: number, json: boolean, at: At): { text: string; raw: string } {
  const bytes: Buffer[] = [];
  let index = offset + 1;
  while (index < source.length) {
    const character = source.charAt(index);
    if (character === '"') {
      return { text: Buffer.concat(bytes).toString('utf8'), raw: source.slice(offset, index + 1) };
    }
    if (character === '\n') break;
    if (character === '\\') {
      const { value, length } = escaped(source, index, at, offset);
      bytes.push(value);
      index += length;
      continue;
    }
    const piece =
      !json && source.startsWith('${', index) ? interpolation(source, index, at, offset) : plainRun(source, index);
    if (piece === '') break;
    bytes.push(Buffer.from(piece, 'utf8'));
    index += piece.length;
  }
  throw new PolicySyntaxError('the string is not closed on its line', at);
}

/**
 * Inside `${…}` HCL takes everything as it is, quotes and line ends included, but wants escapes to be good ones.
 * '' when the braces do not close.
 */
function interpolation(source: string, start: number, at: At, offset: number): string {
  let braces = 0;
  let index = start;
  while (index < source.length) {
    const character = source.charAt(index);
    if (character === '{') braces += 1;
    if (character === '}') {
      braces -= 1;
      if (braces === 0) return source.slice(start, index + 1);
    }
    index += character === '\\' ? escaped(source, index, at, offset).length : 1;
  }
  return '';
}

/** What means nothing but itself, in one piece; at least the character at `index`. */
function plainRun(source: string, index: number): string {
  plain.lastIndex = index + 1;
  return source.charAt(index) + (plain.exec(source)?.[0] ?? '');
}

function escaped(source: string, index: number, at: At, offset: number): { value: Buffer; length: number } {
  const short = simple[source.charAt(index + 1)];
  if (short !== undefined) return { value: Buffer.of(short), length: 2 };
  coded.lastIndex = index;
  const [text, octal, hex, short16, long32] = coded.exec(source) ?? [];
  const byte = octal ? Number.parseInt(octal, 8) : hex ? Number.parseInt(hex, 16) : undefined;
  if (text && byte !== undefined && byte < 256) return { value: Buffer.of(byte), length: text.length };
  const point = Number.parseInt(short16 ?? long32 ?? '', 16);
  if (text && point <= 0x10ffff)
    return { value: Buffer.from(String.fromCodePoint(point), 'utf8'), length: text.length };
  throw new PolicySyntaxError(`\\${source.charAt(index + 1)} is no escape of the policy language`, {
    line: at.line,
    column: at.column + index - offset,
  });
}
