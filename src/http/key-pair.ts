import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { Secret } from '../secret.ts';

/** What keeps a client certificate and a key, both PEM, from being used together. */
export type PairFault = 'no-certificate' | 'no-key' | 'no-pair';

/** All that is wrong with the two. */
export function pairFaults(cert: string, key: Secret): PairFault[] {
  const certificate = parsed(() => new X509Certificate(cert));
  const privateKey = parsed(() => createPrivateKey(key.reveal()));
  if (certificate && privateKey) return certificate.checkPrivateKey(privateKey) ? [] : ['no-pair'];
  return [...(certificate ? [] : ['no-certificate' as const]), ...(privateKey ? [] : ['no-key' as const])];
}

/** OpenSSL has more reasons than anybody wants to read. */
function parsed<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}
