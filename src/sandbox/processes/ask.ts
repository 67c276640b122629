import { createTransport } from '../../http/create-transport.ts';
import { type TlsOptions, TransportError } from '../../http/transport.ts';

/** A server's answer; status 0 when none came. */
export interface ServerAnswer {
  status: number;
  /** Parsed JSON; undefined when it is none. */
  body: unknown;
}

export type AskServer = (method: string, path: string, body?: unknown) => Promise<ServerAnswer>;

/** Runs `work` with a way to ask a sandbox's own server, each request tried once, and closes the connections. */
export async function asking<T>(
  server: { url: string; tls?: TlsOptions; headers?: Record<string, string> },
  work: (ask: AskServer) => Promise<T>,
): Promise<T> {
  const transport = createTransport({
    tls: server.tls ?? {},
    timeout: 10_000,
    parallel: 4,
    userAgent: 'vaultbind-sandbox',
  });
  try {
    return await work(async (method, path, body) => {
      const headers = { ...server.headers, 'content-type': 'application/json' };
      const request = { method, url: `${server.url}${path}`, headers, repeatable: false };
      try {
        const answer = await transport.send(body === undefined ? request : { ...request, body: JSON.stringify(body) });
        return { status: answer.status, body: parse(answer.body) };
      } catch (error) {
        if (error instanceof TransportError) return { status: 0, body: undefined };
        throw error;
      }
    });
  } finally {
    await transport.close();
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
