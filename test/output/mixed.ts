import { kubectl } from '../../src/model/commands.ts';
import { type Finding, finding, type LinkStatus, report } from '../../src/model/report.ts';
import type { Servers } from '../../src/model/servers.ts';

export const recipe = { name: 'article', files: ['article.yaml'] };
const at = { file: 'article.yaml', line: 12, column: 3 };

const findings: Finding[] = [
  finding({
    step: 'enable-auth',
    code: 'in-place',
    subject: 'sys/auth/kube-policy',
    status: 'ok',
    message: 'in place',
    adopted: true,
    at,
  }),
  finding({
    step: 'write-policy',
    code: 'to-update',
    subject: 'sys/policies/acl/myapp-policy',
    status: 'pending',
    message: 'to update',
    fields: [
      {
        field: 'policy',
        before: 'path "a" {\n  capabilities = ["list"]\n}\n',
        after: 'path "a" {\n  capabilities = ["read"]\n}\n',
      },
    ],
    at,
    milliseconds: 12.6,
  }),
  finding({
    step: 'bind-delegator',
    code: 'binding-foreign',
    subject: 'ClusterRoleBinding tokenreview-binding',
    status: 'blocked',
    message: 'exists and is not ours',
    fix: [
      { why: 'choose another name' },
      { why: 'or add the subject by hand', command: kubectl('edit clusterrolebinding', ['tokenreview-binding']) },
    ],
    at,
  }),
  finding({
    step: 'write-config',
    code: 'to-update',
    subject: 'auth/kube-policy/config',
    status: 'pending',
    message: 'to update',
    fields: [
      {
        field: 'token_reviewer_jwt',
        before: '(set, unknown)',
        after: '(from Secret default/vault-reviewer-token)',
        sensitive: true,
      },
      { field: 'issuer', before: 'x', after: '' },
    ],
  }),
  finding({
    step: 'bind-role',
    code: 'to-create',
    subject: 'auth/kube-policy/role/my-role',
    status: 'pending',
    message: 'to create',
    fields: [
      { field: 'bound_service_account_names', after: ['my-sa'] },
      { field: 'token_policies', unknown: 'after apply of sys/policies/acl/myapp-policy' },
    ],
  }),
  finding({
    step: 'bind-role',
    code: 'left-alone',
    subject: 'auth/kube-policy/role/old',
    status: 'ok',
    message: 'no recipe names this role; it is left alone',
  }),
  finding({
    step: 'login',
    code: 'login-refused',
    subject: 'ServiceAccount default/my-sa as auth/kube-policy/role/my-role',
    status: 'failed',
    message: 'default/my-sa cannot log in',
    evidence: [{ experiment: 'workload-login', said: '403 permission denied' }],
  }),
  finding({
    step: 'login',
    code: 'asked-only',
    subject: 'ServiceAccount default/other as auth/kube-policy/role/my-role',
    status: 'asked',
    message: 'asked only, not tried: cannot update secret/data/a (a trial write would change what is there)',
  }),
];

const link = (name: string, subject: string, status: LinkStatus) => ({ link: name, subject, status });
export const chain = [
  {
    role: 'my-role',
    service_account: 'default/my-sa',
    links: [
      link('service-account', 'ServiceAccount default/my-sa', 'ok'),
      link('token', 'token', 'ok'),
      link('mount', 'auth/kube-policy', 'ok'),
      link('role', 'role my-role', 'ok'),
      link('token-review', 'TokenReview', 'failed'),
      link('policy', 'policy myapp-policy', 'unknown'),
      link('secret', 'secret/data/myapp/config', 'unknown'),
    ],
  },
  {
    role: 'my-role',
    service_account: 'default/other',
    links: [
      link('service-account', 'ServiceAccount default/other', 'ok'),
      link('policy', 'policy database', 'asked'),
      link('secret', 'database/creds/app', 'asked'),
    ],
  },
];

export const servers: Servers = {
  vault: {
    address: 'https://vault.example.com:8200',
    namespace: 'platform',
    product: 'openbao',
    version: '2.7.2',
    as: 'token-ci-apply',
    policies: ['ci-apply', 'default'],
  },
  cluster: { context: 'prod', server: 'https://10.0.0.1:6443', user: 'deployer', version: 'v1.37.2' },
};

/** One of everything that a report can show. */
export const mixed = report({ command: 'verify', recipe, servers, findings, chain });
