import type { CauseId } from '../codes.ts';
import { brush, type Style } from './paint.ts';

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
  const width = Math.max(40, Math.min(style.width, 120)) - indent.length;
  const part = (head: string, text: string) => [
    '',
    chalk.bold(head),
    ...wrapped(text, width).map((line) => indent + line),
  ];
  return [
    `${chalk.red(cause)}   ${title}`,
    ...part('looks like', looksLike),
    ...part('why', why),
    '',
    chalk.bold('not to be mistaken for'),
    ...Object.entries(tellApart).flatMap(([other, how]) =>
      wrapped(`${other}: ${how}`, width - 2).map((line, index) => `${indent}${index === 0 ? '' : '  '}${line}`),
    ),
    ...part('mend', mend),
    '',
  ].join('\n');
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
