import { createPrivateKey, X509Certificate } from 'node:crypto';
import { Secret } from '../../secret.ts';
import type { Credential } from '../credentials/credentials.ts';
import { dataOrFile, type Entry, wrong } from './entry.ts';
import type { UserFields } from './schema.ts';

/** @throws InputError kubernetes-config-invalid */
export async function clientCertificate(user: Entry<UserFields>): Promise<Credential | undefined> {
  const cert = await dataOrFile(user, 'client-certificate');
  if (cert === undefined) return undefined;
  const keyText = await dataOrFile(user, 'client-key');
  if (keyText === undefined) throw wrong(user, 'client-certificate', 'has a client certificate without client-key');
  const key = new Secret(keyText);
  checkPair(user, cert, key);
  return { cert, key };
}

function checkPair(user: Entry<UserFields>, cert: string, key: Secret): void {
  const leaf = attempt(() => new X509Certificate(cert));
  if (!leaf) throw wrong(user, present(user, 'client-certificate'), 'has a client certificate that is not PEM');
  const privateKey = attempt(() => createPrivateKey(key.reveal()));
  if (!privateKey)
    throw wrong(user, present(user, 'client-key'), 'has a client key that is not an unencrypted PEM key');
  if (!leaf.checkPrivateKey(privateKey)) {
    throw wrong(user, present(user, 'client-key'), 'has a client key that does not belong to its client certificate');
  }
}

/** The spelling that is used of a field that may end in -data. */
function present(user: Entry<UserFields>, field: 'client-certificate' | 'client-key'): string {
  return user.value[`${field}-data`] === undefined ? field : `${field}-data`;
}

function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}
