import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { connect, type DetailedPeerCertificate } from 'node:tls';
import { type CertificateInfo, describeCertificate } from '../trust/certificates.ts';

/**
 * The certificates an https server shows, its own first; nothing is sent: no request, no credentials, no client
 * certificate. Empty when there was no handshake.
 */
export function shownChain(url: string, options: { serverName?: string; timeout: number }): Promise<CertificateInfo[]> {
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const name = options.serverName ?? host;
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port: Number(port || 443),
      // SNI takes no addresses.
      ...(isIP(name) === 0 && { servername: name }),
      rejectUnauthorized: false,
      timeout: options.timeout,
    });
    const end = (chain: CertificateInfo[]) => {
      socket.destroy();
      resolve(chain);
    };
    socket.once('secureConnect', () => end(unfold(socket.getPeerCertificate(true))));
    socket.once('error', () => end([]));
    socket.once('timeout', () => end([]));
  });
}

function unfold(leaf: DetailedPeerCertificate): CertificateInfo[] {
  const chain: CertificateInfo[] = [];
  const seen = new Set<string>();
  for (let next = leaf; next?.raw && !seen.has(next.fingerprint256); next = next.issuerCertificate) {
    seen.add(next.fingerprint256);
    chain.push(describeCertificate(new X509Certificate(next.raw)));
  }
  return chain;
}
