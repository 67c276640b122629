import type { Report } from '../engine/report.ts';

/** A report as JSON, two spaces, one line end. Milliseconds are whole numbers. */
export function json(report: Report): string {
  const findings = report.findings.map((one) => ({ ...one, milliseconds: Math.round(one.milliseconds) }));
  return `${JSON.stringify({ ...report, findings }, null, 2)}\n`;
}
