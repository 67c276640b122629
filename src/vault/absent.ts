import type { VaultbindError } from '../errors.ts';
import type { VaultBrowser, VaultScratch, VaultSession } from './api.ts';

/** Stands in for a Vault that cannot be spoken to at all: whatever is asked fails with the reason. */
export function absentVault(why: VaultbindError): VaultSession {
  const refuse = () => Promise.reject(why);
  return {
    address: '',
    namespace: '',
    forget: () => undefined,
    takeWarnings: () => [],
    read: refuse,
    reread: refuse,
    lookup: refuse,
    list: refuse,
    health: refuse,
    operator: refuse,
    login: refuse,
    impossibleLogin: refuse,
    capabilities: refuse,
    tryAs: refuse,
    mountsOf: refuse,
    mountAt: refuse,
    revoke: refuse,
    monitor: refuse,
    write: refuse,
    rights: refuse,
  };
}

export function absentScratch(why: VaultbindError): VaultScratch {
  const refuse = () => Promise.reject(why);
  return { enable: refuse, write: refuse, remove: refuse };
}

export function absentBrowser(why: VaultbindError): VaultBrowser {
  const refuse = () => Promise.reject(why);
  return { names: refuse, rights: refuse };
}
