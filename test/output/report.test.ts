import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import type { Code } from '../../src/codes.ts';
import { InputError } from '../../src/errors.ts';
import { type Finding, finding, type Report, report, type Status } from '../../src/model/report.ts';
import { doctorText } from '../../src/output/doctor.ts';
import { human } from '../../src/output/human.ts';
import { reportJson } from '../../src/output/json.ts';
import { problemsText } from '../../src/output/problems.ts';
import { reportJsonSchema } from '../../src/output/report-schema.ts';
import { expectGolden } from '../golden.ts';
import { chain, mixed, recipe, servers } from './mixed.ts';

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
const plain = { color: false, unicode: true, width: 120, wraps: false, verbose: false };

describe('human', () => {
  it('shows a mixed report', () => expectGolden('report/mixed.txt', human(mixed, plain)));
  it('fits a narrow terminal without UTF-8', () =>
    expectGolden('report/mixed-narrow-ascii.txt', human(mixed, { ...plain, unicode: false, width: 50 })));
  it('lets no text of a recipe or a server steer the terminal', () => {
    const steering = '\u001b[2J\u202egone\u0007';
    const findings = mixed.findings.map((one) => ({ ...one, message: `${one.message}${steering}` }));
    const error = new InputError({ code: 'usage', subject: steering, message: steering, fix: [{ why: steering }] });
    const shown = [
      human({ ...mixed, findings }, plain),
      doctorText({ ...mixed, findings }, plain),
      problemsText(error, plain),
    ];
    for (const text of shown)
      expect([text.includes('\ufffd[2J\ufffdgone\ufffd'), /\p{Cf}|(?!\n)\p{Cc}/u.test(text)]).toEqual([true, false]);
  });
  it('colours it', () => expectGolden('report/mixed-colour.txt', human(mixed, { ...plain, color: true })));
  it('counts what is in place when there is much of it', () => expectGolden('report/many.txt', human(many, plain)));
  it('lists ten of a kind, and counts the others by kind and change', () => {
    const change = (status: Status, code: Code, subject: string, message: string) =>
      finding({ step: 'bind-role', status, code, subject, message, fields: [{ field: 'ttl', after: 1 }] });
    const some = (count: number, one: (index: number) => Finding) => Array.from({ length: count }, (_, at) => one(at));
    const findings = [
      ...some(300, (at) => change('pending', 'to-create', `auth/k/role/r${at}`, 'to create')),
      ...some(12, (at) => change('pending', 'to-create', `sys/policies/acl/p${at}`, 'to create')),
      change('pending', 'to-update', 'auth/k/config', 'to update'),
      ...some(11, (at) => change('warning', 'left-alone', `auth/k/role/l${at}`, 'left alone')),
    ];
    const text = human(report({ command: 'plan', recipe, servers, findings }), plain);
    const [first, ...lines] = text.split('\n');
    expect(first).toMatch(/^Vault https:\/\/vault\.example\.com:8200 \(OpenBao/);
    expect(lines.slice(0, 2)).toEqual(['to create: 300 roles, 12 policies', 'to change: 1 auth config']);
    expect(lines.filter((line) => line.includes('--full'))).toEqual([
      '  + and 290 more roles: to create (--full lists them)',
      '  + and 2 more policies: to create (--full lists them)',
      '  ! and 1 more role: left-alone (--full lists them)',
    ]);
    expect(lines.filter((line) => /^ {2}[+~!] (auth|sys)\//.test(line))).toHaveLength(10 + 10 + 1 + 10);
    expect(text).toContain('plan article: 312 to create, 1 to change (0 ok, 11 warnings)\n');
    const whole = human(report({ command: 'plan', recipe, findings }), { ...plain, full: true });
    expect(whole.match(/^ {2}[+~!] (auth|sys)\//gm)).toHaveLength(324);
    expect(human(report({ command: 'init', recipe, findings }), plain)).toContain(
      'and 290 more roles: to create (-o json',
    );
    const brief = human(report({ command: 'apply', recipe, findings }), { ...plain, brief: true });
    expect(brief).not.toContain('ttl');
  });
  it('counts updates with the sign and the word of those that are listed', () => {
    const update = (_: unknown, at: number) =>
      finding({ step: 's', status: 'pending', code: 'to-update', subject: `auth/k/role/r${at}`, message: 'to update' });
    const text = human(report({ command: 'plan', recipe, findings: Array.from({ length: 13 }, update) }), plain);
    expect(text).toContain('\n  ~ and 3 more roles: to update (--full');
  });
  it('tells logins that hold in one line, and those that do not in words', () => {
    const login = (at: number, status: Status) =>
      finding({
        step: 'login',
        status,
        code: status === 'ok' ? 'in-place' : 'login-refused',
        subject: `ServiceAccount a/b${at} as auth/k/role/r`,
        message: status === 'ok' ? 'logs in' : 'cannot log in',
        fields: [{ field: 'policies', after: 'x' }],
      });
    const findings = [...Array.from({ length: 297 }, (_, at) => login(at, 'ok')), login(297, 'failed')];
    const text = human({ ...report({ command: 'verify', recipe, findings }), milliseconds: 61_234 }, plain);
    expect(text).toContain('\n  ✓ 297 log in\n');
    expect(text.split('\n').filter((line) => line.includes('ServiceAccount'))).toHaveLength(1);
    expect(text).toMatch(/\(297 ok, 1 failed\) in 1 min 1 s\n$/);
  });
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
    expect(validate(JSON.parse(reportJson(one))), JSON.stringify(validate.errors)).toBe(true);
  });

  it('keeps its shape', () => expectGolden('report/mixed.json', reportJson(mixed)));

  it('has a schema that says no', () => {
    expect(validate({ ...JSON.parse(reportJson(mixed)), extra: 1 })).toBe(false);
    expect(validate({ ...JSON.parse(reportJson(mixed)), findings: [{ code: 'unheard-of' }] })).toBe(false);
  });
});
