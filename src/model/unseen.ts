/**
 * The one set of characters that cannot be seen, steer a terminal, or make text look like other text: controls, marks
 * that turn or hide text, blanks without width, halves of pairs, what is no character. Not among them: tab and line
 * feed, the two joiners that scripts need, and the two selectors that make a sign an emoji or not.
 */
const unseen =
  /(?!\t|\n|\u200c|\u200d|\ufe0e|\ufe0f)[\p{Cc}\p{Cf}\p{Cs}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

const everyUnseen = new RegExp(unseen, 'gu');

/** Where in the text the first one stands, and which it is. */
export function firstUnseen(text: string): { character: string; index: number } | undefined {
  const found = unseen.exec(text);
  return found ? { character: found[0], index: found.index } : undefined;
}

/** The text with each of them made visible. */
export function replaceUnseen(text: string, by: (character: string) => string): string {
  return text.replace(everyUnseen, by);
}

/** The text on one line, with each of them shown as U+FFFD. */
export function oneLine(text: string): string {
  return replaceUnseen(text.replace(/\s+/g, ' '), () => '\ufffd').trim();
}

/** The same value with every text in it, keys too, changed. */
export function eachText<T>(value: T, change: (text: string) => string): T {
  const walk = (one: unknown): unknown => {
    if (typeof one === 'string') return change(one);
    if (Array.isArray(one)) return one.map(walk);
    if (typeof one !== 'object' || one === null) return one;
    return Object.fromEntries(Object.entries(one).map(([key, inner]) => [change(key), walk(inner)]));
  };
  return walk(value) as T;
}

/** As JSON writes a character with digits alone: `\u009b`; two of them for one above U+FFFF. */
export function escaped(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
