import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Certificate } from '../../src/sandbox/servers/certificates.ts';

/** An https server on a free loopback port, gone after the test, that answers every request alike. */
export async function httpsServer(
  identity: Certificate,
  answer: { status: number; type?: string; body: string; headers?: Record<string, string> },
): Promise<{ url: string; port: number; requests: string[] }> {
  const requests: string[] = [];
  const server = createServer({ cert: identity.certificate, key: identity.key.reveal() }, (request, response) => {
    requests.push(`${request.method} ${request.url} ${request.headers.authorization ?? ''}`.trim());
    response.writeHead(answer.status, { 'content-type': answer.type ?? 'application/json', ...answer.headers });
    response.end(answer.body);
  });
  const port = await listening(server);
  onTestFinished(() => closed(server));
  return { url: `https://127.0.0.1:${port}`, port, requests };
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
}
