import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { reportJsonSchema } from '../../src/output/report-schema.ts';
import { type CliResult, reportOf } from '../servers/cli.ts';

const validate = new Ajv2020({ strict: false }).compile(reportJsonSchema());

/** stdout is one report, and valid against the published schema. */
export function validReport(result: CliResult): Report {
  const report = reportOf(result);
  expect(validate(report), JSON.stringify(validate.errors)).toBe(true);
  return report;
}
