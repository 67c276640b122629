import { wrapAnsi } from 'fast-wrap-ansi';

/**
 * Broken between words so that no line is longer than `width`; a word that alone is longer stays whole.
 *
 * @param first what stands before the first line, within the width
 * @param rest what stands before the others; not narrower than `first`
 */
export function wordWrapped(text: string, width: number, first = '', rest = ' '.repeat(first.length)): string {
  const lines = wrapAnsi(text, Math.max(1, width - rest.length), { hard: false, wordWrap: true, trim: true });
  return first + lines.replaceAll('\n', `\n${rest}`);
}
