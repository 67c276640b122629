import { Pool } from 'undici';

/** Where the servers are and as whom they are asked. Goes to the raw client in a file. */
export interface Servers {
  vault: { address: string; token: string };
  kubernetes: { server: string; ca: string; certificate: string; key: string };
}

// biome-ignore lint/suspicious/noExplicitAny: the raw client reads foreign JSON field by field.
type Json = any;

/** A request whose answer must be good; the answer parsed. */
export type Ask = (method: string, path: string, body?: unknown, token?: string) => Promise<Json>;

const parallel = 16;

/** Both servers by nothing but undici: 16 connections each, kept alive. */
export function askers({ vault, kubernetes }: Servers): { vault: Ask; kubernetes: Ask; close(): Promise<void> } {
  const { ca, certificate: cert, key } = kubernetes;
  const vaultPool = new Pool(vault.address, { connections: parallel });
  const kubernetesPool = new Pool(kubernetes.server, { connections: parallel, connect: { ca, cert, key } });
  return {
    vault: (method, path, body, token = vault.token) =>
      send(vaultPool, method, `/v1/${path}`, { 'x-vault-token': token, 'x-vault-request': 'true' }, body),
    kubernetes: (method, path, body) => {
      const type = method === 'PATCH' ? 'application/apply-patch+yaml' : 'application/json';
      return send(kubernetesPool, method, path, { 'content-type': type }, body);
    },
    close: async () => {
      await Promise.all([vaultPool.close(), kubernetesPool.close()]);
    },
  };
}

async function send(pool: Pool, method: string, path: string, headers: Record<string, string>, body: unknown) {
  const sent = body === undefined ? null : JSON.stringify(body);
  const answer = await pool.request({ method: method as 'GET', path, headers, body: sent });
  const text = await answer.body.text();
  if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

/** At most 16 at once. */
export async function each<T, R>(items: T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < items.length; index = next++) results[index] = await work(items[index] as T);
  };
  await Promise.all(Array.from({ length: Math.min(parallel, items.length) }, worker));
  return results;
}
