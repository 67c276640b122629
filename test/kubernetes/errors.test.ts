import { describe, expect, it } from 'vitest';
import type { KubernetesConnection } from '../../src/kubernetes/connection.ts';
import { fixedCredentials } from '../../src/kubernetes/credentials/credentials.ts';
import { kubernetesRefusal } from '../../src/kubernetes/errors.ts';
import { ownedElsewhere } from '../../src/kubernetes/refusals/conflict.ts';
import { shown } from '../shown.ts';
import { apiHost } from '../trust/host.ts';

const connection: KubernetesConnection = {
  server: apiHost('https://10.0.0.1:6443'),
  context: 'prod',
  origin: '/home/me/.kube/config',
  user: 'admin',
  tls: { insecure: false },
  proxy: 'environment',
  env: {},
  credentials: fixedCredentials('token of user "admin"', {}),
};

function problem(method: string, path: string, status: number, body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify({ kind: 'Status', ...(body as object) });
  const request = { method, url: `${connection.server}${path}`, repeatable: true };
  return shown(kubernetesRefusal(connection, request, { status, headers, body: text }).problems)[0];
}

const account = '/api/v1/namespaces/default/serviceaccounts/my-sa';

describe('a refusal', () => {
  it.each([
    [
      'serviceaccounts "my-sa" is forbidden: User "bob" cannot get resource "serviceaccounts" in API group "" in the namespace "default"',
      'GET',
      account,
      'bob may not get serviceaccounts in namespace default',
      'kubectl create role vaultbind-get-serviceaccounts --namespace=default --verb=get --resource=serviceaccounts',
      'kubectl create rolebinding vaultbind-get-serviceaccounts --namespace=default --role=vaultbind-get-serviceaccounts --user=bob',
    ],
    [
      'tokenreviews.authentication.k8s.io is forbidden: User "system:serviceaccount:ci:bot" cannot create resource "tokenreviews" in API group "authentication.k8s.io" at the cluster scope',
      'POST',
      '/apis/authentication.k8s.io/v1/tokenreviews',
      'system:serviceaccount:ci:bot may not create tokenreviews of authentication.k8s.io at the cluster scope',
      'kubectl create clusterrole vaultbind-create-tokenreviews --verb=create --resource=tokenreviews.authentication.k8s.io',
      'kubectl create clusterrolebinding vaultbind-create-tokenreviews --clusterrole=vaultbind-create-tokenreviews --serviceaccount=ci:bot',
    ],
    [
      'serviceaccounts "my-sa" is forbidden: User "bob" cannot create resource "serviceaccounts/token" in API group "" in the namespace "default"',
      'POST',
      `${account}/token`,
      'bob may not create serviceaccounts/token in namespace default',
      'kubectl create role vaultbind-create-serviceaccounts --namespace=default --verb=create --resource=serviceaccounts/token',
      'kubectl create rolebinding vaultbind-create-serviceaccounts --namespace=default --role=vaultbind-create-serviceaccounts --user=bob',
    ],
    [
      'something a webhook says',
      'PATCH',
      account,
      'the kubeconfig user may not patch serviceaccounts in namespace default',
      'kubectl create role vaultbind-patch-serviceaccounts --namespace=default --verb=patch --resource=serviceaccounts',
      undefined,
    ],
  ])('403: %s', (message, method, path, said, role, binding) => {
    const found = problem(method, path, 403, { message });
    expect(found).toMatchObject({ code: 'kubernetes-forbidden' });
    expect(found?.message).toContain(said);
    expect(found?.fix?.map(({ command }) => command)).toEqual(binding ? [role, binding] : [role]);
  });

  it('field conflict: names every field and its owner, and never proposes force', () => {
    const found = ownedElsewhere('ClusterRoleBinding', { namespace: '', name: 'tr' }, [
      { field: '.subjects', owner: 'helm' },
      { field: '.metadata.labels.app', owner: 'argocd-controller' },
    ]);
    expect(found).toMatchObject({ code: 'field-conflict', subject: 'ClusterRoleBinding tr' });
    expect(found.message).toContain('.subjects is owned by helm; .metadata.labels.app is owned by argocd-controller');
    expect(shown([found])[0]?.fix[0]?.command).toBe(
      'kubectl get clusterrolebinding tr --show-managed-fields --output=yaml',
    );
  });

  it.each<[string, number, unknown, string, string]>([
    [
      'a login page',
      200,
      '<html><title>Log in</title></html>',
      'kubernetes-not-an-api-server',
      'an HTML page, "Log in"',
    ],
    ['a redirect', 302, '', 'kubernetes-not-an-api-server', 'redirecting to https://login.test'],
    ['a 401 that is no Status', 401, 'no', 'kubernetes-not-an-api-server', '401, no'],
    ['a 403 of a proxy', 403, '<html>', 'kubernetes-not-an-api-server', '403, an HTML or XML page'],
    [
      'a 401',
      401,
      { message: 'Unauthorized' },
      'kubernetes-credentials-rejected',
      'does not accept the token of user "admin"',
    ],
    [
      'a 404 of a namespace',
      404,
      { details: { kind: 'namespaces', name: 'x' } },
      'namespace-missing',
      'namespace x does not exist',
    ],
    [
      'a 404 of an API',
      404,
      { message: 'the server could not find the requested resource' },
      'kubernetes-error',
      'could not find',
    ],
    ['a 429', 429, 'Too many requests', 'kubernetes-error', 'is overloaded (429)'],
    [
      'a 500',
      500,
      { message: 'etcdserver: leader changed' },
      'kubernetes-error',
      'answers 500: etcdserver: leader changed',
    ],
    [
      'a namespace on its way out',
      403,
      { message: 'unable to create new content in namespace default because it is being terminated' },
      'namespace-missing',
      'is being deleted',
    ],
  ])('%s', (_, status, body, code, said) => {
    const found = problem('PATCH', account, status, body, { location: 'https://login.test/?token=x' });
    expect(found?.code).toBe(code);
    expect(found?.message).toContain(said);
    expect(found?.fix?.length).toBeGreaterThan(0);
  });
});
