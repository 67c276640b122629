import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { manifestKinds } from '../../../src/output/manifests/kinds.ts';
import type { Workload } from '../../../src/output/manifests/workload.ts';

const workload: Workload = {
  account: { namespace: 'default', name: 'my-sa' },
  ...{ role: 'my-role', mount: 'kube-policy', audience: 'vault' },
  vault: { address: 'https://vault.example.com:8200', namespace: '' },
};
const app = async (more: Partial<Workload>) => (await manifestKinds.app.load())({ ...workload, ...more });

describe('the Pod of an application that logs in by its own code', () => {
  it('is this', async () => {
    expect(await app({})).toBe(`apiVersion: v1
kind: Pod
metadata:
  name: app
  namespace: default
spec:
  serviceAccountName: my-sa
  containers:
    - name: app
      image: IMAGE # your own
      env:
        - {name: VAULT_ADDR, value: https://vault.example.com:8200} # as Pods reach it
        - {name: VAULT_AUTH_PATH, value: auth/kube-policy}
        - {name: VAULT_ROLE, value: my-role}
        - {name: VAULT_JWT_FILE, value: /var/run/secrets/vault/token}
      volumeMounts:
        - name: vault-token
          mountPath: /var/run/secrets/vault
          readOnly: true
  volumes:
    - name: vault-token
      projected:
        sources:
          - serviceAccountToken:
              audience: vault
              expirationSeconds: 3600
              path: token
`);
  });

  it('needs no token of its own where the role wants no audience', async () => {
    const { spec } = parse(await app({ audience: undefined }));
    expect([spec.volumes, spec.containers[0].volumeMounts, spec.containers[0].env.at(-1).value]).toEqual([
      undefined,
      undefined,
      '/var/run/secrets/kubernetes.io/serviceaccount/token',
    ]);
  });

  it('says that an address of this machine is none for Pods', async () => {
    const text = await app({ vault: { address: 'http://127.0.0.1:8200', namespace: 'team' } });
    expect(text).toMatch(
      /# In a Pod this address is the Pod itself: [^\n]*\n +- \{name: VAULT_ADDR, value: http:\/\/127/,
    );
    expect(text).toContain('{name: VAULT_NAMESPACE, value: team}');
  });

  it.each([
    'yes',
    'no',
    'on',
    'off',
    'y',
    '1_000',
    '1:30',
    '0b11',
    '017',
    '1.5_0',
    '2001-12-14',
    '~',
    '1',
    'a: b',
    '- x',
    '"}]',
    "it's # here",
    'two\nlines',
    'null',
  ])('holds the name %j as it is', async (name) => {
    // kubectl reads YAML 1.1.
    const text = await app({ account: { namespace: name, name }, role: name, audience: name });
    const { metadata, spec } = parse(text, { version: '1.1' });
    expect([metadata.namespace, spec.serviceAccountName]).toEqual([name, name]);
    expect(spec.containers[0].env[2].value).toBe(name);
    expect(spec.volumes[0].projected.sources[0].serviceAccountToken.audience).toBe(name);
  });
});
