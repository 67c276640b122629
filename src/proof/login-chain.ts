import { authAddress } from '../model/addresses.ts';
import type { Chain, LinkStatus } from '../model/report.ts';
import type { LoginReason } from '../vault/answers/login-refusal.ts';
import type { Claim } from './access.ts';
import { endsOf, type Judged } from './judge-claims.ts';

/** In the order in which a login meets them. */
const order = ['service-account', 'token', 'mount', 'role', 'token-review', 'policy', 'secret'] as const;

export type Link = (typeof order)[number];

/** What Vault's own words say is broken. */
export const linkOfReason: Record<LoginReason, Link> = {
  'role-missing': 'role',
  'service-account-not-bound': 'role',
  'namespace-not-bound': 'role',
  'namespace-selector-unusable': 'role',
  'login-needs-mfa': 'role',
  'audience-mismatch': 'token',
  'login-token-expired': 'token',
  'login-token-algorithm': 'token',
  'clock-skew': 'token',
  'issuer-mismatch': 'token',
};

export interface ChainSubject {
  mount: string;
  role: string;
  /** `namespace/name`, or whose token it is. */
  account: string;
  /** Of the role, as far as they are known. */
  policies: string[];
  can: Claim[];
  /** What the login proved of its claims; undefined: it was refused, or not tried. */
  judged: Judged[] | undefined;
  /** Links that are broken, of which the first is shown; none: all is good, or nobody knows which. */
  broken: Link[];
  /** The account is not there, which is no fault: its login was not tried. Default false. */
  absent?: boolean;
  /** Before the broken one: was it looked at? What stands there let the login get that far, where one was tried. */
  seen?(link: Link): boolean;
}

/** The way from the account to its secrets, for verify and doctor alike: each link marked by what the login showed. */
export function loginChain(subject: ChainSubject): Chain {
  const { mount, role, account, policies, can, judged, absent = false, seen = () => true } = subject;
  const ends = judged && endsOf(judged);
  const secret = ends?.secret?.claim.path ?? can[0]?.path;
  const subjects: Record<Link, string | undefined> = {
    'service-account': `ServiceAccount ${account}`,
    token: 'token',
    mount: authAddress(mount),
    role: `role ${role}`,
    'token-review': 'TokenReview',
    policy: policies.length > 0 ? `policy ${policies.join(', ')}` : undefined,
    secret,
  };
  const shown = order.filter((link) => subjects[link] !== undefined);
  const broken: Link[] = [...subject.broken, ...(ends?.policy === 'failed' ? ['policy' as const] : [])];
  const at = Math.min(...broken.filter((link) => shown.includes(link)).map((link) => shown.indexOf(link)));
  const statusOf = (link: Link, index: number): LinkStatus => {
    if (absent) return link === 'service-account' ? 'warning' : 'unknown';
    if (index === at) return 'failed';
    if (index > at || (at === Number.POSITIVE_INFINITY && !ends)) return 'unknown';
    if (link === 'policy') return ends?.policy ?? 'unknown';
    if (link === 'secret') return ends?.secret?.mark ?? 'unknown';
    return seen(link) ? 'ok' : 'unknown';
  };
  const links = shown.map((link, index) => ({ link, subject: subjects[link] ?? '', status: statusOf(link, index) }));
  return { role, service_account: account, links };
}
