import type { buildConnector } from 'undici';

/**
 * Hears what undici does not: with TLS 1.3 a server refuses a client certificate after the handshake, and undici, whose
 * own handlers are not there yet, only sees the connection end.
 */
export interface Alerts {
  listening(inner: buildConnector.connector): buildConnector.connector;
  /** The last TLS alert, for a failure that says no more than that the connection ended. */
  behind(error: unknown): unknown;
}

export function createAlerts(): Alerts {
  let last: Error | undefined;
  const hear = (error: Error) => {
    if (/ALERT/.test((error as NodeJS.ErrnoException).code ?? '')) last = error;
  };
  return {
    listening: (inner) => (target, callback) =>
      inner(target, (...result) => {
        result[1]?.once('error', hear);
        callback(...result);
      }),
    behind: (error) => (last && (error as NodeJS.ErrnoException).code === 'UND_ERR_SOCKET' ? last : error),
  };
}
