import { heredocValue, stringToken } from './strings.ts';
import { type At, PolicySyntaxError } from './tree.ts';

export type TokenType = 'ident' | 'string' | 'number' | 'float' | 'bool' | 'end' | Mark;
type Mark = '{' | '}' | '[' | ']' | ',' | '=' | ':';

export interface Token extends At {
  type: TokenType;
  /** The value of a string or heredoc; what is written for all others. */
  text: string;
  raw: string;
}

const blank = /[ \t\r\n]+/y;
const comment = /#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\//y;
const word = /[A-Za-z_\p{L}][\p{L}\p{Nd}_.-]*/uy;
const numeral = /-?(?:0[xX][0-9a-fA-F]+|\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)|\.\d+(?:[eE][+-]?\d+)?/y;
const heredoc = /<<(-?)([\p{L}\p{Nd}_]+)\n/uy;

/** Splits HCL, or with `json` its JSON form, into tokens; comments are dropped. The last token is `end`. */
export function scan(text: string, json: boolean): Token[] {
  const tokens: Token[] = [];
  const starts = lineStarts(text);
  let offset = 0;
  for (;;) {
    offset += match(blank, text, offset).length;
    const skipped = json ? '' : match(comment, text, offset);
    if (skipped) {
      offset += skipped.length;
      continue;
    }
    const at = position(starts, offset);
    const token = next(text, offset, json, at);
    tokens.push({ ...token, ...at });
    if (token.type === 'end') return tokens;
    offset += token.raw.length;
  }
}

type Bare = Omit<Token, keyof At>;

function next(text: string, offset: number, json: boolean, at: At): Bare {
  if (offset >= text.length) return { type: 'end', text: '', raw: '' };
  const first = text.charAt(offset);
  if (first === '"') return { type: 'string', ...stringToken(text, offset, json, at) };
  if (first === '<' && !json) return heredocToken(text, offset, at);
  const letters = match(word, text, offset);
  if (letters) return wordToken(letters, json, at);
  const digits = match(numeral, text, offset);
  if (digits) return numberToken(digits, at);
  if (isMark(first, json)) return { type: first, text: first, raw: first };
  throw new PolicySyntaxError(complaint(text, offset), at);
}

function wordToken(letters: string, json: boolean, at: At): Bare {
  if (letters === 'true' || letters === 'false') return { type: 'bool', text: letters, raw: letters };
  if (!json) return { type: 'ident', text: letters, raw: letters };
  // The servers read a JSON null as the empty string.
  if (letters === 'null') return { type: 'string', text: '', raw: letters };
  throw new PolicySyntaxError(`"${letters}" stands without quotes`, at);
}

function numberToken(digits: string, at: At): Bare {
  if (/^-?0\d/.test(digits) && /^-?\d*[89]\d*$/.test(digits)) {
    throw new PolicySyntaxError(`${digits} starts with 0, so it is octal, and is no octal number`, at);
  }
  const float = !/[xX]/.test(digits) && /[.eE]/.test(digits);
  return { type: float ? 'float' : 'number', text: digits, raw: digits };
}

function heredocToken(text: string, offset: number, at: At): Bare {
  heredoc.lastIndex = offset;
  const [opening, indented, anchor = ''] = heredoc.exec(text) ?? [];
  if (!opening) throw new PolicySyntaxError('a heredoc starts with << and a name alone at the end of its line', at);
  const start = offset + opening.length;
  const ending = new RegExp(`^([ \\t]*)${anchor}\\n`, 'my');
  for (let line = start; line < text.length; line = text.indexOf('\n', line) + 1) {
    ending.lastIndex = line;
    const [closing, indent = ''] = ending.exec(text) ?? [];
    if (closing) {
      const body = text.slice(start, line);
      const raw = text.slice(offset, line + closing.length);
      return { type: 'string', text: heredocValue(body, indent, indented === '-'), raw };
    }
    if (!text.includes('\n', line)) break;
  }
  throw new PolicySyntaxError(`the heredoc has no line with ${anchor} alone to end it`, at);
}

function isMark(character: string, json: boolean): character is Mark {
  return '{}[],'.includes(character) || character === (json ? ':' : '=');
}

function complaint(text: string, offset: number): string {
  if (text.startsWith('/*', offset)) return 'the comment is not closed with */';
  return `unexpected character ${JSON.stringify(String.fromCodePoint(text.codePointAt(offset) ?? 0))}`;
}

function match(pattern: RegExp, text: string, offset: number): string {
  pattern.lastIndex = offset;
  return pattern.exec(text)?.[0] ?? '';
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let index = text.indexOf('\n'); index >= 0; index = text.indexOf('\n', index + 1)) starts.push(index + 1);
  return starts;
}

function position(starts: number[], offset: number): At {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
}
