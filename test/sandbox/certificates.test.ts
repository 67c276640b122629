import { once } from 'node:events';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Authority, type CertificateRequest, createAuthority } from '../../src/sandbox/servers/certificates.ts';

const serverRequest: CertificateRequest = { use: 'server', commonName: 's', ips: ['127.0.0.1'], names: ['localhost'] };

/** What a client that trusts only `trusted` meets: 'ok', or the code of its error. */
async function handshake(trusted: Authority, authority: Authority, request = serverRequest): Promise<string> {
  const { certificate, key } = await authority.issue(request);
  const server = createServer({ cert: certificate, key: key.reveal() }).listen(0, '127.0.0.1');
  server.on('tlsClientError', () => {});
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const socket: TLSSocket = connect({ port, host: '127.0.0.1', ca: trusted.certificate });
  return await new Promise((resolve) => {
    socket.once('secureConnect', () => resolve('ok'));
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  }).then((result) => {
    socket.destroy();
    return String(result);
  });
}

describe('certificates of an own authority', () => {
  test('are trusted by who trusts it, and by nobody else', async () => {
    const [ours, other] = await Promise.all([createAuthority('ours'), createAuthority('other')]);
    expect(await handshake(ours, ours)).toBe('ok');
    expect(await handshake(other, ours)).toMatch(/UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER/);
  });

  test('can be expired, for another address, or for clients only', async () => {
    const ours = await createAuthority('ours');
    expect(await handshake(ours, ours, { ...serverRequest, notAfter: new Date(Date.now() - 1000) })).toBe(
      'CERT_HAS_EXPIRED',
    );
    expect(await handshake(ours, ours, { ...serverRequest, ips: ['10.0.0.1'] })).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
    expect(await handshake(ours, ours, { ...serverRequest, use: 'client' })).toBe('INVALID_PURPOSE');
  });
});
