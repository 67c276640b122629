import { createTransport } from '../http/create-transport.ts';
import { GateError } from '../http/gate.ts';
import type { HttpRequest, Transport } from '../http/transport.ts';
import type { VaultOptions } from './client.ts';
import type { VaultConnection } from './connect.ts';

/** The transport to one Vault; what may go through it is for a gate to say. What makes something must be entered first. */
export function wireTo(connection: VaultConnection, options: VaultOptions): Transport {
  const { tls, proxy, env, timeout, retries, rate } = connection;
  const { userAgent, parallel, log, work } = options;
  const wire = createTransport({
    userAgent,
    parallel,
    ...(log && { log }),
    signal: work.cut,
    begin: work.begin,
    tls,
    proxy,
    env,
    timeout,
    ...(retries !== undefined && { retries }),
    ...(rate !== undefined && { rate }),
  });
  return { ...wire, send: async (request) => wire.send(entered(request)) };
}

/** The one law of the ledger: whatever leaves something in Vault is in it before it is sent. */
function entered(request: HttpRequest): HttpRequest {
  const path = decodeURIComponent(new URL(request.url).pathname).replace(/^\/v1\//, '');
  if (request.making || !isMaking(request.method, path)) return request;
  throw new GateError('a connection', request.method, `${path} outside of the ledger`);
}

/** Logins, tokens, what a wrapping token holds, and the objects that are named as ours for a moment. */
const makes = [
  /^auth\/(?!.+\/role\/login$).+\/login(\/[^/]+)?$/,
  /^auth\/token\/create(-orphan|\/.*)?$/,
  /^sys\/wrapping\/unwrap$/,
  /^sys\/auth\/vaultbind-probe-[0-9a-f]{12}$/,
  /^sys\/policies\/acl\/vaultbind-child-[0-9a-z]+-[0-9a-f]{8}$/,
];

function isMaking(method: string, path: string): boolean {
  return /^(POST|PUT|PATCH)$/.test(method) && makes.some((pattern) => pattern.test(path));
}
