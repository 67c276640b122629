/**
 * Levels of nesting that an answer may have. The deepest that either system sends (the managed fields of an object) has
 * about ten; what walks an answer recursively must not be brought down by one.
 */
export const deepest = 64;

/** A value, or what is odd about the text, in words that hold nothing of it. */
export type ParsedJson = { value: unknown } | { odd: string };

/** JSON of somebody else's, within the limit of depth. Never throws. */
export function parseJson(text: string): ParsedJson {
  if (isDeeper(text, deepest)) return { odd: `it is nested deeper than ${deepest} levels` };
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { odd: text.trim() === '' ? 'it is empty' : 'it is not JSON' };
  }
}

/** The same where only an object is of use; undefined for all else. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  const parsed = parseJson(text);
  return 'value' in parsed && isObject(parsed.value) ? parsed.value : undefined;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One pass over the text; brackets inside of strings do not count. */
function isDeeper(text: string, most: number): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === quote) at = endOfString(text, at);
    else if (char === openBracket || char === openBrace) depth++;
    else if (char === closeBracket || char === closeBrace) depth--;
    if (depth > most) return true;
  }
  return false;
}

const [quote, backslash] = [0x22, 0x5c];
const [openBracket, closeBracket, openBrace, closeBrace] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Where the closing quote stands, or the end of the text. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end;
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0;
  while (text.charCodeAt(at - 1 - slashes) === backslash) slashes++;
  return slashes % 2 === 1;
}
