import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';

/** Where Go looks on Linux and BSD, so that a company's CA in the system's store works here as it does for vault and kubectl. */
const bundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/tls/cacert.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/** Node's own roots, the system's, and what SSL_CERT_FILE or NODE_EXTRA_CA_CERTS add. */
export function systemRoots(env: Record<string, string | undefined>): string[] {
  const chosen = env['SSL_CERT_FILE'];
  const system = chosen ? read(chosen) : bundles.map(read).find((pem) => pem !== undefined);
  const extra = env['NODE_EXTRA_CA_CERTS'];
  const added = [system, extra && read(extra)].filter((pem) => pem !== undefined && pem !== '');
  return [...rootCertificates, ...(added as string[])];
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
