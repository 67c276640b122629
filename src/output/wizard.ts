import { brush, type Style } from './paint.ts';
import { plain } from './plain.ts';

/** What the wizard tells between its questions. */
type Told = { page: string; number: number; of: number } | { fact: string } | { warning: string };

export function wizardText(given: Told, style: Style): string {
  const told = plain(given);
  const { chalk, sign } = brush(style);
  if ('page' in told) {
    const place = told.of > 0 ? `${told.number}/${told.of}` : `${told.number}`;
    return `\n${chalk.bold(`${place} ${told.page}`)}\n`;
  }
  if ('fact' in told)
    return `${lines(told.fact, style.width, '  ')
      .map((line) => chalk.dim(line))
      .join('\n')}\n`;
  const [first = '', ...rest] = lines(told.warning, style.width, '    ');
  return `${[`${sign('warning')} ${first.trim()}`, ...rest].join('\n')}\n`;
}

/** Broken between words, so that a narrow terminal does not break inside one. */
function lines(text: string, width: number, indent: string): string[] {
  const result: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = result.at(-1);
    if (last !== undefined && last.length + 1 + word.length < width) result[result.length - 1] = `${last} ${word}`;
    else result.push(`${indent}${word}`);
  }
  return result;
}
