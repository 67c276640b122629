import { SystemError, type VaultbindError } from '../errors.ts';
import { shownText } from '../http/shown-text.ts';
import { type Transport, TransportError } from '../http/transport.ts';
import type { LedgerPage } from '../model/ledger.ts';
import { once } from '../model/recall.ts';
import type { Secret } from '../secret.ts';
import { isAboutToken, isSealed, stringsIn } from './answers/answers.ts';
import { type FoundHealth, healthOf, healthQuery } from './answers/health.ts';
import { checkAnswer, type Verb } from './answers/odd.ts';
import { noVaultAnswer } from './answers/unreachable.ts';
import type { VaultData, VaultHealth, VaultWarning } from './api.ts';
import type { VaultConnection } from './connection.ts';
import { type AskedOfVault, type Known, namespacesUnsupported, vaultRefusal } from './errors.ts';
import { createVaultClient, type Looking, type NodeVault, type Sending, type VaultAnswer } from './node-vault.ts';

/** One capability's way to Vault: its gated transport, and what all three capabilities share. */
export interface Asking {
  connection: VaultConnection;
  transport: Transport;
  /** For a gate of another kind than the operator's. */
  ungated: Transport;
  /** Where what is made through it is entered. */
  page: LedgerPage;
  /** As the operator. Any status is an answer; its warnings are kept. */
  read(path: string, looking?: Looking): Promise<VaultAnswer>;
  list(path: string, looking?: Looking): Promise<VaultAnswer>;
  write(path: string, data: VaultData, sending: Sending): Promise<VaultAnswer>;
  remove(path: string, sending: Sending): Promise<VaultAnswer>;
  /** With this token, or without any; through another gate if the caller gives one. */
  as(token: Secret | undefined, transport?: Transport): Verbs;
  health(): Promise<VaultHealth>;
  /** The error that an answer means; asks once more where one answer has two meanings. */
  refuse(asked: AskedOfVault, answer: VaultAnswer): Promise<VaultbindError>;
}

export type Verbs = Pick<Asking, 'read' | 'list' | 'write' | 'remove'>;

export interface AskingOptions {
  connection: VaultConnection;
  /** Behind the capability's gate. */
  transport: Transport;
  ungated: Transport;
  /** Where the warnings of the operator's answers go. */
  warnings: VaultWarning[];
  page: LedgerPage;
}

export function createAsking({ connection, transport, ungated, warnings, page }: AskingOptions): Asking {
  const root = createVaultClient(transport, connection.address, { namespace: '' });
  const health = async () => {
    const answer = await translated(connection, () => root.read('sys/health', { query: healthQuery }));
    const found = healthOf(answer);
    if (!found) throw vaultRefusal(connection, { verb: 'read', path: 'sys/health' }, { ...answer, notJson: true }, {});
    return found;
  };
  const namespace = once(() => checkNamespace(connection, health));
  const as: Asking['as'] = (token, other = transport) => {
    const { address, namespace: name } = connection;
    const client = createVaultClient(other, address, { namespace: name, token });
    const ask: Ask = async (verb, path, send, looking) => {
      await namespace();
      const answer = await translated(connection, send);
      // What was let go unread has no shape.
      if (!looking?.unread || answer.status >= 300) checkAnswer(address, verb, path, answer);
      if (token === connection.token) warnings.push(...warningsOf(path, answer));
      return answer;
    };
    return asker(client, ask);
  };
  const operator = connection.noToken ? refusing(connection.noToken) : as(connection.token);
  const tokenRefused = once(async () => isAboutToken(await operator.read('auth/token/lookup-self')));
  const heldOn = async (path: string): Promise<string[]> => {
    const question = operator.write('sys/capabilities-self', { paths: [path] }, { repeatable: true });
    const { body } = await question.catch(() => ({ body: undefined }));
    return stringsIn(body?.[path]);
  };
  const refuse: Asking['refuse'] = async (asked, answer) => {
    const known: Known = {};
    if (isAboutToken(answer)) known.tokenRefused = await tokenRefused();
    if (isSealed(answer)) known.initialized = (await health()).initialized;
    if (asked.verb === 'write' && answer.status === 403 && !known.tokenRefused) known.held = await heldOn(asked.path);
    return vaultRefusal(connection, asked, answer, known);
  };
  return { connection, transport, ungated, page, ...operator, as, health, refuse };
}

/** Without a token nothing is asked as the operator: Vault's own refusal would not say why. */
function refusing(why: VaultbindError): Verbs {
  const refuse = () => Promise.reject(why);
  return { read: refuse, list: refuse, write: refuse, remove: refuse };
}

type Ask = (verb: Verb, path: string, send: () => Promise<VaultAnswer>, looking?: Looking) => Promise<VaultAnswer>;

function asker(client: NodeVault, ask: Ask): Verbs {
  return {
    read: (path, looking) => ask('read', path, () => client.read(path, looking), looking),
    list: (path, looking) => ask('list', path, () => client.list(path, looking), looking),
    write: (path, data, sending) => ask('write', path, () => client.write(path, data, sending)),
    remove: (path, sending) => ask('remove', path, () => client.remove(path, sending)),
  };
}

export async function translated<T>(connection: VaultConnection, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    throw await noVaultAnswer(connection, error);
  }
}

/** Vault Community ignores the namespace header: what is meant for a Vault namespace would be written to the root. */
async function checkNamespace(connection: VaultConnection, health: () => Promise<FoundHealth>) {
  if (connection.namespace === '') return;
  const { enterprise, product } = await health();
  if (product === 'vault' && enterprise === false) {
    throw new SystemError(namespacesUnsupported(connection));
  }
}

function warningsOf(path: string, { body }: VaultAnswer): VaultWarning[] {
  return stringsIn(body?.['warnings']).map((text) => ({ path, text: shownText(text) }));
}
