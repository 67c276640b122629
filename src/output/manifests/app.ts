import { Document, isMap, isNode, isSeq } from 'yaml';
import { authAddress } from '../../model/addresses.ts';
import { readByKubectl } from '../layout/kubectl-yaml.ts';
import type { Workload } from './workload.ts';

/** Where every Pod finds the token that is for the API server. */
const usualToken = '/var/run/secrets/kubernetes.io/serviceaccount/token';
const folder = '/var/run/secrets/vault';

/** Logs in by its own code: it finds where, as what and with which token in its environment. */
export function app({ account, role, mount, audience, vault }: Workload): string {
  const volume = 'vault-token';
  const environment = {
    VAULT_ADDR: vault.address,
    ...(vault.namespace === '' ? {} : { VAULT_NAMESPACE: vault.namespace }),
    VAULT_AUTH_PATH: authAddress(mount),
    VAULT_ROLE: role,
    VAULT_JWT_FILE: audience === undefined ? usualToken : `${folder}/token`,
  };
  const projected = { sources: [{ serviceAccountToken: { audience, expirationSeconds: 3600, path: 'token' } }] };
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'app', namespace: account.namespace },
    spec: {
      serviceAccountName: account.name,
      containers: [
        {
          name: 'app',
          image: 'IMAGE',
          env: Object.entries(environment).map(([name, value]) => ({ name, value })),
          ...(audience !== undefined && { volumeMounts: [{ name: volume, mountPath: folder, readOnly: true }] }),
        },
      ],
      ...(audience !== undefined && { volumes: [{ name: volume, projected }] }),
    },
  };
  const document = new Document(pod, readByKubectl);
  const container = ['spec', 'containers', 0];
  const own = document.getIn([...container, 'image'], true);
  if (isNode(own)) own.comment = ' your own';
  const variables = document.getIn([...container, 'env'], true);
  for (const [index, variable] of (isSeq(variables) ? variables.items : []).entries()) {
    if (!isMap(variable)) continue;
    variable.flow = true;
    if (index > 0) continue;
    if (isHere(vault.address))
      variable.commentBefore = ' In a Pod this address is the Pod itself: name Vault as Pods reach it.';
    else variable.comment = ' as Pods reach it';
  }
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

function isHere(address: string): boolean {
  return /^https?:\/\/(?:localhost|127\.|\[::1\])/i.test(address);
}
