import { brush, type Style } from './paint.ts';
import { plain } from './plain.ts';
import { wrapped } from './wrap.ts';

/** What the wizard tells between its questions. */
type Told = { page: string; number: number; of: number } | { fact: string } | { warning: string };

export function wizardText(given: Told, style: Style): string {
  const told = plain(given);
  const { chalk, sign } = brush(style);
  if ('page' in told) {
    const place = told.of > 0 ? `${told.number}/${told.of}` : `${told.number}`;
    return `\n${chalk.bold(`${place} ${told.page}`)}\n`;
  }
  if ('fact' in told) return `${chalk.dim(wrapped(told.fact, style.width - 1, '  '))}\n`;
  const head = `${sign('warning')} `;
  return `${head}${wrapped(told.warning, style.width - 3, '', '    ')}\n`;
}
