import { vaultbind, wallClock } from './measure.ts';
import { median } from './table.ts';

/** How long the program takes to say its version, beside a Node that does nothing. */
export async function startUp(folder: string, rounds: number): Promise<string> {
  const pairs: { ours: number; node: number }[] = [];
  for (let round = 0; round < rounds; round++)
    pairs.push({
      node: await wallClock(['-e', '0'], folder),
      ours: await wallClock([vaultbind, '--version'], folder),
    });
  const ours = Math.round(median(pairs.map((pair) => pair.ours)));
  const node = Math.round(median(pairs.map((pair) => pair.node)));
  const ratio = median(pairs.map((pair) => pair.ours / pair.node)).toFixed(2);
  return `vaultbind --version ${ours} ms, node -e 0 ${node} ms, ratio ${ratio}`;
}
