import { oddCharacter } from './odd-characters.ts';
import { stringToken } from './strings.ts';
import { type At, clipped, PolicySyntaxError, UnclearPolicyError } from './tree.ts';

export type TokenType = 'ident' | 'string' | 'number' | 'bool' | 'end' | Mark;
type Mark = '{' | '}' | '[' | ']' | ',' | '=' | ':';

export interface Token extends At {
  type: TokenType;
  /** The value of a string; what is written for all others. */
  text: string;
  raw: string;
  /** Of `raw` in the text, in UTF-16 units. */
  offset: number;
}

const blank = /[ \t\r\n]+/y;
const comment = /#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\//y;
const word = /[A-Za-z_\p{L}][\p{L}\p{Nd}_.-]*/uy;
const plainWord = /^[A-Za-z0-9_.-]+$/;
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
    tokens.push({ ...token, ...at, offset });
    if (token.type === 'end') return tokens;
    offset += token.raw.length;
  }
}

type Bare = Omit<Token, keyof At | 'offset'>;

function next(text: string, offset: number, json: boolean, at: At): Bare {
  if (offset >= text.length) return { type: 'end', text: '', raw: '' };
  const first = text.charAt(offset);
  if (first === '"') return clearString(stringToken(text, offset, json, at), at);
  if (first === '<' && !json) return refuseHeredoc(text, offset, at);
  const letters = match(word, text, offset);
  if (letters) return wordToken(letters, json, at);
  const digits = match(numeral, text, offset);
  if (digits) return numberToken(digits, at);
  if (isMark(first, json)) return { type: first, text: first, raw: first };
  throw new PolicySyntaxError(complaint(text, offset), at);
}

/** Law: an escape says no more than the character itself could. */
function clearString({ text, raw }: Pick<Bare, 'text' | 'raw'>, at: At): Bare {
  const odd = oddCharacter(text);
  if (odd) throw new UnclearPolicyError(`the string comes to ${odd.name}, which not everybody reads alike`, at);
  return { type: 'string', text, raw };
}

function wordToken(letters: string, json: boolean, at: At): Bare {
  if (letters === 'true' || letters === 'false') return { type: 'bool', text: letters, raw: letters };
  // Which letters there are beyond these depends on a server's version of Unicode.
  if (!plainWord.test(letters))
    throw new UnclearPolicyError(`${clipped(letters)} stands without quotes: put it into quotes`, at);
  if (!json) return { type: 'ident', text: letters, raw: letters };
  // The servers read a JSON null as the empty string.
  if (letters === 'null') return { type: 'string', text: '', raw: letters };
  throw new PolicySyntaxError(`"${clipped(letters)}" stands without quotes`, at);
}

function numberToken(digits: string, at: At): Bare {
  if (/^-?0\d/.test(digits) && /^-?\d*[89]\d*$/.test(digits)) {
    throw new PolicySyntaxError(`${clipped(digits)} starts with 0, so it is octal, and is no octal number`, at);
  }
  const float = !/[xX]/.test(digits) && /[.eE]/.test(digits);
  if (float || !Number.isSafeInteger(Number(digits)))
    throw new UnclearPolicyError(
      `${clipped(digits)} is rounded by some readers: write a whole number, or text in quotes`,
      at,
    );
  return { type: 'number', text: digits, raw: digits };
}

/** What is refused for certain is a mistake; the rest of them the two of us could read in two ways. */
function refuseHeredoc(text: string, offset: number, at: At): never {
  heredoc.lastIndex = offset;
  const [opening, indented = '', anchor = ''] = heredoc.exec(text) ?? [];
  if (!opening) throw new PolicySyntaxError('a heredoc starts with << and a name alone at the end of its line', at);
  const least = Buffer.byteLength(indented + anchor);
  for (let line = offset + opening.length; line < text.length; ) {
    const end = text.indexOf('\n', line);
    if (end === -1) break;
    const written = text.slice(line, end);
    // The servers count the dash with the name, and want the closing line to be as long.
    if (written.trimStart() === anchor && Buffer.byteLength(written) >= least)
      throw new UnclearPolicyError('a heredoc is not read alike by everybody: write a string in double quotes', at);
    line = end + 1;
  }
  const name = clipped(anchor);
  const where = indented ? `${name} alone and indented by a blank or more` : `${name} alone`;
  throw new PolicySyntaxError(`the heredoc has no line with ${where} to end it`, at);
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
