import { expect, test } from 'vitest';
import { marked, mistakesOf, places, read } from './reading.ts';

/** What the article types, put into a recipe word for word. */
const asWritten = `version: 1
name: article
auth:
  path: «auth/kube-policy
  reviewer: {mode: token_secret, service_account: default/my-sa}
  config:
    issuer: https://kubernetes.default.svc.cluster.local
    «token_reviewer_jwt: $SA_TOKEN
    «kubernetes_host: $K8S_HOST
    «kubernetes_ca_cert: $SA_CA_CRT
policies:
  - name: myappp-policy
    rules:
      - {path: secret/top-secret/data, capabilities: [read, list]}
roles:
  - name: my-role
    bound_service_account_names: [my-sa]
    bound_service_account_namespaces: [app-namespace]
    «policies: myappp-policy
    «ttl: 24h
`;

test('the article as it is written: what no recipe has', () => {
  const { text, marks } = marked(asWritten);
  expect(places(mistakesOf(() => read(text)))).toEqual(marks.map(({ line, column }) => `${line}:${column}`));
});

/** The same in the words of recipes. */
const spelled = `version: 1
name: article
auth:
  path: kube-policy
  reviewer: {mode: token_secret, service_account: default/my-sa}
  config:
    issuer: https://kubernetes.default.svc.cluster.local
policies:
  - name: myappp-policy
    rules:
      - {path: secret/top-secret/data, capabilities: [read, list]}
roles:
  - name: my-role
    bound_service_account_names: [my-sa]
    bound_service_account_namespaces: [NAMESPACE]
    token_policies: [POLICY]
    token_ttl: 24h
EXPECT`;

function article(namespace: string, policy: string, expectations: string): string {
  return spelled.replace('NAMESPACE', namespace).replace('POLICY', policy).replace('EXPECT', expectations);
}

test('the article spelled well: what cannot both hold', () => {
  const text = article(
    'app-namespace',
    'myappp-policy',
    'expect:\n  - {role: my-role, service_account: default/my-sa, can: [read secret/data/myapp/config]}\n',
  );
  expect(mistakesOf(() => read(text)).map(({ message }) => message)).toEqual([
    expect.stringContaining('does not bind the namespace default'),
    expect.stringContaining('do not allow read on secret/data/myapp/config'),
  ]);
});

test('the article without expectations: what a careful reader doubts', () => {
  const { warnings } = read(article('default', 'myapp-policy', ''));
  expect(warnings.map(({ message }) => message)).toEqual([
    expect.stringContaining('Vault checks it only with disable_iss_validation: false'),
    expect.stringContaining('no role of this recipe has the policy myappp-policy'),
    expect.stringContaining('did you mean "secret/data/top-secret"'),
    expect.stringContaining('the reviewer default/my-sa may log in as an application too'),
    expect.stringContaining('did you mean "myappp-policy"'),
  ]);
});
