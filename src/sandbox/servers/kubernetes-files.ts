import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { Secret } from '../../secret.ts';
import { makeFolder, writePrivate } from '../processes/folder.ts';
import { type Authority, type Certificate, createAuthority } from './certificates.ts';

/** Certificates, keys and the paths of their files. They know no port, so a start on other ports keeps them. */
export interface KubernetesFiles {
  folder: string;
  authority: Authority;
  caFile: string;
  admin: Certificate;
  controllerManager: Certificate;
  certificateFile: string;
  keyFile: string;
  serviceAccountKeyFile: string;
  serviceAccountPublicKeyFile: string;
}

export async function writeKubernetesFiles(folder: string): Promise<KubernetesFiles> {
  await makeFolder(folder);
  const authority = await createAuthority('vaultbind sandbox Kubernetes');
  const serving = await authority.issue({
    use: 'server',
    commonName: 'kube-apiserver',
    ips: ['127.0.0.1', '10.0.0.1'],
    names: ['localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc'],
  });
  const keys = await newServiceAccountKeys();
  return {
    folder,
    authority,
    caFile: await writePrivate(folder, 'ca.pem', authority.certificate),
    admin: await authority.issue({ use: 'client', commonName: 'admin', organizations: ['system:masters'] }),
    controllerManager: await authority.issue({ use: 'client', commonName: 'system:kube-controller-manager' }),
    certificateFile: await writePrivate(folder, 'server.pem', serving.certificate),
    keyFile: await writePrivate(folder, 'server-key.pem', serving.key),
    serviceAccountKeyFile: await writePrivate(folder, 'service-account-key.pem', keys.privateKey),
    serviceAccountPublicKeyFile: await writePrivate(folder, 'service-account.pem', keys.publicKey),
  };
}

/** RSA, as nearly every cluster's: Vault and OpenBao differ in which other algorithms they accept. */
async function newServiceAccountKeys(): Promise<{ privateKey: Secret; publicKey: string }> {
  const pair = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return { privateKey: new Secret(pair.privateKey), publicKey: pair.publicKey };
}

/** A kubeconfig with everything inside, so that it works wherever it is copied to. JSON is YAML. */
export function kubeconfig(server: string, ca: string, user: string, client: Certificate): Secret {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const content = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'sandbox',
    clusters: [{ name: 'sandbox', cluster: { server, 'certificate-authority-data': base64(ca) } }],
    users: [
      {
        name: user,
        user: {
          'client-certificate-data': base64(client.certificate),
          'client-key-data': base64(client.key.reveal()),
        },
      },
    ],
    contexts: [{ name: 'sandbox', context: { cluster: 'sandbox', user } }],
  };
  return new Secret(`${JSON.stringify(content, undefined, 2)}\n`);
}
