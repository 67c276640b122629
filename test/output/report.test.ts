import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { finding, type Report, report } from '../../src/model/report.ts';
import { doctorText } from '../../src/output/doctor.ts';
import { human } from '../../src/output/human.ts';
import { reportJson } from '../../src/output/json.ts';
import { problemsText } from '../../src/output/problems.ts';
import { reportJsonSchema } from '../../src/output/report-schema.ts';
import { expectGolden } from '../golden.ts';
import { chain, mixed, recipe } from './mixed.ts';

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
