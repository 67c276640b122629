import { accountText } from '../model/account.ts';
import { authAddress } from '../model/addresses.ts';
import type { Chain, LinkStatus } from '../model/report.ts';
import { type Ends, endsOf, judgedClaims } from '../proof/judged.ts';
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
  const { mount, role, can, cannot, stranger } = x.patient;
  if (role === undefined || stranger) return undefined;
  const who = x.tried ?? x.patient.service_account;
  const account = who ? accountText(who) : x.patient.jwt ? '(given token)' : '(unknown)';
  const policies = policiesOf(known(x.role));
  const accepted = acceptedOf(x);
  const ends = accepted && endsOf(judgedClaims(accepted, { can, cannot }));
  const secret = ends?.secret?.claim.path ?? can[0]?.path;
  const links: [string, string][] = [
    ['service-account', `ServiceAccount ${account}`],
    ['token', 'token'],
    ['mount', authAddress(mount)],
    ['role', `role ${role}`],
    ['token-review', 'TokenReview'],
    ...(policies.length > 0 ? [['policy', `policy ${policies.join(', ')}`] as [string, string]] : []),
    ...(secret === undefined ? [] : [['secret', secret] as [string, string]]),
  ];
  const first = brokenAt(links, causes, ends);
  const drawn = links.map(([link, subject], index) => ({
    link,
    subject,
    status: statusOf(x, link, index, first, ends),
  }));
  return { role, service_account: account, links: drawn };
}

function brokenAt(links: [string, string][], causes: Diagnosis[], ends: Ends | undefined): number {
  const named = causes.map(({ stage, cause }) =>
    cause === 'service-account-missing' ? 'service-account' : linkOf[stage],
  );
  const broken = [...named, ...(ends?.policy === 'failed' ? ['policy'] : [])].flatMap((link) => {
    const index = links.findIndex(([name]) => name === link);
    return index === -1 ? [] : [index];
  });
  return broken.length === 0 ? -1 : Math.min(...broken);
}

/** What stands before the broken link let the login get that far; what it may do, the login's own requests tell. */
function statusOf(x: Examination, link: string, index: number, broken: number, ends: Ends | undefined): LinkStatus {
  if (index === broken) return 'failed';
  if ((broken !== -1 && index > broken) || (broken === -1 && !ends)) return 'unknown';
  if (link === 'policy') return ends?.policy ?? 'unknown';
  if (link === 'secret') return ends?.secret?.mark ?? 'unknown';
  const tried = known(x.login) !== undefined;
  if (link === 'token' && !tried && !x.patient.jwt) return 'unknown';
  if (link === 'service-account' && !tried && known(x.account)?.exists !== true) return 'unknown';
  return 'ok';
}
