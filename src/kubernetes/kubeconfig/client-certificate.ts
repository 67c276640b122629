import { Secret } from '../../secret.ts';
import type { Credential } from '../credentials/credentials.ts';
import { keyPairProblem } from '../credentials/key-pair.ts';
import { allOf, dataOrFile, type KubeconfigEntry, wrongEntry } from './entry.ts';
import type { UserFields } from './schema.ts';

/** @throws InputError kubernetes-config-invalid */
export async function clientCertificate(user: KubeconfigEntry<UserFields>): Promise<Credential | undefined> {
  const [cert, keyText] = await allOf([dataOrFile(user, 'client-certificate'), dataOrFile(user, 'client-key')]);
  if (cert === undefined) return undefined;
  if (keyText === undefined)
    throw wrongEntry(user, 'client-certificate', 'has a client certificate without client-key');
  const key = new Secret(keyText);
  const problem = keyPairProblem(cert, key);
  if (problem) throw wrongEntry(user, present(user, `client-${problem.part}`), `has ${problem.what}`);
  return { cert, key };
}

/** The spelling that is used of a field that may end in -data. */
function present(user: KubeconfigEntry<UserFields>, field: 'client-certificate' | 'client-key'): string {
  return user.value[`${field}-data`] === undefined ? field : `${field}-data`;
}
