import type { Issue } from 'codeclimate-types';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gitlab } from '../../../src/output/reports/gitlab.ts';
import { expectGolden } from '../../golden.ts';
import { anyReported, everything, reported } from './reported.ts';

describe('gitlab', () => {
  it('keeps its shape', () => expectGolden('report/everything.gitlab.json', gitlab(everything)));

  it('has what GitLab requires of every issue', () => {
    fc.assert(
      fc.property(anyReported, (one) => {
        const issues = JSON.parse(gitlab(one)) as Issue[];
        const { failed, blocked, warnings, asked } = one.report.summary;
        expect(issues).toHaveLength(failed + blocked + warnings + asked);
        expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(issues.length);
        for (const { description, location, severity } of issues) {
          expect([...description].length).toBeLessThanOrEqual(1000);
          expect(location).toEqual({ path: expect.any(String), lines: { begin: expect.any(Number) } });
          expect(['major', 'minor', 'info']).toContain(severity);
        }
      }),
    );
  });

  it('names standard input where there is no file', () => {
    const issues = JSON.parse(gitlab(reported(everything.report, ['-']))) as Issue[];
    expect(issues.at(-1)?.location).toEqual({ path: 'stdin', lines: { begin: 1 } });
  });
});
