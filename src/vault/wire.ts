import { createTransport } from '../http/create-transport.ts';
import { GateError } from '../http/gate.ts';
import type { HttpRequest, Transport } from '../http/transport.ts';
import { isChildPolicy } from '../model/child-policy-name.ts';
import { isScratch } from '../model/scratch-name.ts';
import type { VaultConnection, VaultOptions } from './connection.ts';

/** The transport to one Vault; what may go through it is for a gate to say. What makes something must be entered first. */
export function wireTo(connection: VaultConnection, options: VaultOptions): Transport {
  const { tls, proxy, env, timeout, retries, rate } = connection;
  const { userAgent, parallel, log, work } = options;
  const wire = createTransport({
    userAgent,
    parallel,
    log,
    signal: work.cut,
    begin: work.begin,
    tls,
    proxy,
    env,
    timeout,
    retries,
    rate,
  });
  return { ...wire, send: async (request) => wire.send(entered(request)) };
}

/** The one law of the ledger: whatever leaves something in Vault is in it before it is sent. */
function entered(request: HttpRequest): HttpRequest {
  const path = decodeURIComponent(new URL(request.url).pathname).replace(/^\/v1\//, '');
  if (request.making || !isMaking(request.method, path)) return request;
  throw new GateError('a connection', request.method, `${path} outside of the ledger`);
}

/** Logins, tokens, and what a wrapping token holds. */
const makes = [
  /^auth\/(?!.+\/role\/login$).+\/login(\/[^/]+)?$/,
  /^auth\/token\/create(-orphan|\/.*)?$/,
  /^sys\/wrapping\/unwrap$/,
];

function isMaking(method: string, path: string): boolean {
  if (!/^(POST|PUT|PATCH)$/.test(method)) return false;
  const named = isScratch(after('sys/auth/', path)) || isChildPolicy(after('sys/policies/acl/', path));
  return named || makes.some((pattern) => pattern.test(path));
}

function after(prefix: string, path: string): string {
  return path.startsWith(prefix) ? path.slice(prefix.length) : '';
}
