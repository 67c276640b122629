import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../src/causes/catalogue.ts';
import { type CauseId, causes as titles } from '../../src/codes.ts';
import { vaultbind } from '../../src/model/commands.ts';
import { shownFix } from '../../src/model/printed.ts';
import { type Cause, type Chain, finding, type LinkStatus, type Report, report } from '../../src/model/report.ts';
import { doctorText } from '../../src/output/doctor.ts';
import { explanationText } from '../../src/output/explanation.ts';
import { reportJson } from '../../src/output/json.ts';
import type { Style } from '../../src/output/layout/paint.ts';
import { reportJsonSchema } from '../../src/output/report-schema.ts';
import { expectGolden } from '../golden.ts';

const recipe = { name: 'article', files: ['article.yaml'] };
const plain: Style = { color: false, unicode: true, width: 160, wraps: false, verbose: false };

function chain(...statuses: LinkStatus[]): Chain[] {
  const links: [string, string][] = [
    ['service-account', 'ServiceAccount default/my-sa'],
    ['token', 'token'],
    ['mount', 'auth/kube-policy'],
    ['role', 'role my-role'],
    ['token-review', 'TokenReview'],
    ['policy', 'policy myapp-policy'],
    ['secret', 'secret/data/myapp/config'],
  ];
  const drawn = links.map(([link, subject], index) => ({ link, subject, status: statuses[index] ?? 'unknown' }));
  return [{ role: 'my-role', service_account: 'default/my-sa', links: drawn }];
}

const bind = { why: 'bind whoever reviews', command: vaultbind('step bind-delegator', { f: 'article.yaml' }) };

const forbidden: Cause = {
  cause: 'reviewer-forbidden',
  certainty: 'certain',
  subject: 'ServiceAccount default/vault-reviewer',
  evidence: [
    {
      experiment: "Vault's log",
      said: 'login unauthorized: tokenreviews.authentication.k8s.io is forbidden: User "system:serviceaccount:default:vault-reviewer" cannot create resource "tokenreviews"',
    },
    { experiment: 'may-review', said: 'default/vault-reviewer may not create tokenreviews' },
  ],
  fix: [shownFix(bind)],
};

const lacksData: Cause = {
  cause: 'policy-path-lacks-data',
  certainty: 'likely',
  subject: 'secret/data/myapp/config',
  evidence: [{ experiment: 'policy', said: 'myapp-policy allows secret/myapp/config' }],
  fix: [{ why: 'ask whoever writes policies for read on secret/data/myapp/config' }],
};

const warning = finding({
  code: 'role-without-audience',
  subject: 'auth/kube-policy/role/my-role',
  status: 'warning',
  message: 'takes any token of the account',
  fix: [{ why: 'set audience on the role' }],
});
const unheard = finding({
  code: 'log-not-heard',
  subject: 'sys/monitor',
  status: 'skipped',
  message: "Vault's log: not heard, because this token may not read sys/monitor",
  fix: [{ why: 'ask for read on sys/monitor' }],
});

const hidden = finding({
  code: 'operator-forbidden',
  subject: 'sys/policies/acl/legacy',
  status: 'skipped',
  message: 'policy legacy: unknown, because this token may not read sys/policies/acl/legacy',
  fix: [{ why: 'ask for a policy with: path "sys/policies/acl/legacy" { capabilities = ["read"] }' }],
});

function broken(...causes: Cause[]): Report {
  const named = causes.map(({ cause, subject, evidence, fix }) => ({
    ...finding({ code: cause, cause, subject, status: 'failed', message: titles[cause as CauseId], evidence }),
    fix,
  }));
  const drawn = chain('ok', 'ok', 'ok', 'ok', 'failed');
  return report({ command: 'doctor', recipe, findings: [...named, warning, hidden], chain: drawn, causes });
}

const healthy = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    finding({
      code: 'healthy',
      subject: `ServiceAccount default/my-sa as auth/kube-policy/role/r${index}`,
      status: 'ok',
      message: 'the login goes through and reaches what it should',
      milliseconds: 214.4,
    }),
  );
const allOk: LinkStatus[] = ['ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok'];
const well = report({ command: 'doctor', recipe, findings: healthy(1), chain: chain(...allOk) });
const narrow = report({ command: 'doctor', findings: [unheard] });

describe('the doctor, for a person', () => {
  it('shows the broken link, then each cause with what was seen and how it is mended', () =>
    expectGolden('doctor/broken.txt', doctorText(broken(forbidden, lacksData), plain)));
  it('shows one cause alone, as the README has it', () =>
    expectGolden('doctor/forbidden.txt', doctorText(broken(forbidden), plain)));
  it('needs no UTF-8 and no width', () => {
    const text = doctorText(broken(forbidden), { ...plain, unicode: false, width: 60 });
    expectGolden('doctor/broken-narrow-ascii.txt', text);
    expect(text).not.toMatch(/[^\x20-\x7e\n]/);
  });
  it('colours it', () =>
    expectGolden('doctor/broken-colour.txt', doctorText(broken(forbidden), { ...plain, color: true })));
  it('says in one line that all is well, and how long it took', () => {
    const text = doctorText(well, plain);
    expectGolden('doctor/healthy.txt', text);
    expect(text.split('\n').filter((line) => /healthy/.test(line))).toHaveLength(1);
  });
  it('counts logins when there are several', () =>
    expect(doctorText(report({ command: 'doctor', findings: healthy(3) }), plain)).toContain('healthy, 3 logins'));
  it('does not call healthy what it could not look at', () => {
    const text = doctorText(narrow, plain);
    expectGolden('doctor/unknown.txt', text);
    expect(text).not.toContain('healthy');
  });
  it('names the page of the first cause once', () =>
    expect(doctorText(broken(forbidden, lacksData), plain).match(/vaultbind explain/g)).toHaveLength(1));
});

describe('the doctor, as JSON', () => {
  const validate = new Ajv2020({ strict: false }).compile(reportJsonSchema());
  it.each([
    ['broken', broken(forbidden, lacksData)],
    ['healthy', well],
    ['unknown', narrow],
  ])('%s is what the published schema says', (_name, one) => {
    expect(validate(JSON.parse(reportJson(one))), JSON.stringify(validate.errors)).toBe(true);
  });
  it('keeps its shape', () => expectGolden('doctor/broken.json', reportJson(broken(forbidden))));
});

describe('--explain', () => {
  it('fits the terminal', () => {
    const parts = { code: 'reviewer-forbidden' as const, title: titles['reviewer-forbidden'] };
    const text = explanationText({ ...parts, ...catalogue['reviewer-forbidden'] }, { ...plain, width: 80 });
    expectGolden('doctor/explain.txt', text);
  });
});
