import { channel } from 'node:diagnostics_channel';

/** A request as it leaves this process, whoever sends it. */
export interface Sent {
  origin: string;
  method: string;
  /** With query. */
  path: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** '' when there is none, or it is no text. */
  body: string;
}

interface UndiciRequest {
  origin: string | URL;
  method: string;
  path: string;
  headers: string[] | string;
  body?: unknown;
}

const created = channel('undici:request:create');

/** Every request that undici sends while `body` runs. */
export async function watched<T>(body: () => Promise<T>): Promise<{ result: T; sent: Sent[] }> {
  const sent: Sent[] = [];
  const note = (message: unknown) => {
    const { origin, method, path, headers, body } = (message as { request: UndiciRequest }).request;
    sent.push({ origin: String(origin), method, path, headers: pairs(headers), body: textOf(body) });
  };
  created.subscribe(note);
  try {
    return { result: await body(), sent };
  } finally {
    created.unsubscribe(note);
  }
}

function pairs(headers: string[] | string): Record<string, string> {
  const list = Array.isArray(headers) ? headers : headers.split(/: |\r\n/);
  const names = list.filter((_, index) => index % 2 === 0);
  return Object.fromEntries(names.map((name, index) => [name.toLowerCase(), String(list[2 * index + 1])]));
}

function textOf(body: unknown): string {
  return typeof body === 'string' || Buffer.isBuffer(body) ? body.toString() : '';
}
