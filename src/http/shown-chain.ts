import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { connect, type DetailedPeerCertificate } from 'node:tls';

/** A certificate as a server showed it. */
export interface ShownCertificate {
  /** One line, e.g. `CN=vault.example.com, O=Example`. */
  subject: string;
  issuer: string;
  /** `DNS:vault.example.com`, `IP:10.0.0.1`. */
  names: string[];
  validFrom: Date;
  validTo: Date;
}

/**
 * The certificates an https server shows, its own first; nothing is sent: no request, no credentials, no client
 * certificate. Empty when there was no handshake.
 */
export function shownChain(
  url: string,
  options: { serverName?: string; timeout: number },
): Promise<ShownCertificate[]> {
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
    const end = (chain: ShownCertificate[]) => {
      socket.destroy();
      resolve(chain);
    };
    socket.once('secureConnect', () => end(unfold(socket.getPeerCertificate(true))));
    socket.once('error', () => end([]));
    socket.once('timeout', () => end([]));
  });
}

function unfold(leaf: DetailedPeerCertificate): ShownCertificate[] {
  const chain: ShownCertificate[] = [];
  const seen = new Set<string>();
  for (let next = leaf; next?.raw && !seen.has(next.fingerprint256); next = next.issuerCertificate) {
    seen.add(next.fingerprint256);
    chain.push(shownCertificate(new X509Certificate(next.raw)));
  }
  return chain;
}

export function shownCertificate(certificate: X509Certificate): ShownCertificate {
  const names = (certificate.subjectAltName ?? '').split(', ').filter((name) => name !== '');
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    names: names.map((name) => name.replace('IP Address:', 'IP:')),
    validFrom: new Date(certificate.validFrom),
    validTo: new Date(certificate.validTo),
  };
}

function oneLine(name: string): string {
  return name.split('\n').reverse().join(', ');
}
