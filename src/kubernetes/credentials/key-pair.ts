import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { Secret } from '../../secret.ts';

/** Why a client certificate and its key cannot be used together, and which of them is to blame; undefined when they can. */
export function keyPairProblem(cert: string, key: Secret): { part: 'certificate' | 'key'; what: string } | undefined {
  const leaf = attempt(() => new X509Certificate(cert));
  if (!leaf) return { part: 'certificate', what: 'a client certificate that is not PEM' };
  const privateKey = attempt(() => createPrivateKey(key.reveal()));
  if (!privateKey) return { part: 'key', what: 'a client key that is not an unencrypted PEM key' };
  if (!leaf.checkPrivateKey(privateKey)) {
    return { part: 'key', what: 'a client key that does not belong to its client certificate' };
  }
  return undefined;
}

function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}
