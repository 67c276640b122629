import sarifSchema from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json' with { type: 'json' };
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sarif } from '../../../src/output/reports/sarif.ts';
import { expectGolden } from '../../golden.ts';
import { anyReported, everything, reported } from './reported.ts';

/** The published schema. Its `id` and `$schema` are of a draft whose other words mean the same today. */
function schemaCheck() {
  const { id, $schema: _, ...rest } = sarifSchema;
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  formats.default(ajv);
  return ajv.compile({ $id: id, ...rest });
}

const valid = schemaCheck();

function parsed(text: string) {
  const log = JSON.parse(text);
  expect(valid(log), JSON.stringify(valid.errors)).toBe(true);
  return log.runs[0];
}

describe('sarif', () => {
  it('keeps its shape', () => expectGolden('report/everything.sarif.json', sarif(everything)));

  it('is checked by a schema that says no', () => {
    const log = JSON.parse(sarif(everything));
    log.runs[0].results[0].level = 'dreadful';
    expect(valid(log)).toBe(false);
    expect(valid({ ...log, runs: undefined })).toBe(false);
  });

  it('has what is wrong or doubtful, where the recipe says it', () => {
    const { results, tool } = parsed(sarif(everything));
    expect(results.map((one: { ruleId: string; level: string }) => `${one.level} ${one.ruleId}`)).toEqual([
      'error binding-foreign',
      'error login-refused',
      'note asked-only',
      'warning root-token',
      'error reviewer-forbidden',
    ]);
    expect(results[0].locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: 'article.yaml', uriBaseId: '%SRCROOT%' },
      region: { startLine: 12, startColumn: 3 },
    });
    expect(results[1].locations[0].physicalLocation.region).toEqual({ startLine: 1, startColumn: 1 });
    for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex].id).toBe(ruleId);
  });

  it('has fingerprints that a moved line and other words do not change', () => {
    const moved = everything.report.findings.map((one) => ({
      ...one,
      message: `${one.message}!`,
      at: one.at && { ...one.at, line: one.at.line + 7 },
    }));
    const of = (text: string) =>
      parsed(text).results.map((one: { partialFingerprints: object }) => one.partialFingerprints);
    expect(of(sarif(reported({ ...everything.report, findings: moved })))).toEqual(of(sarif(everything)));
  });

  it('is valid, has no links, and no two fingerprints are the same, whatever the texts are', () => {
    fc.assert(
      fc.property(anyReported, (one) => {
        const { results } = parsed(sarif(one));
        const prints = results.map(
          (each: { partialFingerprints: object }) => Object.values(each.partialFingerprints)[0],
        );
        expect(new Set(prints).size).toBe(prints.length);
        for (const { message } of results) expect(message.text).not.toMatch(/\]\(|\{\d+\}/);
      }),
    );
  });
});
