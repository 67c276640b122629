import { describe, expect, it } from 'vitest';
import { servers as shared } from '../servers/servers.ts';
import { adversarialPolicy, randomPolicy } from './policy-texts.ts';
import { judgeAll, serverAt } from './run.ts';

/** Law: what is clear to us, both servers accept and mean the same by. The whole of it is `npm run fuzz`. */
describe('policies of a fixed seed', () => {
  it.each([
    ['random', randomPolicy, 250, 150],
    ['adversarial', adversarialPolicy, 250, 10],
  ] as const)('%s ones mean to us what they mean to the servers', async (_kind, arbitrary, count, clear) => {
    const { openbao, hashicorp } = shared().vaults;
    const servers = [
      await serverAt('openbao', openbao.address, openbao.token),
      await serverAt('vault', hashicorp.address, hashicorp.token),
    ];
    const figures = await judgeAll(arbitrary, { count, seed: 20261130, servers });
    expect(figures.differences).toEqual([]);
    // Else nothing was held against the servers.
    expect(figures.clear).toBeGreaterThan(clear);
  });
});
