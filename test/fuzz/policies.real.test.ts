import { describe, expect, it } from 'vitest';
import { servers as shared } from '../servers/servers.ts';
import type { Server } from './judge-by-servers.ts';
import { adversarialPolicy, randomPolicy } from './policy-texts.ts';
import { judgeAll, judgeAllParameters, serverAt } from './run.ts';

/** Law: what is clear to us, both servers accept and mean the same by. The whole of it is `npm run fuzz`. */
describe('policies of a fixed seed', () => {
  it.each([
    ['random', randomPolicy, 250, 150],
    ['adversarial', adversarialPolicy, 250, 15],
  ] as const)('%s ones mean to us what they mean to the servers', async (_kind, arbitrary, count, clear) => {
    const figures = await judgeAll(arbitrary, { count, seed: 20261130, servers: await both() });
    expect(figures.differences).toEqual([]);
    // Else nothing was held against the servers.
    expect(figures.clear).toBeGreaterThan(clear);
  });

  it('allow the parameters and wrapping times that we read in them, however they are written', async () => {
    const { differences, ...figures } = await judgeAllParameters(20, 20261130, await both());
    expect(differences).toEqual([]);
    expect(figures.clear).toBeGreaterThan(10);
    expect(figures.same).toBeGreaterThan(5);
    expect(Math.min(figures.allowed, figures.refused)).toBeGreaterThan(100);
  });
});

async function both(): Promise<Server[]> {
  const { openbao, hashicorp } = shared().vaults;
  return [
    await serverAt('openbao', openbao.address, openbao.token),
    await serverAt('vault', hashicorp.address, hashicorp.token),
  ];
}
