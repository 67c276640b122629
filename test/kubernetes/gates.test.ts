import { describe, expect, it } from 'vitest';
import { mayApply, mayProbe, mayRead } from '../../src/kubernetes/gates.ts';

const v1 = '/api/v1/namespaces/default';
const bindings = '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings';
const versioned = { metadata: { resourceVersion: '17' } };
const table: [method: string, path: string, reader: boolean, prober: boolean, session: boolean][] = [
  ['GET', `${v1}/secrets/x`, true, true, true],
  ['POST', `${v1}/serviceaccounts/my-sa/token`, false, true, true],
  ['POST', '/k8s/clusters/c-1/apis/authentication.k8s.io/v1/tokenreviews', false, true, true],
  ['POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', false, true, true],
  ['POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', false, true, true],
  ['POST', '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', false, true, true],
  ['POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', false, true, true],
  ['POST', `${v1}/serviceaccounts`, false, false, true],
  ['POST', `${v1}/secrets`, false, false, true],
  ['POST', `/k8s/clusters/c-1${bindings}`, false, false, true],
  ['POST', `${v1}/secrets/x`, false, false, false],
  ['POST', `${v1}/configmaps`, false, false, false],
  ['POST', '/apis/rbac.authorization.k8s.io/v1/clusterroles', false, false, false],
  ['POST', `${v1}/pods/x/exec`, false, false, false],
  ['PATCH', `${v1}/serviceaccounts/my-sa`, false, false, false],
  ['PATCH', `${v1}/secrets/x`, false, false, true],
  ['PATCH', `${bindings}/x`, false, false, true],
  ['PATCH', '/apis/rbac.authorization.k8s.io/v1/clusterroles/x', false, false, false],
  ['PATCH', `${v1}/serviceaccounts/my-sa/token`, false, false, false],
  ['PATCH', `${v1}/configmaps/x`, false, false, false],
  ['DELETE', `${v1}/secrets/x`, false, false, false],
  ['PUT', `${v1}/secrets/x`, false, false, false],
];

/** A request with a body and a kind of patch. */
function request(method: string, path: string, body: unknown = versioned, type = 'application/merge-patch+json') {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { method, url: `https://k${path}`, headers: { 'Content-Type': type }, body: text, repeatable: true };
}

describe('what each capability may send', () => {
  it.each(table)('%s %s', (method, path, ...may) => {
    const asked = request(method, path);
    expect([mayRead, mayProbe, mayApply].map((allow) => allow(method, path, false, asked))).toEqual(may);
  });
});

describe('a write upon what is there names the version that it was made of', () => {
  const refused: [what: string, body: unknown, type?: string][] = [
    ['no version', { metadata: { annotations: { a: 'b' } } }],
    ['no metadata', { subjects: [] }],
    ['an empty version', { metadata: { resourceVersion: '' } }],
    ['the version that stands for any', { metadata: { resourceVersion: '0' } }],
    ['the same, in other digits', { metadata: { resourceVersion: '00' } }],
    ['a version that is no text', { metadata: { resourceVersion: 17 } }],
    ['a version elsewhere', { resourceVersion: '17', metadata: { annotations: { resourceVersion: '17' } } }],
    ['a body that is no JSON', 'metadata: {resourceVersion: "17"}'],
    ['null', 'null'],
    ['server-side apply, which removes what it does not send again', versioned, 'application/apply-patch+yaml'],
    ['a JSON patch', '[]', 'application/json-patch+json'],
    ['a strategic merge patch', versioned, 'application/strategic-merge-patch+json'],
  ];
  it.each(refused)('%s does not pass', (_what, body, type) => {
    for (const path of [`${v1}/secrets/x`, `${bindings}/x`])
      expect(mayApply('PATCH', path, false, request('PATCH', path, body, type))).toBe(false);
  });

  it('nor does one whose body nobody saw', () => {
    expect(mayApply('PATCH', `${bindings}/x`)).toBe(false);
  });
});
