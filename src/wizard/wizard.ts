import type { Problem } from '../errors.ts';
import { type Tree, textIn } from '../recipe/tree.ts';
import { askAddress, asked, type ConnectedVault, type Connecting, connectVault } from './connect.ts';
import type { VaultWhere } from './connections.ts';
import { type Conversation, converse } from './converse.ts';
import { factsOf } from './facts.ts';
import { askingLogin } from './login.ts';
import { host } from './pages/cluster.ts';
import type { Before } from './still-asked.ts';

export interface WizardOptions extends Omit<Connecting, 'askLogin'> {
  before: Before;
  /** Answers given as flags, by the flag's words. */
  given: ReadonlyMap<string, string[]>;
  /** Why the answers as a whole cannot be. */
  refusals: Conversation['refusals'];
  /** Whether a file of this name is there. */
  exists(file: string): boolean;
}

export interface Told {
  answers: Tree;
  /** The conversation was ended there and then. */
  stopped: boolean;
  /** Titles of the pages that were not come to. */
  left: string[];
  /** The API address that a person said in this run; undefined for one that only stood in the recipe. */
  apiHost: string | undefined;
  connected: ConnectedVault;
  problems: Problem[];
}

/** The whole conversation, from the connection to the last page. It writes nothing. */
export async function wizard(options: WizardOptions): Promise<Told> {
  const { ask, ways, before, given, refusals, exists, interruptible } = options;
  ask.tell({ page: 'Vault', number: 1, of: 0 });
  const connecting = { ...options, askLogin: askingLogin(ask, ways) };
  let connected = await connectVault(connecting);
  for (;;) {
    const facts = factsOf(ways, connected.way, exists);
    const ended = await converse({ ask, before, facts, given, refusals, interruptible });
    const { answers, turn, problems, left, said } = ended;
    const apiHost = said.has(host.flag) ? textIn(answers, host.path) : undefined;
    if (turn !== 'back') return { answers, stopped: turn === 'stop', left, apiHost, connected, problems };
    connected = await connectVault(connecting, await otherVault(connecting, connected));
  }
}

/** Back from the first question after it. */
async function otherVault({ ask, askLogin }: Connecting, { way, where }: ConnectedVault): Promise<VaultWhere> {
  const what = await ask.choice('Vault: what shall be another?', [
    { value: 'nothing', name: `nothing: ${way.address} and this token` },
    { value: 'address', name: 'the address' },
    { value: 'login', name: 'the token or login' },
  ]);
  if (what === 'address') return { address: await askAddress(ask, way.address) };
  if (what === 'login') return asked(where, await askLogin(way.address));
  return where;
}
