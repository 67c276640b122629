import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { type Finding, finding, type Report, report } from '../../src/engine/report.ts';
import { human } from '../../src/output/human.ts';
import { json } from '../../src/output/json.ts';
import { reportJsonSchema } from '../../src/output/report-schema.ts';
import { expectGolden } from '../golden.ts';

const recipe = { name: 'article', files: ['article.yaml'] };
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
      { why: 'or add the subject by hand', command: 'kubectl edit clusterrolebinding tokenreview-binding' },
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
];

const link = (name: string, subject: string, status: 'ok' | 'failed' | 'unknown') => ({ link: name, subject, status });
const chain = [
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
];

const mixed = report({ command: 'verify', recipe, findings, chain });
const many = report({
  command: 'plan',
  recipe,
  findings: Array.from({ length: 1200 }, (_, index) =>
    finding({
      step: 'bind-role',
      code: 'in-place',
      subject: `auth/k/role/r${index}`,
      status: 'ok',
      message: 'in place',
    }),
  ),
});
const plain = { color: false, unicode: true, width: 120, verbose: false };

describe('human', () => {
  it('shows a mixed report', () => expectGolden('report/mixed.txt', human(mixed, plain)));
  it('fits a narrow terminal without UTF-8', () =>
    expectGolden('report/mixed-narrow-ascii.txt', human(mixed, { ...plain, unicode: false, width: 50 })));
  it('colours it', () => expectGolden('report/mixed-colour.txt', human(mixed, { ...plain, color: true })));
  it('counts what is in place when there is much of it', () => expectGolden('report/many.txt', human(many, plain)));
  it('lists it all when asked', () =>
    expect(human(many, { ...plain, verbose: true }).split('\n').length).toBeGreaterThan(1200));
  it('uses ASCII alone when it must', () => {
    const drawn = human({ ...mixed, findings: [], chain }, { ...plain, unicode: false });
    expect(drawn).not.toMatch(/[^\x20-\x7e\n]/);
  });
});

describe('json', () => {
  const validate = new Ajv2020({ strict: false }).compile(reportJsonSchema());
  const cases: [string, Report][] = [
    ['mixed', mixed],
    ['many', many],
    ['empty', report({ command: 'validate', findings: [] })],
  ];

  it.each(cases)('%s is what the published schema says', (_name, one) => {
    expect(validate(JSON.parse(json(one))), JSON.stringify(validate.errors)).toBe(true);
  });

  it('keeps its shape', () => expectGolden('report/mixed.json', json(mixed)));

  it('has a schema that says no', () => {
    expect(validate({ ...JSON.parse(json(mixed)), extra: 1 })).toBe(false);
    expect(validate({ ...JSON.parse(json(mixed)), findings: [{ code: 'unheard-of' }] })).toBe(false);
  });
});
