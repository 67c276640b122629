/**
 * Real servers fail over: the leader of three nodes is killed, sealed or stepped down at a random moment of a command.
 * Then the command ends with 0 or 4 and says nothing about the binding that is not so, no token stays untold, nothing
 * is lost, and once the cluster is whole again the next apply converges. `npm run failover` plays fifty rounds on each
 * product; VAULTBIND_FAILOVER_ROUNDS and VAULTBIND_FAILOVER_SEED choose others.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { products } from '../servers/servers.ts';
import { type Cluster, cluster } from './cluster.ts';
import { blows, chance, commands, playRound } from './round.ts';

const rounds = Number(process.env['VAULTBIND_FAILOVER_ROUNDS'] ?? 2);
const seed = Number(process.env['VAULTBIND_FAILOVER_SEED'] ?? 1);

describe.each(products)('a cluster of %s', (product) => {
  let nodes: Cluster;
  beforeAll(async () => {
    nodes = await cluster(product);
  });
  afterAll(() => nodes.stop());

  const planned = Array.from({ length: rounds }, (_, index) => {
    const draw = chance(`${seed} ${product} ${index}`);
    const blow = blows[Math.floor(draw() * blows.length)] ?? 'killed';
    const command = commands[index % commands.length] ?? 'apply';
    return { index, command, blow, share: draw(), from: Math.floor(draw() * 3) };
  });

  it.each(planned)('round $index: $command, leader $blow', { timeout: 180_000 }, async (round) => {
    const outcome = await playRound(nodes, product, round);
    expect(outcome.exit, outcome.text).toSatisfy((exit: number) => [0, 4].includes(exit));
    expect(outcome.wrong, outcome.text).toEqual([]);
    expect(outcome.untold, outcome.text).toEqual([]);
    expect(outcome.after).toEqual({ apply: 0, plan: 0, verify: 0, kept: true });
  });
});
