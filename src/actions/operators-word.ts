import type { OperatorsWord } from '../contracts/mount-gate.ts';
import type { MintRequest } from './requests.ts';

export function wordOf({ clusterHost, trustMount = [], mintFor = [] }: MintRequest): OperatorsWord {
  return { mounts: trustMount, accounts: mintFor, clusterHost };
}
