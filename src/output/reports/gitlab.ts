import { jsonText } from '../json.ts';
import { alertsOf } from './alerts.ts';
import type { Reported } from './reported.ts';
import { details, headline } from './words.ts';

/** Characters. GitLab shows descriptions cut; what is longer than this is in the other reports. */
const longest = 1000;

const severities = { error: 'major', warning: 'minor', note: 'info' };

/** GitLab's code quality report: the subset of Code Climate's issues that GitLab reads. */
export function gitlab(reported: Reported): string {
  const issues = alertsOf(reported).map(({ finding, level, at, fingerprint }) => ({
    type: 'issue',
    check_name: finding.code,
    description: cut([headline(finding), ...details(finding)].join('; ')),
    categories: ['Security'],
    severity: severities[level],
    fingerprint,
    location: { path: at?.file ?? 'stdin', lines: { begin: at?.line ?? 1 } },
  }));
  return jsonText(issues);
}

function cut(text: string): string {
  const characters = [...text];
  return characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : text;
}
