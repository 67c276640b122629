import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { finding, report } from '../../src/model/report.ts';
import { rbac } from '../../src/output/permissions/rbac.ts';
import { tokenReviews } from '../../src/output/token-reviews.ts';

const read = (text: string) => parseAllDocuments(text, { version: '1.1' }).map((one) => one.toJS());

describe.each(['no', 'on', 'y', '1_000', '1:30', '0b11'])('the name %j, as kubectl reads it in YAML 1.1,', (name) => {
  it('is itself in a Role and its binding', () => {
    const rule = { system: 'kubernetes', group: '', resource: 'serviceaccounts', verb: 'get', namespace: name, name };
    const right = { rule, neededBy: ['plan'] } as unknown as Parameters<typeof rbac>[0][number];
    const [role, binding] = read(rbac([right], name, { kind: 'ServiceAccount', namespace: name, name }));
    expect([role.metadata, role.rules[0].resourceNames]).toEqual([{ namespace: name, name }, [name]]);
    expect([binding.roleRef.name, binding.subjects[0].namespace, binding.subjects[0].name]).toEqual([name, name, name]);
  });

  it('is itself in a TokenReview', () => {
    const one = { step: 'review-token', code: 'in-place', subject: '', status: 'ok', message: '' } as const;
    const fields = [{ field: 'audiences', after: [name] }];
    const [review] = read(tokenReviews(report({ command: 'verify', findings: [finding({ ...one, fields })] })));
    expect(review.status.audiences).toEqual([name]);
  });
});
