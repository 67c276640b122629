import { escaped, firstUnseen, replaceUnseen } from '../model/unseen.ts';
import { scrub } from '../secret.ts';

const longestShown = 80;
const longestPart = 200;

/** The first character that may not stand in a recipe, and where in the text it stands. */
export function unprintableIn(text: string, kind: 'line' | 'block'): { character: string; index: number } | undefined {
  const marked = kind === 'line' ? text.replace(/[\t\n]/g, '\r') : text.replaceAll('\r', '\n');
  const found = firstUnseen(marked);
  return (
    found && { character: escaped(text.slice(found.index, found.index + found.character.length)), index: found.index }
  );
}

/** A path or name as it stands in the middle of a message. */
export function brief(text: string): string {
  return text.length > longestPart ? `${text.slice(0, longestPart)}…` : text;
}

/** Foreign text in double quotes, fit for a message: no secrets, nothing that cannot be seen, not too long. */
export function shown(value: unknown): string {
  const text = scrub(typeof value === 'object' ? 'a list or mapping' : String(value));
  const short = text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
  return `"${replaceUnseen(short, escaped).replace(/[\t\n]/g, escaped)}"`;
}
