import { join } from 'node:path';
import type { SandboxContext } from '../options.ts';
import { type SandboxVault, startVault } from './vault.ts';
import type { SandboxVaultOptions } from './vault-options.ts';

/**
 * Several nodes of one Vault with integrated storage (raft), unsealed, the one that was the first leader first. Each has
 * its folder below the given one and is a server by itself: it can be killed, sealed and started again.
 *
 * @throws InputError tool-missing; SystemError build-failed, server-failed; InterruptedError. None is left running.
 */
export async function startVaultCluster(
  options: Pick<SandboxVaultOptions, 'product' | 'folder' | 'tls'>,
  nodes: number,
  context: SandboxContext,
): Promise<SandboxVault[]> {
  const started: SandboxVault[] = [];
  const start = async (node: string, state: SandboxVaultOptions['state']) => {
    const server = await startVault(
      { ...options, state, node, storage: 'raft', folder: join(options.folder, node) },
      context,
    );
    started.push(server);
    return server;
  };
  try {
    const leader = await start('node-1', 'ready');
    // One after the other: a cluster takes in one node at a time.
    for (let index = 2; index <= nodes; index += 1) await (await start(`node-${index}`, 'uninitialized')).join(leader);
    await leader.untilAllVote(nodes);
    return started;
  } catch (error) {
    await Promise.all(started.map((server) => server.stop()));
    throw error;
  }
}
