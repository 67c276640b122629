import { describe, expect, it } from 'vitest';
import { mayApply, mayProbe, mayRead } from '../../src/kubernetes/gates.ts';

const v1 = '/api/v1/namespaces/default';
const table: [method: string, path: string, reader: boolean, prober: boolean, session: boolean][] = [
  ['GET', `${v1}/secrets/x`, true, true, true],
  ['POST', `${v1}/serviceaccounts/my-sa/token`, false, true, true],
  ['POST', '/k8s/clusters/c-1/apis/authentication.k8s.io/v1/tokenreviews', false, true, true],
  ['POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', false, true, true],
  ['POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', false, true, true],
  ['POST', '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', false, true, true],
  ['POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', false, true, true],
  ['POST', `${v1}/serviceaccounts`, false, false, false],
  ['POST', `${v1}/pods/x/exec`, false, false, false],
  ['PATCH', `${v1}/serviceaccounts/my-sa`, false, false, true],
  ['PATCH', `${v1}/secrets/x`, false, false, true],
  ['PATCH', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/x', false, false, true],
  ['PATCH', '/apis/rbac.authorization.k8s.io/v1/clusterroles/x', false, false, false],
  ['PATCH', `${v1}/serviceaccounts/my-sa/token`, false, false, false],
  ['PATCH', `${v1}/configmaps/x`, false, false, false],
  ['DELETE', `${v1}/secrets/x`, false, false, false],
  ['PUT', `${v1}/secrets/x`, false, false, false],
];

describe('what each capability may send', () => {
  it.each(table)('%s %s', (method, path, reader, prober, session) => {
    expect([mayRead(method, path), mayProbe(method, path), mayApply(method, path)]).toEqual([reader, prober, session]);
  });
});
