import type { Code } from '../codes.ts';
import { brush, type Style } from './layout/paint.ts';
import { wordWrapped } from './layout/wrap.ts';

/** A code in words. Markdown without links. */
export interface Explained {
  code: Code;
  title: string;
  /** What the user sees first; of causes alone, as the two after it. */
  looksLike?: string;
  why?: string;
  /** By the code of another cause. */
  tellApart?: Partial<Record<Code, string>>;
  mend: string;
}

const indent = '  ';
const deeper = '    ';

/** One code explained for a person at a terminal, broken into lines that fit. */
export function explanationText({ code, title, looksLike, why, tellApart, mend }: Explained, style: Style): string {
  const { chalk } = brush(style);
  const width = widthOf(style);
  const part = (head: string, text: string | undefined) =>
    text === undefined ? [] : ['', chalk.bold(head), wordWrapped(text, width, indent)];
  const others = Object.entries(tellApart ?? {}).map(([other, how]) =>
    wordWrapped(`${other}: ${how}`, width, indent, deeper),
  );
  return [
    wordWrapped(`${chalk.red(code)}   ${title}`, width, '', indent),
    ...part('looks like', looksLike),
    ...part('why', why),
    ...(others.length > 0 ? ['', chalk.bold('not to be mistaken for'), ...others] : []),
    ...part('mend', mend),
    '',
  ].join('\n');
}

/** Every code with its title. */
export function codesText(codes: Record<string, string>, style: Style): string {
  const column = Math.min(widthOf(style) / 2, Math.max(...Object.keys(codes).map(({ length }) => length)) + 2);
  return Object.entries(codes)
    .map(([code, title]) => `${wordWrapped(title, widthOf(style), code.padEnd(column), ' '.repeat(column))}\n`)
    .join('');
}

function widthOf({ width }: Style): number {
  return Math.min(width, 120);
}
