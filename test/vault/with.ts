import { inspect } from 'node:util';
import { onTestFinished } from 'vitest';
import { VaultbindError } from '../../src/errors.ts';
import type { RequestLog } from '../../src/http/transport.ts';
import { workUntil } from '../../src/model/work.ts';
import { Secret } from '../../src/secret.ts';
import type { VaultLogin } from '../../src/vault/api.ts';
import { createVault, type Vault } from '../../src/vault/client.ts';
import type { VaultConnection, VaultOptions } from '../../src/vault/connection.ts';

/** Stands for the operator's token and must appear nowhere. */
export const canary = 'canary-operator-token';

export function connectionTo(address: string, rest: Partial<VaultConnection> = {}): VaultConnection {
  return {
    address,
    addressFrom: 'VAULT_ADDR',
    namespace: '',
    token: new Secret(canary),
    tokenFrom: 'VAULT_TOKEN',
    tls: {},
    proxy: 'environment',
    timeout: 5_000,
    env: {},
    ...rest,
  };
}

/** A gateway that is closed when the test ends, with what it logged. */
export function vaultAt(
  connection: VaultConnection,
  options: Partial<VaultOptions> = {},
): Vault & { log: RequestLog[] } {
  const log: RequestLog[] = [];
  const vault = createVault(connection, {
    userAgent: 'vaultbind/test (article)',
    parallel: 16,
    work: workUntil(new AbortController().signal),
    log: (line) => log.push(line),
    ...options,
  });
  onTestFinished(() => vault.close());
  return Object.assign(vault, { log });
}

/** The error of a call that must fail, after a look for the canary in every form it could leave in. */
export async function errorOf(promise: Promise<unknown>): Promise<VaultbindError> {
  const error = await promise.then(
    (value) => new Error(`it did not fail: ${inspect(value)}`),
    (reason: unknown) => reason,
  );
  const shown = [
    inspect(error, { depth: 20, showHidden: true }),
    JSON.stringify(error),
    String((error as Error).stack),
  ];
  if (shown.join('\n').includes('canary')) throw new Error('a secret is in the error');
  if (error instanceof VaultbindError) return error;
  throw error;
}

/** What a workload's login gave: a service token of any number of uses. */
export const workloadLogin: VaultLogin = {
  token: new Secret('workload-token-1'),
  accessor: 'acc',
  ttl: 60,
  policies: [],
  warnings: [],
  type: 'service',
  uses: 0,
};
