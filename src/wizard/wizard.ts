import type { Problem } from '../errors.ts';
import type { Tree } from '../recipe/tree.ts';
import type { Ask } from './ask.ts';
import { askAddress, askToken, type ConnectedVault, type Connecting, connectVault } from './connect.ts';
import { converse } from './converse.ts';
import type { Before } from './due.ts';
import { factsOf } from './facts.ts';
import type { VaultWhere } from './ways.ts';

export interface WizardOptions extends Connecting {
  before: Before;
  /** Answers given as flags, by the flag's words. */
  given: ReadonlyMap<string, string[]>;
  /** Whether a file of this name is there. */
  exists(file: string): boolean;
}

export interface Told {
  answers: Tree;
  /** The conversation was ended there and then. */
  stopped: boolean;
  /** Titles of the pages that were not come to. */
  left: string[];
  connected: ConnectedVault;
  problems: Problem[];
}

/** The whole conversation, from the connection to the last page. It writes nothing. */
export async function wizard(options: WizardOptions): Promise<Told> {
  const { ask, ways, before, given, exists, interruptible } = options;
  ask.tell({ page: 'Vault', number: 1, of: 0 });
  let connected = await connectVault(options);
  for (;;) {
    const facts = factsOf(ways, connected.way, exists);
    const { answers, turn, problems, left } = await converse({ ask, before, facts, given, interruptible });
    if (turn !== 'back') return { answers, stopped: turn === 'stop', left, connected, problems };
    connected = await connectVault(options, await otherVault(ask, connected));
  }
}

/** Back from the first question after it. */
async function otherVault(ask: Ask, { way, where }: ConnectedVault): Promise<VaultWhere> {
  const what = await ask.choice('Vault: what shall be another?', [
    { value: 'nothing', name: `nothing: ${way.address} and this token` },
    { value: 'address', name: 'the address' },
    { value: 'token', name: 'the token' },
  ]);
  if (what === 'address') return { address: await askAddress(ask, way.address) };
  if (what === 'token') return { ...where, token: await askToken(ask, way) };
  return where;
}
