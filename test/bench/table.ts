import type { Measured } from './measure.ts';

/** One line: medians of what was measured in turns. */
export interface Row {
  apps: number;
  what: string;
  pairs: { ours: Measured; raw?: Measured | undefined }[];
}

const columns = [
  ['apps', 6],
  ['what', 13],
  ['ms', 8],
  ['raw ms', 8],
  ['ratio', 7],
  ['work', 8],
  ['raw', 8],
  ['ratio', 7],
  ['CPU', 8],
  ['raw', 8],
  ['ratio', 7],
  ['requests', 9],
  ['raw', 7],
] as const;

export function header(): string {
  return columns
    .map(([title, width], index) => (index === 1 ? ` ${title}`.padEnd(width) : title.padStart(width)))
    .join('');
}

export function line({ apps, what, pairs }: Row): string {
  const raw = pairs.flatMap((pair) => pair.raw ?? []);
  const ours = pairs.map((pair) => pair.ours);
  const both = (field: keyof Measured) => [middle(ours, field), raw.length > 0 ? middle(raw, field) : ''];
  const cells = [
    String(apps),
    what,
    ...both('whole'),
    ratio(pairs, 'whole'),
    ...both('working'),
    ratio(pairs, 'working'),
    ...both('cpu'),
    ratio(pairs, 'cpu'),
    ...both('requests'),
  ];
  return cells
    .map((cell, index) => {
      const width = columns[index]?.[1] ?? 8;
      return index === 1 ? ` ${cell}`.padEnd(width) : cell.padStart(width);
    })
    .join('');
}

function middle(all: Measured[], field: keyof Measured): string {
  return String(Math.round(median(all.map((one) => one[field]))));
}

/** The median of the ratios, not the ratio of the medians: each pair ran under the same load. */
function ratio(pairs: Row['pairs'], field: 'whole' | 'working' | 'cpu'): string {
  const ratios = pairs.flatMap(({ ours, raw }) => (raw ? [ours[field] / raw[field]] : []));
  return ratios.length > 0 ? median(ratios).toFixed(2) : '';
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const high = sorted[half] ?? Number.NaN;
  return sorted.length % 2 === 1 ? high : (high + (sorted[half - 1] ?? high)) / 2;
}
