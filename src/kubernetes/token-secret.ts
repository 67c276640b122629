import type { V1Secret } from '@kubernetes/client-node';
import { Secret } from '../secret.ts';
import { type TokenSecret, tokenSecretType } from './api.ts';
import { versionOf } from './version.ts';

/** Values are taken from a ServiceAccount token only: another Secret's are none of our business. */
export function tokenSecretOf({ metadata, type, data }: V1Secret): TokenSecret {
  const annotations = metadata?.annotations ?? {};
  const account = annotations['kubernetes.io/service-account.name'];
  const uid = annotations['kubernetes.io/service-account.uid'];
  const ours = type === tokenSecretType;
  const token = ours ? decoded(data?.['token']) : '';
  return {
    read: versionOf(metadata, `Secret ${metadata?.namespace}/${metadata?.name}`),
    namespace: metadata?.namespace ?? '',
    name: metadata?.name ?? '',
    uid: metadata?.uid ?? '',
    type: type ?? '',
    annotations,
    labels: metadata?.labels ?? {},
    serviceAccount: account || undefined,
    serviceAccountUid: uid || undefined,
    ...(token && { token: new Secret(token) }),
  };
}

function decoded(value: string | undefined): string {
  return Buffer.from(value ?? '', 'base64').toString('utf8');
}
