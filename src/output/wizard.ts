import { brush, type Style } from './layout/paint.ts';
import { plain } from './layout/plain.ts';
import { wordWrapped } from './layout/wrap.ts';

/** One answer in words. */
interface Shown {
  label: string;
  value: string;
  says?: string;
  warning?: string;
}

/** What the wizard tells between its questions. */
type Told = { heading: string; shown: Shown[] } | { fact: string } | { warning: string };

export function wizardText(given: Told, style: Style): string {
  const told = plain(given);
  const { chalk, sign } = brush(style);
  if ('heading' in told) {
    const labels = Math.max(0, ...told.shown.map(({ label }) => label.length));
    const values = Math.max(0, ...told.shown.map(({ value }) => value.length).filter((length) => length <= 34));
    const columns = { labels: labels + 6, values: values + 2 };
    return [
      `\n${chalk.bold(told.heading)}\n`,
      ...told.shown.map((one, index) => rowOf(one, index, columns, style)),
    ].join('');
  }
  if ('fact' in told) return `${chalk.dim(wordWrapped(told.fact, style.width - 1, '  '))}\n`;
  const head = `${sign('warning')} `;
  return `${head}${wordWrapped(told.warning, style.width - 3, '', '    ')}\n`;
}

interface Columns {
  /** Where values begin. */
  labels: number;
  /** How far they reach. */
  values: number;
}

/** One answer with its number; what it means stands beside it where there is room, a warning always below. */
function rowOf({ label, value, says = '', warning }: Shown, index: number, columns: Columns, style: Style): string {
  const { chalk, sign } = brush(style);
  const start = `${String(index + 1).padStart(3)} ${label}`.padEnd(columns.labels - 1);
  const meant = value.length < columns.values ? value.padEnd(columns.values) : `${value}  `;
  const beside = columns.labels + meant.length + says.length < style.width;
  const indented = (text: string) => wordWrapped(text, style.width - 1, ' '.repeat(columns.labels));
  const below = beside || says === '' ? [] : [chalk.dim(indented(says))];
  const warned = warning === undefined ? [] : [indented(`${sign('warning')} ${warning}`)];
  const fits = columns.labels + value.length < style.width;
  const first = `${start} ${beside ? `${meant}${chalk.dim(says)}`.trimEnd() : fits ? value : `\n    ${value}`}`;
  return [first, ...below, ...warned].map((line) => `${line}\n`).join('');
}
