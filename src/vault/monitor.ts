import type { HttpStream } from '../http/transport.ts';
import { type Asking, translated } from './asking.ts';
import { answerFrom } from './node-vault.ts';

/** Milliseconds. They come at once; a proxy that keeps back what it has not read to the end would never send them. */
const headersWithin = 2_000;

/** Vault's own log while it happens. Not by node-vault, which waits for the end of every answer. */
export async function openMonitor({ connection, transport, refuse }: Asking): Promise<HttpStream> {
  if (connection.noToken) throw connection.noToken;
  const stream = await translated(connection, () =>
    transport.stream({
      method: 'GET',
      url: `${connection.address}/v1/sys/monitor?log_level=debug&log_format=json`,
      headers: {
        'X-Vault-Token': connection.token.reveal(),
        'X-Vault-Request': 'true',
        ...(connection.namespace && { 'X-Vault-Namespace': connection.namespace }),
      },
      repeatable: false,
      timeout: Math.min(connection.timeout, headersWithin),
    }),
  );
  if (stream.status === 200) return stream;
  throw await refuse({ verb: 'read', path: 'sys/monitor' }, answerFrom(stream.status, stream.body));
}
