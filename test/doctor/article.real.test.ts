import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CauseId } from '../../src/codes.ts';
import type { Finding } from '../../src/model/report.ts';
import { kubernetes } from '../servers/raw.ts';
import { products, servers, uniqueName } from '../servers/servers.ts';
import { type Workbench, workbench } from '../servers/workbench.ts';

/**
 * The article typed as it stands, by somebody who looks at no answer; then the doctor is asked, what it names first is
 * mended by hand and no better than the article would have it, and the doctor is asked again.
 */
const rbac = '/apis/rbac.authorization.k8s.io';

/** The article's auth/kubernetes, which it never enabled; under a name that no other test on these servers enables. */
const defaultMount = `kubernetes-${uniqueName('never')}`;

/** `vault` and `kubectl` of the article as the requests they make; each resolves with the status that nobody looked at. */
function article({ mount, namespace, role, binding, policy, secret, vault }: Workbench) {
  const { server, ca } = servers().kubernetes;
  const myappp = policy.replace('policy-', 'policyy-');
  const boundTo = (subject: string) => ({
    metadata: { name: binding, namespace },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:auth-delegator' },
    subjects: [{ kind: 'ServiceAccount', name: subject, namespace }],
  });
  const writePolicy = (text: string) => vault('POST', `sys/policies/acl/${myappp}`, { policy: text });
  const rule = (path: string) => `path "${path}" {\n  capabilities = ["read", "list"]\n}\n`;
  const writeRole = (at: string, boundNamespace: string) =>
    vault('POST', `auth/${at}/role/${role}`, {
      bound_service_account_names: 'my-sa',
      bound_service_account_namespaces: boundNamespace,
      policies: myappp,
      ttl: '24h',
    });
  const writeConfig = (token: string) =>
    vault('POST', `auth/${mount}/config`, {
      token_reviewer_jwt: token,
      kubernetes_host: server,
      kubernetes_ca_cert: ca,
      issuer: 'https://kubernetes.default.svc.cluster.local',
    });
  return {
    enable: () => vault('POST', `sys/auth/${mount}`, { type: 'kubernetes' }),
    /** `<< EOFpath`: the here-document swallows the first word. */
    policyWithoutPath: () => writePolicy(rule('secret/top-secret/data').replace('path ', '')),
    policyOfTheArticle: () => writePolicy(rule('secret/top-secret/data')),
    policyAsKvGetWritesIt: () => writePolicy(rule(`secret/${secret}`)),
    policyWithData: () => writePolicy(rule(`secret/data/${secret}`)),
    /** `{.secrets[*]['name']}` of an account of Kubernetes 1.24: nothing, so the token is empty. */
    secretsOfMySa: async () =>
      (await kubernetes('GET', `/api/v1/namespaces/${namespace}/serviceaccounts/my-sa`)).body.secrets,
    configWithEmptyToken: () => writeConfig(''),
    configWithTokenOfMySa: async () => writeConfig(await tokenOfMySa(namespace)),
    roleBelowKubernetes: () => writeRole(defaultMount, `${namespace}-app`),
    roleOfAnotherNamespace: () => writeRole(mount, `${namespace}-app`),
    roleOfTheNamespace: () => writeRole(mount, namespace),
    bindingOfV1beta1: () => kubernetes('POST', `${rbac}/v1beta1/clusterrolebindings`, boundTo('my-sa')),
    /** Its `namespace: default`, which a ClusterRoleBinding cannot have, is left out on the second try. */
    bindingOfV1: () =>
      kubernetes('POST', `${rbac}/v1/clusterrolebindings`, { ...boundTo('my-sa'), metadata: { name: binding } }),
    store: () => vault('POST', `secret/data/${secret}`, { data: { password: 'kv-canary-2f6d1c' } }),
  };
}

/** As Kubernetes' documentation says since 1.24: a Secret by hand, filled a moment later. */
async function tokenOfMySa(namespace: string): Promise<string> {
  const path = `/api/v1/namespaces/${namespace}/secrets`;
  await kubernetes('POST', path, {
    type: 'kubernetes.io/service-account-token',
    metadata: { name: 'my-sa-token', annotations: { 'kubernetes.io/service-account.name': 'my-sa' } },
  });
  for (let tries = 0; tries < 100; tries += 1) {
    const token = (await kubernetes('GET', `${path}/my-sa-token`)).body.data?.token;
    if (token) return Buffer.from(token, 'base64').toString();
    await sleep(50);
  }
  throw new Error('the token Secret was never filled');
}

type Typed = ReturnType<typeof article>;

