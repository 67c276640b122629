import { scrub } from '../secret.ts';

/** What a terminal or a log would obey instead of show: control characters, line separators, bidirectional overrides. */
const unprintable = /[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u;
const unprintableInBlock = /(?![\t\n\r])[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u;

const longestShown = 80;

/** The first character that may not stand in a recipe, and where in the text it stands. */
export function unprintableIn(text: string, kind: 'line' | 'block'): { character: string; index: number } | undefined {
  const found = (kind === 'line' ? unprintable : unprintableInBlock).exec(text);
  return found ? { character: codePoint(found[0]), index: found.index } : undefined;
}

/** Foreign text in double quotes, fit for a message: no secrets, no control characters, not too long. */
export function shown(value: unknown): string {
  const text = scrub(typeof value === 'object' ? 'a list or mapping' : String(value));
  const short = text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
  return `"${[...short].map((one) => (unprintable.test(one) ? codePoint(one) : one)).join('')}"`;
}

function codePoint(character: string): string {
  return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
}
