import { mountAddress } from '../model/addresses.ts';
import type { LedgerEntry } from '../model/ledger.ts';
import { scratchType } from '../model/scratch-name.ts';
import type { VaultScratch } from './api.ts';
import type { Asking } from './asking.ts';
import { make } from './making.ts';
import type { VaultMemory } from './memory.ts';
import type { VaultAnswer } from './node-vault.ts';
import { succeeded } from './reader.ts';

export function createScratch(asking: Asking, memory: VaultMemory<VaultAnswer>): VaultScratch {
  const post = async (path: string, data: Record<string, unknown>) => {
    const answer = await asking.write(path, data, { repeatable: false });
    memory.forget(path);
    if (!succeeded(answer)) throw await asking.refuse({ verb: 'write', path }, answer);
  };
  const standing = new Map<string, LedgerEntry>();
  const remove: VaultScratch['remove'] = async (mount) => {
    const path = mountAddress(mount);
    const answer = await asking.remove(path, { repeatable: true, tidying: true });
    memory.forget(path);
    if (!succeeded(answer)) throw await asking.refuse({ verb: 'write', path }, answer);
    standing.get(mount)?.strike();
    standing.delete(mount);
  };
  return {
    enable: async (mount, description) => {
      const path = mountAddress(mount);
      const made = { kind: 'scratch mount' as const, at: path, who: '', lives: () => '' };
      const end = () => removed(() => remove(mount));
      const data = { type: scratchType, description };
      const { answer, entry } = await make(asking.page, asking, { ...made, data, end });
      memory.forget(path);
      standing.set(mount, entry);
      if (!succeeded(answer)) throw await asking.refuse({ verb: 'write', path }, answer);
    },
    write: (mount, path, data) => post(`auth/${mount}/${path}`, data),
    remove,
  };
}

async function removed(remove: () => Promise<void>): Promise<boolean> {
  try {
    await remove();
    return true;
  } catch {
    return false;
  }
}
