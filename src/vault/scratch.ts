import type { VaultScratch } from './api.ts';
import type { Asking } from './asking.ts';
import type { Memory } from './memory.ts';
import type { VaultAnswer } from './node-vault.ts';
import { succeeded } from './reader.ts';

export function createScratch(asking: Asking, memory: Memory<VaultAnswer>): VaultScratch {
  const post = async (path: string, data: Record<string, unknown>) => {
    const answer = await asking.write(path, data, { repeatable: false });
    memory.forget(path);
    if (!succeeded(answer)) throw await asking.refuse({ verb: 'write', path }, answer);
  };
  return {
    enable: (mount, description) => post(`sys/auth/${mount}`, { type: 'kubernetes', description }),
    write: (mount, path, data) => post(`auth/${mount}/${path}`, data),
    remove: async (mount) => {
      const path = `sys/auth/${mount}`;
      const answer = await asking.remove(path, { repeatable: true, tidying: true });
      memory.forget(path);
      if (!succeeded(answer)) throw await asking.refuse({ verb: 'write', path }, answer);
    },
  };
}
