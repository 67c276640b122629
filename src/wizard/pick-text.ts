import { styleText } from 'node:util';
import { wordWrapped } from '../output/layout/wrap.ts';
import { back, type Entry, type PickConfig, pointedAt, type Screen } from './picking.ts';
import type { Looks } from './theme.ts';

/** Entries shown at once: with all else they fit a terminal of 24 lines. */
const most = 8;

/** The question with what there is to choose; after the answer, with that alone. */
export function pickText(config: PickConfig, screen: Screen, answer: string[] | undefined): string | [string, string] {
  const { looks, message } = config;
  const { color, unicode, width } = looks;
  const head = wordWrapped(message, width - 3);
  if (answer) {
    const shown = answer.map((value) => (value === back ? '(back)' : nameIn(screen, value))).join(', ');
    return `${painted(color, 'green', unicode ? '✔' : '+')} ${head} ${painted(color, 'cyan', shown)}`;
  }
  const { picking, entries } = screen;
  const at = pointedAt(entries, picking, config.default);
  const taken = picking.chosen.length > 0 ? [wordWrapped(`taken: ${picking.chosen.join(', ')}`, width)] : [];
  const said =
    picking.complaint === undefined ? [] : [painted(color, 'red', wordWrapped(`> ${picking.complaint}`, width))];
  const help = painted(color, 'dim', wordWrapped(keysIn(config).join(unicode ? ' · ' : ', '), width));
  const first = `${painted(color, 'blue', '?')} ${painted(color, 'bold', head)} ${picking.term}`.trimEnd();
  return [first, [...listed(entries, at, looks), ...counted(config, entries), ...taken, ...said, help].join('\n')];
}

function nameIn({ entries }: Screen, value: string): string {
  return entries.find((one) => one.value === value)?.name ?? value;
}

function keysIn({ typing, many }: PickConfig): string[] {
  return [
    'arrows: move',
    ...(typing ? ['letters: search or type'] : []),
    ...(many ? ['Tab: one more'] : []),
    ...(typing ? ['<: back'] : []),
    'Enter: take',
  ];
}

/** How many there are, where not all are to be seen. */
function counted({ total }: PickConfig, entries: Entry[]): string[] {
  const shown = Math.min(entries.length, most);
  return shown > 0 && total > most ? [`  ${shown} of ${total}; type a part of the name to find others`] : [];
}

/** Those around what is pointed at, each with its meaning beside it. */
function listed(entries: Entry[], at: number | undefined, looks: Looks): string[] {
  const start = Math.max(0, Math.min((at ?? 0) - 3, entries.length - most));
  const shown = entries.slice(start, start + most);
  const column = Math.min(Math.max(...shown.map(({ name }) => name.length), 0), Math.floor(looks.width * 0.45));
  return shown.flatMap((entry, index) => lineOf(entry, start + index === at, column, looks));
}

function lineOf({ name, says, wrong, warned }: Entry, isAt: boolean, column: number, looks: Looks): string[] {
  const { color, unicode, width } = looks;
  const mark = wrong === undefined ? (isAt ? (unicode ? '❯' : '>') : ' ') : '-';
  const first = `${mark} ${name}`;
  const text = wrong ?? (warned ? `! ${says}` : (says ?? ''));
  const style = wrong === undefined ? (isAt ? 'cyan' : 'reset') : 'dim';
  if (text === '') return [painted(color, style, first)];
  const indent = column + 4;
  const rest = wordWrapped(text, width - indent - 1).split('\n');
  const fits = name.length <= column;
  const lines = fits
    ? [`${first.padEnd(indent)}${rest[0]}`, ...rest.slice(1).map(padded(indent))]
    : [first, ...rest.map(padded(indent))];
  return lines.map((line) => painted(color, style, line));
}

const padded = (indent: number) => (line: string) => `${' '.repeat(indent)}${line}`;

type Paint = 'green' | 'cyan' | 'blue' | 'bold' | 'dim' | 'red' | 'reset';

function painted(color: boolean, style: Paint, text: string): string {
  return color && style !== 'reset' ? styleText(style, text, { validateStream: false }) : text;
}
