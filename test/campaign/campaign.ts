/**
 * Every request that plan, apply, verify and doctor make, on both Vaults, answered in every wrong way (kinds.ts):
 * `npm run campaign`. `VAULTBIND_CAMPAIGN_PRODUCTS=openbao` runs one product, `VAULTBIND_CAMPAIGN_EVERY=7` each seventh
 * cell. The laws that must hold in every cell stand in judge.ts; a cell that breaks one fails the campaign and is named
 * below the table of exit codes.
 */
import { expect, it } from 'vitest';
import type { VaultProduct } from '../../src/sandbox/servers/vault-options.ts';
import { inWords, table } from './table.ts';
import { type Cell, walkAll } from './walk.ts';

const products = (process.env['VAULTBIND_CAMPAIGN_PRODUCTS'] ?? 'openbao,hashicorp').split(',') as VaultProduct[];
const every = Number(process.env['VAULTBIND_CAMPAIGN_EVERY'] ?? 1);

it('holds its laws in every cell', async () => {
  const cells: Cell[] = [];
  const started = performance.now();
  for (const product of products)
    await walkAll(
      product,
      (cell) => {
        cells.push(cell);
        for (const line of inWords(cell)) process.stderr.write(`${line}\n`);
      },
      (index) => index % every === 0,
    );
  process.stderr.write(`${table(cells)}${Math.round((performance.now() - started) / 1000)} s\n`);
  expect(cells.flatMap(inWords)).toEqual([]);
});
