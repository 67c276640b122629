import type { Report } from '../model/report.ts';
import { escaped, replaceUnseen } from '../model/unseen.ts';

/** A report as JSON, two spaces, one line end. Milliseconds are whole numbers. */
export function reportJson(report: Report): string {
  const findings = report.findings.map((one) => ({ ...one, milliseconds: Math.round(one.milliseconds) }));
  return jsonText({ ...report, findings, milliseconds: Math.round(report.milliseconds) });
}

/** JSON that a terminal can be shown: what cannot be seen in it is escaped, and is the same text when it is read. */
export function jsonText(value: unknown): string {
  return `${replaceUnseen(JSON.stringify(value, null, 2), escaped)}\n`;
}
