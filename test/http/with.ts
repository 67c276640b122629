import { onTestFinished } from 'vitest';
import { createTransport } from '../../src/http/create-transport.ts';
import { type HttpRequest, type Transport, TransportError, type TransportOptions } from '../../src/http/transport.ts';

/** A transport that is closed when the test ends. */
export function transportWith(options: Partial<TransportOptions> = {}): Transport {
  const transport = createTransport({ tls: {}, timeout: 5_000, parallel: 16, userAgent: 'vaultbind/test', ...options });
  onTestFinished(() => transport.close());
  return transport;
}

/** Something started for one test: closed when it ends. */
export async function started<T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> {
  const running = await starting;
  onTestFinished(() => running.close());
  return running;
}

export function get(url: string, rest: Partial<HttpRequest> = {}): HttpRequest {
  return { method: 'GET', url, repeatable: true, ...rest };
}

/** The failure of a request that must fail. */
export async function failureOf(promise: Promise<unknown>): Promise<TransportError> {
  const error = await promise.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  if (error instanceof TransportError) return error;
  throw error;
}
