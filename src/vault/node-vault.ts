import createNodeVault from 'node-vault';
import { isObject, parseJson } from '../http/json.ts';
import type { HttpRequest, Transport } from '../http/transport.ts';
import type { Secret } from '../secret.ts';
import type { VaultData } from './api.ts';
import { apiPath } from './paths.ts';

/** Who asks: node-vault keeps token and Vault namespace in its client, so each pair gets a client of its own. */
export interface Caller {
  /** Undefined: no token is sent. */
  token?: Secret;
  namespace: string;
}

export interface VaultAnswer {
  status: number;
  /** The JSON object of the answer; undefined when the body is empty. */
  body?: VaultData;
  /** Set when the body is not a JSON object: whatever answered is not a Vault API. */
  notJson?: boolean;
  /** Set when a body was not taken apart, and why: it is nested too deep. */
  odd?: string;
  /** Where a redirect points to. */
  location?: string;
}

/** How a write is sent, see HttpRequest. */
export interface Sending {
  repeatable: boolean;
  tidying?: boolean;
  making?: HttpRequest['making'];
}

/** How a look is sent. */
export interface Looking {
  /** With its question mark. */
  query?: string;
  /** Only the status is wanted, see HttpRequest. */
  unread?: boolean;
}

/** What vaultbind uses of node-vault, typed. Any status is an answer; TransportError when none came. */
export interface NodeVault {
  read(path: string, looking?: Looking): Promise<VaultAnswer>;
  list(path: string, looking?: Looking): Promise<VaultAnswer>;
  write(path: string, data: VaultData, sending: Sending): Promise<VaultAnswer>;
  remove(path: string, sending: Sending): Promise<VaultAnswer>;
}

/** The options node-vault hands to what it believes to be the request library. */
interface HookOptions extends Sending, Pick<Looking, 'unread'> {
  uri: string;
  method: string;
  headers?: Record<string, string>;
  json?: unknown;
}

interface HookAnswer {
  statusCode: number;
  body: VaultAnswer;
  request: { path: string };
}

/** The methods we call, and the fields that would otherwise be filled from the environment. */
interface Client {
  token: string;
  namespace: string;
  pathPrefix: string;
  read(path: string, options: Sending & Looking): Promise<VaultAnswer>;
  list(path: string, options: Sending & Looking): Promise<VaultAnswer>;
  write(path: string, data: VaultData, options: Sending): Promise<VaultAnswer>;
  delete(path: string, options: Sending): Promise<VaultAnswer>;
}

/**
 * node-vault over our transport. Its own HTTP client follows redirects with the token, has no timeout and shows token
 * and body in its errors; its hook for another request library takes ours instead.
 */
export function createVaultClient(transport: Transport, address: string, caller: Caller): NodeVault {
  const client = createNodeVault({
    endpoint: address,
    // Otherwise DEBUG=node-vault prints tokens and bodies.
    debug: () => {},
    noCustomHTTPVerbs: true,
    commands: {},
    // It only says again that method and path are text, and takes longer than all the rest.
    tv4: Object.assign(() => true, { validate: () => true }),
    'request-promise': { defaults: () => (options: HookOptions) => sendByTransport(transport, options) },
  }) as unknown as Client;
  // Given as options, empty values would be replaced by VAULT_TOKEN, VAULT_NAMESPACE and VAULT_PREFIX.
  client.token = caller.token?.reveal() ?? '';
  client.namespace = caller.namespace;
  client.pathPrefix = '';
  return {
    read: (path, { query = '', unread = false } = {}) =>
      client.read(apiPath(path) + query, { repeatable: true, unread }),
    list: (path, { unread = false } = {}) => client.list(apiPath(path), { repeatable: true, unread }),
    // A copy, because node-vault writes into the options it is given.
    write: (path, data, sending) => client.write(apiPath(path), data, { ...sending }),
    remove: (path, sending) => client.delete(apiPath(path), { ...sending }),
  };
}

async function sendByTransport(transport: Transport, options: HookOptions): Promise<HookAnswer> {
  const body = options.json === undefined ? undefined : JSON.stringify(options.json);
  const answer = await transport.send({
    method: options.method,
    url: options.uri,
    headers: {
      ...options.headers,
      'X-Vault-Request': 'true',
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
    },
    body,
    repeatable: options.repeatable,
    ...(options.tidying && { tidying: true }),
    making: options.making,
    ...(options.unread && { unread: true }),
  });
  const { location } = answer.headers;
  const isPage = options.unread && answer.status < 300 && !isJson(answer.headers['content-type']);
  const told: VaultAnswer = {
    status: answer.status,
    ...parse(answer.body),
    ...(isPage && { notJson: true }),
    ...(location !== undefined && { location }),
  };
  // node-vault throws for every status but 200 and 204, and never for sys/health: we always say 200 and judge ourselves.
  return { statusCode: 200, body: told, request: { path: '' } };
}

/** All that is seen of a body that is let go unread. */
function isJson(type = ''): boolean {
  return /^application\/json\b/i.test(type);
}

export function answerFrom(status: number, text: string, location?: string): VaultAnswer {
  return { status, ...parse(text), ...(location !== undefined && { location }) };
}

function parse(text: string): Pick<VaultAnswer, 'body' | 'notJson' | 'odd'> {
  if (text.trim() === '') return {};
  const parsed = parseJson(text);
  if ('odd' in parsed) return { notJson: true, ...(/nested/.test(parsed.odd) && { odd: parsed.odd }) };
  return isObject(parsed.value) ? { body: parsed.value } : { notJson: true };
}
