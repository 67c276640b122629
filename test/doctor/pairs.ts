import type { CauseId } from '../../src/codes.ts';
import type { Fault } from './fault.ts';
import { faults } from './faults.ts';

/** Two things are broken at once. */
export interface Pair {
  first: Fault;
  second: Fault;
  /** Told at once, certain ones first: of both, or of the first alone. */
  told: CauseId[];
  /** Told first once the first is mended. */
  next: CauseId;
}

function pair(first: string, second: string, told: CauseId[], next: CauseId): Pair {
  return { first: named(first), second: named(second), told, next };
}

function named(id: string): Fault {
  const found = faults.find((one) => one.id === id);
  if (!found) throw new Error(`no fault ${id}`);
  return found;
}

/** Both are in the auth config, which is written whole: they are broken by one write, and the CA is mended by another. */
const caThenToken: Pair = {
  first: {
    ...named('ca-of-another-cluster'),
    cases: ['C024'],
    break: async (bench, { cluster, foreignToken }) =>
      bench.config({ kubernetes_ca_cert: cluster.ca, token_reviewer_jwt: await foreignToken() }),
    mend: async (bench, { foreignToken }) => bench.config({ token_reviewer_jwt: await foreignToken() }),
  },
  second: { ...named('reviewer-token-of-another-cluster'), cases: ['C024'], break: async () => undefined },
  told: ['ca-mismatch'],
  next: 'reviewer-token-revoked',
};

/** What can be seen of the second is told at once, although a login meets only the first. */
export const pairs: Pair[] = [
  pair(
    'ca-of-another-cluster',
    'account-renamed',
    ['service-account-not-bound', 'ca-mismatch'],
    'service-account-not-bound',
  ),
  caThenToken,
  pair('ca-of-another-cluster', 'binding-gone', ['reviewer-forbidden', 'ca-mismatch'], 'reviewer-forbidden'),
  pair(
    'host-port-dead',
    'policy-without-data',
    ['host-unreachable', 'policy-path-lacks-data'],
    'policy-path-lacks-data',
  ),
  pair('role-gone', 'binding-gone', ['role-missing', 'reviewer-forbidden'], 'reviewer-forbidden'),
  pair('role-gone', 'policy-gone', ['role-missing'], 'policy-missing'),
  pair('role-gone', 'account-gone', ['role-missing', 'service-account-missing'], 'service-account-missing'),
  pair('account-renamed', 'binding-gone', ['service-account-not-bound', 'reviewer-forbidden'], 'reviewer-forbidden'),
  pair('namespace-not-bound', 'ca-of-another-cluster', ['namespace-not-bound', 'ca-mismatch'], 'ca-mismatch'),
  pair(
    'issuer-of-old-tokens',
    'binding-is-a-role-binding',
    ['issuer-mismatch', 'reviewer-forbidden'],
    'reviewer-forbidden',
  ),
  pair(
    'pem-keys-of-another-cluster',
    'policy-of-what-is-below',
    ['signing-key-mismatch', 'policy-glob-misses'],
    'policy-glob-misses',
  ),
  pair('audience-of-the-role-drifted', 'reviewer-account-gone', ['audience-mismatch'], 'reviewer-token-revoked'),
  pair('account-gone', 'policy-gone', ['service-account-missing', 'policy-missing'], 'policy-missing'),
  pair('policy-without-data', 'secret-never-stored', ['policy-path-lacks-data'], 'secret-missing'),
  pair(
    'reviewer-token-of-another-cluster',
    'policy-gone',
    ['policy-missing', 'reviewer-token-revoked'],
    'policy-missing',
  ),
];
