import { createHash } from 'node:crypto';
import type { Position } from '../../errors.ts';
import type { Finding } from '../../model/report.ts';
import type { Reported } from './reported.ts';

/** A finding that somebody must look at, where its recipe says it. */
export interface Alert {
  finding: Finding;
  /** `note`: asked only and not tried, which is neither wrong nor proved. */
  level: 'error' | 'warning' | 'note';
  /** Null only when the recipe came on standard input or there is none. */
  at: Position | null;
  /** The same for the same trouble in the next run, whatever the line it moved to; different within a report. */
  fingerprint: string;
}

/** What is wrong, doubtful or not proved, in the order of the report. What a plan would change is neither. */
export function alertsOf({ report, files }: Reported): Alert[] {
  const seen = new Map<string, number>();
  const [first] = files.filter((file) => file !== '-');
  const somewhere: Position | null = first === undefined ? null : { file: first, line: 1, column: 1 };
  return report.findings.flatMap((finding) => {
    const level = levelOf(finding);
    if (!level) return [];
    const at = finding.at && finding.at.file !== '-' ? finding.at : somewhere;
    const what = [finding.step, finding.code, finding.subject, at?.file].join('\n');
    const times = (seen.get(what) ?? 0) + 1;
    seen.set(what, times);
    const fingerprint = createHash('sha256').update(`${what}\n${times}`).digest('hex');
    return [{ finding, level, at, fingerprint }];
  });
}

function levelOf({ status }: Finding): Alert['level'] | undefined {
  if (status === 'failed' || status === 'blocked') return 'error';
  if (status === 'asked') return 'note';
  return status === 'warning' ? 'warning' : undefined;
}
