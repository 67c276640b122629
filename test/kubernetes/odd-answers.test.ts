import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SystemError } from '../../src/errors.ts';
import type { KubernetesSession } from '../../src/kubernetes/api.ts';
import { createKubernetes, type Kubernetes } from '../../src/kubernetes/client.ts';
import { fixedCredentials } from '../../src/kubernetes/credentials/credentials.ts';
import { Secret } from '../../src/secret.ts';
import { type Faults, startFaults } from '../servers/faults.ts';
import { apiHost } from '../trust/host.ts';
import { errorOf } from './folder.ts';

/**
 * Answers are decoded at the edge: whatever comes in place of a good answer is a SystemError that names the request, and
 * never a value, another error, or "there is none".
 */

const account = { namespace: 'default', name: 'my-sa' };
const token = new Secret('a-token-that-is-reviewed');
const action = { verb: 'create', group: '', resource: 'tokenreviews' };

const requests: Record<string, (session: KubernetesSession) => Promise<unknown>> = {
  version: (cluster) => cluster.version(),
  'a namespace': (cluster) => cluster.namespace('default'),
  namespaces: (cluster) => cluster.namespaces(),
  'a ServiceAccount': (cluster) => cluster.serviceAccount(account),
  ServiceAccounts: (cluster) => cluster.serviceAccountsIn(['default']),
  'a Secret': (cluster) => cluster.tokenSecret(account),
  'a ConfigMap': (cluster) => cluster.configMap('default', 'kube-root-ca.crt'),
  'a ClusterRoleBinding': (cluster) => cluster.clusterRoleBinding('b'),
  ClusterRoleBindings: (cluster) => cluster.clusterRoleBindings(),
  TokenRequest: (cluster) => cluster.requestToken(account, { seconds: 600 }),
  TokenReview: (cluster) => cluster.reviewToken(token),
  'TokenReview by itself': (cluster) => cluster.reviewToken(token, { as: token }),
  SelfSubjectReview: (cluster) => cluster.whoAmI(),
  SelfSubjectAccessReview: (cluster) => cluster.mayI(action),
  SelfSubjectRulesReview: (cluster) => cluster.rules('default'),
  SubjectAccessReview: (cluster) => cluster.reviewAccess({ username: 'x', groups: [] }, action),
};

const metadata = { name: 'another', namespace: 'another', uid: 'u' };
const deep = '['.repeat(50_000) + ']'.repeat(50_000);
const answers: Record<string, [status: number, body: string]> = {
  nothing: [200, ''],
  'no content': [204, ''],
  '{}': [200, '{}'],
  null: [200, 'null'],
  '[]': [200, '[]'],
  'wrong types': [
    200,
    JSON.stringify({ kind: 'List', gitVersion: 1, metadata: 7, items: {}, status: [], roleRef: null }),
  ],
  'another object': [200, JSON.stringify({ apiVersion: 'v1', kind: 'ServiceAccount', metadata })],
  'lists of the wrong': [200, JSON.stringify({ kind: 'ServiceAccountList', metadata: {}, items: [null] })],
  'text that has no text': [200, '{"kind":{"toString":1},"metadata":{"name":{"toString":1}}}'],
  truncated: [200, '{"kind":"ServiceAccountList","metadata":{},"items":[{"meta'],
  HTML: [200, '<html><title>log\u001b[31m in</title></html>'],
  'too deep': [200, `{"kind":"TokenReview","status":{"authenticated":true,"x":${deep}}}`],
  'a page of 404': [404, '<html>'],
  'a Status that is none': [404, '{"kind":"Status","reason":{},"details":{"kind":7,"causes":{}},"message":[]}'],
  'a Status of 409 with causes that are none': [409, '{"kind":"Status","details":{"causes":{"length":1}}}'],
  'a server error': [500, '{"kind":"Status","message":"\\u001b[31mno","code":500}'],
  'a quota': [429, '{"kind":"Status","message":"slow down","code":429}'],
};

let server: Faults;
let kubernetes: Kubernetes;
beforeAll(async () => {
  server = await startFaults();
  kubernetes = createKubernetes(
    {
      server: apiHost(server.url),
      context: 'it',
      origin: 'kubeconfig',
      user: 'it',
      tls: { insecure: false },
      proxy: 'environment',
      env: {},
      credentials: fixedCredentials('token of user "it"', { token: new Secret('canary-bearer-token') }),
    },
    { userAgent: 'test', parallel: 4, timeout: 300 },
  );
});
afterAll(async () => {
  await kubernetes.close();
  await server.close();
});

describe.each(Object.entries(answers))('%s', (name, [status, body]) => {
  test.each(Object.entries(requests))('to %s', async (_, ask) => {
    server.clear();
    server.inject({ fault: { kind: 'answer', status, body, headers: { 'retry-after': '60' } } });
    kubernetes.session.forget();
    const error = await errorOf(ask(kubernetes.session));
    expect(error).toBeInstanceOf(SystemError);
    expect(error.message).not.toMatch(/\p{Cc}/u);
    const codes = ['kubernetes-answer-odd', 'kubernetes-not-an-api-server', 'kubernetes-error'];
    expect(status < 300 ? codes.slice(0, name === 'HTML' ? 2 : 1) : codes.slice(1), name).toContain(error.code);
    if (error.code === 'kubernetes-answer-odd') expect(error.message).toMatch(/ to (GET|POST) \//);
  });
});

test('an object that client-node cannot take apart, where no schema looks, is no crash', async () => {
  server.clear();
  const body = JSON.stringify({
    kind: 'Namespace',
    metadata: { name: 'default', uid: 'u' },
    status: { conditions: [{ type: {} }] },
  });
  server.inject({ fault: { kind: 'answer', status: 200, body } });
  kubernetes.session.forget();
  const asked = await kubernetes.session.namespace('default').catch((error: unknown) => error);
  expect(asked).not.toBeInstanceOf(TypeError);
});
