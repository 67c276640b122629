import { type Alert, alertsOf } from './alerts.ts';
import type { Reported } from './reported.ts';
import { details, headline } from './words.ts';

/** GitHub's workflow commands, one a line: each becomes an annotation at its place in the recipe. */
export function annotations(reported: Reported): string {
  return alertsOf(reported)
    .map((alert) => `${annotation(alert)}\n`)
    .join('');
}

function annotation({ finding, level, at }: Alert): string {
  const place = at ? { file: at.file, line: String(at.line), col: String(at.column) } : {};
  const properties = Object.entries({ ...place, title: `vaultbind: ${finding.code}` })
    .map(([name, value]) => `${name}=${propertyOf(value)}`)
    .join(',');
  return `::${level === 'note' ? 'notice' : level} ${properties}::${dataOf([headline(finding), ...details(finding)].join('\n'))}`;
}

/** A line break would end the command, and what follows could be another one. */
function dataOf(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function propertyOf(text: string): string {
  return dataOf(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
