import { Agent, request } from 'undici';
import type { VaultProduct } from '../../src/sandbox/servers/vault-options.ts';
import { servers } from './servers.ts';

/** What tests see with their own eyes: nothing of vaultbind's gateways stands between. */
export interface RawAnswer {
  status: number;
  /** Parsed JSON; undefined when empty. Tests know its shape. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read foreign JSON field by field.
  body: any;
  text: string;
}

let agent: Agent | undefined;

/** As admin (client certificate). `path` starts with a slash; PATCH sends a merge patch. */
export function kubernetes(method: string, path: string, body?: unknown): Promise<RawAnswer> {
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  return send(`${servers().kubernetes.server}${path}`, method, { 'content-type': type }, body, admin());
}

function admin(): Agent {
  const { ca, clientCertificate, clientKey } = servers().kubernetes;
  agent ??= new Agent({ connect: { ca, cert: clientCertificate, key: clientKey } });
  return agent;
}

/** As another field manager that takes what it says: server-side apply, by force. */
export function applyAs(manager: string, path: string, body: unknown): Promise<RawAnswer> {
  return send(
    `${servers().kubernetes.server}${path}?fieldManager=${manager}&force=true`,
    'PATCH',
    apply,
    body,
    admin(),
  );
}

/** The same without force. */
export function proposeAs(manager: string, path: string, body: unknown): Promise<RawAnswer> {
  return send(`${servers().kubernetes.server}${path}?fieldManager=${manager}`, 'PATCH', apply, body, admin());
}

const apply = { 'content-type': 'application/apply-patch+yaml' };

/** With the root token, or another one. `path` is without `/v1/`. */
export function vault(
  product: VaultProduct,
  method: string,
  path: string,
  body?: unknown,
  token?: string,
): Promise<RawAnswer> {
  const { address, token: root } = servers().vaults[product];
  return send(`${address}/v1/${path}`, method, { 'x-vault-token': token ?? root }, body);
}

async function send(
  url: string,
  method: string,
  headers: Record<string, string>,
  body: unknown,
  dispatcher?: Agent,
): Promise<RawAnswer> {
  const answer = await request(url, {
    method: method as 'GET',
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(dispatcher ? { dispatcher } : {}),
  });
  const text = await answer.body.text();
  return { status: answer.statusCode, text, body: parse(text) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
