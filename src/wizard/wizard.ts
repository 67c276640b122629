import type { Problem } from '../errors.ts';
import { type Tree, textIn } from '../recipe/tree.ts';
import { askAddress, type ConnectedVault, type Connecting, connectAs, connectVault } from './connect.ts';
import type { VaultWhere } from './connections.ts';
import { type Conversation, converse } from './converse.ts';
import { factsOf } from './facts.ts';
import { askKubeconfig } from './kubeconfig.ts';
import { askingLogin } from './login.ts';
import { host } from './pages/cluster.ts';

export interface WizardOptions
  extends Omit<Connecting, 'askLogin'>,
    Pick<Conversation, 'before' | 'given' | 'said' | 'refusals'> {
  /** Whether a file of this name is there. */
  exists(file: string): boolean;
  /** Told of each connection, so that a run that is stopped can say how to go on. */
  onConnection(connected: Pick<WizardResult, 'connected' | 'kubeconfig'>): void;
}

export interface WizardResult {
  answers: Tree;
  /** The API address that a person said in this run; undefined for one that only stood in the recipe. */
  apiHost: string | undefined;
  connected: ConnectedVault;
  /** What a person said where none was found. */
  kubeconfig: string | undefined;
  problems: Problem[];
}

/** The whole conversation, from the connections to the last answer. It writes nothing. */
export async function wizard(options: WizardOptions): Promise<WizardResult> {
  const { ask, ways, said, given, exists } = options;
  const kubeconfig = await askKubeconfig(options);
  const connecting = { ...options, askLogin: askingLogin(ask, ways) };
  let connected = await connectVault(connecting);
  for (;;) {
    options.onConnection({ connected, kubeconfig });
    const { answers, turn, problems } = await converse({ ...options, facts: factsOf(ways, connected.way, exists) });
    const isSaid = said.flags().has(host.flag) || given.has(host.flag);
    const apiHost = isSaid ? textIn(answers, host.path) : undefined;
    if (turn !== 'back') return { answers, apiHost, connected, kubeconfig, problems };
    connected = await connectVault(connecting, await otherVault(connecting, connected));
  }
}

/** Back from the first question after it. */
async function otherVault({ ask, askLogin }: Connecting, { way, where }: ConnectedVault): Promise<VaultWhere> {
  const what = await ask.choice('Vault: what shall be another?', [
    { value: 'nothing', name: 'nothing', says: `${way.address} and this token` },
    { value: 'address', name: 'the address' },
    { value: 'login', name: 'the token or login' },
  ]);
  if (what === 'address') return { address: await askAddress(ask, way.address) };
  if (what === 'login') return connectAs(where, await askLogin(way.address));
  return where;
}