/** In the order in which the doctor names them: what it says first, and how the newcomer mends it. */
const mistakes: [
  mistake: string,
  cause: CauseId,
  subject: RegExp,
  mend: (typed: Typed) => Promise<{ status: number }>,
][] = [
  [
    'the role was written below auth/kubernetes',
    'role-missing',
    /^auth\/.*\/role\//,
    (typed) => typed.roleOfAnotherNamespace(),
  ],
  [
    'the role binds another namespace than the account has',
    'namespace-not-bound',
    /^auth\/.*\/role\//,
    (typed) => typed.roleOfTheNamespace(),
  ],
  [
    'no token Secret, so an empty reviewer token was written',
    'token-secret-missing',
    /^Secret /,
    (typed) => typed.configWithTokenOfMySa(),
  ],
  ['the ClusterRoleBinding of v1beta1 was refused', 'reviewer-forbidden', /my-sa/, (typed) => typed.bindingOfV1()],
  [
    'the policy speaks of another path',
    'policy-not-attached',
    /^secret\/data\//,
    (typed) => typed.policyAsKvGetWritesIt(),
  ],
  [
    'the path of the policy lacks data/',
    'policy-path-lacks-data',
    /^secret\/data\//,
    (typed) => typed.policyWithData(),
  ],
  ['nothing was ever stored', 'secret-missing', /^secret\/data\//, (typed) => typed.store()],
];

describe.each(products)('the article typed literally, on %s', (product) => {
  let bench: Workbench;
  let typed: Typed;
  const doctor = () => bench.report('doctor', '-f', 'recipe.yaml');
  beforeAll(async () => {
    bench = await workbench(product);
    bench.write(bench.recipe());
    await bench.vault('DELETE', `secret/metadata/${bench.secret}`);
    typed = article(bench);
  });
  afterAll(() => bench.remove());

  it('fails silently in five places', async () => {
    expect((await typed.enable()).status).toBe(204);
    expect((await typed.policyWithoutPath()).status).toBe(400);
    expect((await typed.policyOfTheArticle()).status).toBe(204);
    expect(await typed.secretsOfMySa()).toBeUndefined();
    expect((await typed.configWithEmptyToken()).status).toBe(204);
    expect((await typed.roleBelowKubernetes()).status).toBe(404);
    expect((await typed.bindingOfV1beta1()).status).toBe(404);
  });

  it.each(mistakes)('%s: %s', async (_mistake, cause, subject, mend) => {
    const { exit, causes } = await doctor();
    const [first] = causes;
    expect({ exit, first: `${first?.cause} ${first?.certainty}` }, JSON.stringify(causes, null, 1)).toEqual({
      exit: 1,
      first: `${cause} certain`,
    });
    expect(`${first?.subject} ${JSON.stringify(first?.evidence)}`).toMatch(subject);
    expect((await mend(typed)).status).toBeLessThan(300);
  });

  it('finds that the application logs in at the default mount, auth/kubernetes', async () => {
    const account = ['--service-account', `${bench.namespace}/my-sa`];
    const { causes } = await bench.report('doctor', '--mount', defaultMount, '--role', bench.role, ...account);
    expect(`${causes[0]?.cause} ${causes[0]?.certainty}`).toBe('auth-mount-missing certain');
    expect(JSON.stringify(causes[0]?.evidence)).toContain(bench.mount);
  });

  it('works in the end, and the doctor says what will hurt later', async () => {
    const account = ['--service-account', `${bench.namespace}/my-sa`, '--secret', `secret/data/${bench.secret}`];
    // Its role has no audience, and who has only flags is not known to run the mount.
    const flags = ['--mount', bench.mount, '--role', bench.role, ...account, '--mint-for', `${bench.namespace}/my-sa`];
    const { exit, causes, findings, chain } = await bench.report('doctor', ...flags);
    expect(causes).toEqual([]);
    expect(exit).toBe(0);
    expect(chain[0]?.links.every(({ status }) => status === 'ok')).toBe(true);
    expect(warned(findings)).toContain(`role-without-audience auth/${bench.mount}/role/${bench.role}`);
  });

  it('and with the recipe, what of it the article leaves undone', async () => {
    const { exit, causes, findings } = await doctor();
    expect(causes.map(({ cause, certainty, subject }) => `${cause} ${certainty} ${subject}`)).toEqual([
      `drift certain auth/${bench.mount}/role/${bench.role}`,
      `drift certain auth/${bench.mount}/config`,
      `drift certain ServiceAccount ${bench.namespace}/vault-reviewer`,
      `drift certain Secret ${bench.namespace}/vault-reviewer-token`,
      `drift certain ClusterRoleBinding ${bench.binding}`,
      `drift certain sys/policies/acl/${bench.policy}`,
    ]);
    expect(exit).toBe(1);
    expect(warned(findings)).toEqual(
      expect.arrayContaining([
        `delegator-too-wide ClusterRoleBinding ${bench.binding}`,
        `drift auth/${bench.mount}/config`,
      ]),
    );
  });
});

function warned(findings: Finding[]): string[] {
  return findings.filter(({ status }) => status === 'warning').map(({ code, subject }) => `${code} ${subject}`);
}
