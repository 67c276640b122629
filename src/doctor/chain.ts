import type { Chain, LinkStatus } from '../engine/report.ts';
import type { Stage } from './cause.ts';
import type { Diagnosis } from './diagnose.ts';
import { type Examination, known } from './examination.ts';
import { policiesOf } from './looks/role.ts';
import { acceptedOf } from './refusal.ts';

/** Which link each stage breaks. Vault and operator break all of it. */
const linkOf: Partial<Record<Stage, string>> = {
  mount: 'mount',
  role: 'role',
  config: 'token-review',
  token: 'token',
  binding: 'role',
  reviewer: 'token-review',
  cluster: 'token-review',
  policy: 'policy',
  secret: 'secret',
};

export function chainOf(x: Examination, causes: Diagnosis[]): Chain | undefined {
  const { mount, role, can, stranger } = x.patient;
  if (role === undefined || stranger) return undefined;
  const who = x.tried ?? x.patient.service_account;
  const account = who ? `${who.namespace}/${who.name}` : x.patient.jwt ? '(given token)' : '(unknown)';
  const policies = policiesOf(known(x.role));
  const links: [string, string][] = [
    ['service-account', `ServiceAccount ${account}`],
    ['token', 'token'],
    ['mount', `auth/${mount}`],
    ['role', `role ${role}`],
    ['token-review', 'TokenReview'],
    ...(policies.length > 0 ? [['policy', `policy ${policies.join(', ')}`] as [string, string]] : []),
    ...(can[0] ? [['secret', can[0].path] as [string, string]] : []),
  ];
  const first = brokenAt(links, causes);
  const healthy = first === -1 && acceptedOf(x) !== undefined;
  const drawn = links.map(([link, subject], index) => ({ link, subject, status: statusOf(index, first, healthy) }));
  return { role, service_account: account, links: drawn };
}

function brokenAt(links: [string, string][], causes: Diagnosis[]): number {
  const broken = causes.flatMap(({ stage, cause }) => {
    const link = cause === 'service-account-missing' ? 'service-account' : linkOf[stage];
    const index = links.findIndex(([name]) => name === link);
    return index === -1 ? [] : [index];
  });
  return broken.length === 0 ? -1 : Math.min(...broken);
}

function statusOf(index: number, broken: number, healthy: boolean): LinkStatus {
  if (healthy) return 'ok';
  if (broken === -1) return 'unknown';
  return index < broken ? 'ok' : index === broken ? 'failed' : 'unknown';
}
