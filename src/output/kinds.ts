import type { Finding, Report } from '../model/report.ts';
import { count } from './layout/count.ts';
import { grouped } from './layout/grouped.ts';

const paths: [RegExp, one: string, many: string][] = [
  [/^sys\/auth\//, 'auth method', 'auth methods'],
  [/^sys\/policies\/acl\//, 'policy', 'policies'],
  [/^auth\/.+\/role\/[^/]+$/, 'role', 'roles'],
  [/^auth\/.+\/config$/, 'auth config', 'auth configs'],
];

/** Of what kind the object of an address is, in the word for so many. */
export function kindOf(subject: string, many: boolean): string {
  const found = paths.find(([form]) => form.test(subject));
  if (found) return found[many ? 2 : 1];
  const word = /^[A-Z][A-Za-z]+(?= )/.exec(subject)?.[0] ?? 'object';
  return many ? `${word}s` : word;
}

/** What is or would be written, as people say it; undefined for what is not. */
export function changeOf({ status, code }: Pick<Finding, 'status' | 'code'>): string | undefined {
  if (status === 'created') return 'created';
  if (status === 'updated') return 'changed';
  if (status !== 'pending') return undefined;
  return code === 'to-update' ? 'to change' : 'to create';
}

/** More changes than this are counted by kind before they are told one by one. */
const mostUncounted = 10;

/** `to create: 300 policies, 300 roles`, a line for each that there is; none where a glance does. */
export function changesByKind({ findings }: Pick<Report, 'findings'>): string[] {
  const changes = findings.filter((one) => changeOf(one) !== undefined);
  if (changes.length <= mostUncounted) return [];
  return grouped(changes, (one) => changeOf(one) ?? '').map(([change, ones]) => {
    const kinds = grouped(ones, ({ subject }) => kindOf(subject, true));
    return `${change}: ${kinds.map(([many, these]) => `${count(these.length)} ${nameOf(many, these)}`).join(', ')}`;
  });
}

const nameOf = (many: string, [first, ...rest]: Finding[]): string =>
  first && rest.length === 0 ? kindOf(first.subject, false) : many;
