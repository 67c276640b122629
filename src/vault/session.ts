import type { VaultProber, VaultSession } from './api.ts';
import type { Asking } from './asking.ts';
import type { VaultMemory } from './memory.ts';
import type { VaultAnswer } from './node-vault.ts';
import { dataOf, succeeded } from './reader.ts';
import { rightsOn } from './rights.ts';

export function createVaultSession(
  prober: VaultProber,
  asking: Asking,
  memory: VaultMemory<VaultAnswer>,
): VaultSession {
  return {
    ...prober,
    rights: (paths) => rightsOn(asking, paths),
    write: async (path, data) => {
      memory.forget(path);
      try {
        // Every object a session writes is written whole: the second time changes nothing.
        const answer = await asking.write(path, data, { repeatable: true });
        if (!succeeded(answer)) throw await asking.refuse({ verb: 'write', path }, answer);
        return dataOf(answer);
      } finally {
        // Again, for reads that went out before the write arrived.
        memory.forget(path);
      }
    },
  };
}
