import type { Cell } from './walk.ts';

/** How often each exit code came, a kind of wrong answer a line, and every broken law. */
export function table(cells: Cell[]): string {
  const exits = [...new Set(cells.map(({ exit }) => exit))].sort((a, b) => a - b);
  const kinds = [...new Set(cells.map(({ kind }) => kind))];
  const row = (name: string, of: Cell[]) =>
    [
      name.padEnd(16),
      ...exits.map((exit) => count(of, (cell) => cell.exit === exit)),
      count(of, ({ broken }) => broken.length > 0),
    ].join('');
  const heading = ['answer'.padEnd(16), ...exits.map((exit) => `exit ${exit}`.padStart(8)), 'broken'.padStart(8)].join(
    '',
  );
  return [
    heading,
    ...kinds.map((kind) =>
      row(
        kind,
        cells.filter((cell) => cell.kind === kind),
      ),
    ),
    row(`${cells.length} cells`, cells),
    ...cells.flatMap(inWords),
    '',
  ].join('\n');
}

/** One line for each law that a cell breaks. */
export function inWords({ product, scenario, command, request, kind, broken }: Cell): string[] {
  return broken.map((law) => `${product}, ${scenario}, ${command}: ${kind} to ${request}: ${law}`);
}

function count(cells: Cell[], which: (cell: Cell) => boolean): string {
  return String(cells.filter(which).length).padStart(8);
}
