import type { CauseId } from '../codes.ts';
import { brush, type Style } from './paint.ts';
import { wrapped } from './wrap.ts';

/** A cause in words, as the doctor's catalogue has it. */
export interface Explained {
  cause: CauseId;
  title: string;
  looksLike: string;
  why: string;
  /** By the id of another cause. */
  tellApart: Partial<Record<CauseId, string>>;
  mend: string;
}

const indent = '  ';

/** One cause explained for a person at a terminal, broken into lines that fit. */
export function explanationText({ cause, title, looksLike, why, tellApart, mend }: Explained, style: Style): string {
  const { chalk } = brush(style);
  const width = Math.min(style.width, 120);
  const part = (head: string, text: string) => ['', chalk.bold(head), wrapped(text, width, indent)];
  return [
    `${chalk.red(cause)}   ${title}`,
    ...part('looks like', looksLike),
    ...part('why', why),
    '',
    chalk.bold('not to be mistaken for'),
    ...Object.entries(tellApart).map(([other, how]) => indent + wrapped(`${other}: ${how}`, width - 2, '', '  ')),
    ...part('mend', mend),
    '',
  ].join('\n');
}
