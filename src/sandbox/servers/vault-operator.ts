import { SystemError } from '../../errors.ts';
import { Secret } from '../../secret.ts';
import type { Answer, Ask } from '../processes/ask.ts';
import { pause } from '../processes/interrupt.ts';

/** What an operator does to a new Vault, by its API. */
export interface VaultKeys {
  /** Root token. */
  token: Secret;
  unsealKey: Secret;
}

export async function initialize(ask: Ask): Promise<VaultKeys> {
  const answer = await demand('be initialised', ask('PUT', '/v1/sys/init', { secret_shares: 1, secret_threshold: 1 }));
  const { keys, root_token } = answer.body as { keys: string[]; root_token: string };
  return { token: new Secret(root_token), unsealKey: new Secret(keys[0] ?? '') };
}

export async function unseal(ask: Ask, key: Secret): Promise<void> {
  await demand('be unsealed', ask('PUT', '/v1/sys/unseal', { key: key.reveal() }));
  await until('become active', async () => (await ask('GET', '/v1/sys/health')).status === 200);
}

export async function seal(ask: Ask): Promise<void> {
  await demand('be sealed', ask('PUT', '/v1/sys/seal'));
}

/** A new KV version 2 answers 400 while it sets itself up. */
export async function mountSecretsEngine(ask: Ask): Promise<void> {
  await demand('mount secret/', ask('POST', '/v1/sys/mounts/secret', { type: 'kv', options: { version: '2' } }));
  await until('set up secret/', async () => (await ask('GET', '/v1/secret/config')).status === 200);
}

export async function readVersion(ask: Ask): Promise<string> {
  const { body } = await ask('GET', '/v1/sys/health');
  return String((body as { version?: unknown } | undefined)?.version ?? '');
}

export async function demand(what: string, asked: Promise<Answer>): Promise<Answer> {
  const answer = await asked;
  if (answer.status >= 200 && answer.status < 300) return answer;
  throw couldNot(what, `status ${answer.status}`);
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 30_000;
  while (!(await holds())) {
    if (Date.now() > end) throw couldNot(what, 'within 30 seconds');
    await pause(25);
  }
}

function couldNot(what: string, how: string): SystemError {
  const message = `a server of the sandbox could not ${what} (${how})`;
  return new SystemError({ code: 'server-failed', subject: 'sandbox', message });
}
