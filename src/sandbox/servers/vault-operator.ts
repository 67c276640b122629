import { SystemError } from '../../errors.ts';
import { Secret } from '../../secret.ts';
import type { AskServer, ServerAnswer } from '../processes/ask.ts';
import { pause } from '../processes/interrupt.ts';

/** What an operator does to a new Vault, by its API. */
export interface VaultKeys {
  /** Root token. */
  token: Secret;
  unsealKey: Secret;
}

export async function initialize(ask: AskServer): Promise<VaultKeys> {
  const answer = await demand('be initialised', ask('PUT', '/v1/sys/init', { secret_shares: 1, secret_threshold: 1 }));
  const { keys, root_token } = answer.body as { keys: string[]; root_token: string };
  return { token: new Secret(root_token), unsealKey: new Secret(keys[0] ?? '') };
}

/** Resolves when it is the active node. */
export async function unseal(ask: AskServer, key: Secret): Promise<void> {
  await demand('be unsealed', ask('PUT', '/v1/sys/unseal', { key: key.reveal() }));
  await until('become active', () => isActive(ask));
}

/** Resolves when it serves: as the active node, or as a standby of one. */
export async function unsealNode(ask: AskServer, key: Secret): Promise<void> {
  await demand('be unsealed', ask('PUT', '/v1/sys/unseal', { key: key.reveal() }));
  await until('serve', async () => serving.includes(await healthOf(ask)));
}

/** sys/health: the active node; a standby; a performance standby of Vault Enterprise. */
const serving = [200, 429, 473];

async function healthOf(ask: AskServer): Promise<number> {
  return (await ask('GET', '/v1/sys/health')).status;
}

export async function isActive(ask: AskServer): Promise<boolean> {
  return (await healthOf(ask)) === 200;
}

/** A node without data of its own asks to be one of the cluster of `leader` (its API address). */
export async function joinCluster(ask: AskServer, leader: { address: string; ca?: string }): Promise<void> {
  const asked = { leader_api_addr: leader.address, leader_ca_cert: leader.ca };
  await demand('join the cluster', ask('POST', '/v1/sys/storage/raft/join', asked));
}

/** A new node gets its vote only when it has been well for a while: ten seconds unless told otherwise. */
export async function voteSoon(ask: AskServer): Promise<void> {
  const settings = { server_stabilization_time: '1s' };
  await demand('be told when nodes vote', ask('POST', '/v1/sys/storage/raft/autopilot/configuration', settings));
}

/** Before that the loss of the leader would leave too few to elect another one. */
export async function untilAllVote(ask: AskServer, nodes: number): Promise<void> {
  await until('let its nodes vote', async () => {
    const { body } = await ask('GET', '/v1/sys/storage/raft/configuration');
    const { data } = (body ?? {}) as { data?: { config?: { servers?: { voter?: boolean }[] } } };
    return data?.config?.servers?.filter(({ voter }) => voter).length === nodes;
  });
}

export async function stepDown(ask: AskServer): Promise<void> {
  await demand('step down', ask('PUT', '/v1/sys/step-down'));
}

export async function seal(ask: AskServer): Promise<void> {
  await demand('be sealed', ask('PUT', '/v1/sys/seal'));
}

/** A new KV version 2 answers 400 while it sets itself up. */
export async function mountSecretsEngine(ask: AskServer): Promise<void> {
  await demand('mount secret/', ask('POST', '/v1/sys/mounts/secret', { type: 'kv', options: { version: '2' } }));
  await until('set up secret/', async () => (await ask('GET', '/v1/secret/config')).status === 200);
}

export async function readVersion(ask: AskServer): Promise<string> {
  const { body } = await ask('GET', '/v1/sys/health');
  return String((body as { version?: unknown } | undefined)?.version ?? '');
}

export async function demand(what: string, asked: Promise<ServerAnswer>): Promise<ServerAnswer> {
  const answer = await asked;
  if (answer.status >= 200 && answer.status < 300) return answer;
  throw couldNot(what, `status ${answer.status}`);
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 120_000;
  while (!(await holds())) {
    if (Date.now() > end) throw couldNot(what, 'within two minutes');
    await pause(25);
  }
}

function couldNot(what: string, how: string): SystemError {
  const message = `a server of the sandbox could not ${what} (${how})`;
  return new SystemError({ code: 'server-failed', subject: 'sandbox', message });
}
