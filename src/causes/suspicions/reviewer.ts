import type { CauseId } from '../../codes.ts';
import type { Fix } from '../../errors.ts';
import { absent, type Examination, known } from '../../facts/examination.ts';
import { acceptedOf, bareRefusal } from '../../facts/refusal.ts';
import { reviewerOf, type StoredReviewer } from '../../facts/reviewer.ts';
import { kubectl } from '../../model/commands.ts';
import type { Family, Suspected } from '../cause.ts';
import { applied, patientConfig } from '../fixes.ts';
import { fixesOf } from '../literals/index.ts';
import { bound, named, refusedReviewer, suspicion } from './reviewer-refused.ts';

/** Whoever reviews: its token there and alive, and its right to create tokenreviews. What lies deepest comes first. */
export const reviewerCauses: Family = (x) => {
  const reviewer = reviewerOf(x);
  const secret = secretCauses(x, reviewer);
  const otherAccount = secret.some(({ cause }) => cause === 'token-secret-wrong-type');
  return [
    ...secret,
    ...(otherAccount && reviewer.mode === 'stored' ? [] : refusedReviewer(x, reviewer)),
    ...modeCauses(x, reviewer),
    ...rightCauses(x, reviewer),
  ];
};

/** What the recipe's token Secret shows, where a login suffers from it. */
function secretCauses(x: Examination, reviewer: StoredReviewer): Suspected[] {
  const { secret, mode, account } = reviewer;
  if (!secret || !account || !bareRefusal(x)) return [];
  const one = (cause: CauseId, said: string) => [
    suspicion(
      cause,
      'certain',
      `Secret ${named(secret)}`,
      [{ experiment: 'token-secret', said }],
      applied(x, 'make its token Secret and send the token to Vault'),
    ),
  ];
  // A token that was stored may be that of a Secret deleted since: the token is dead then, and that is the cause.
  if (absent(x.reviewer.secret)) return mode === 'stored' ? [] : one('token-secret-missing', 'does not exist');
  const found = known(x.reviewer.secret);
  if (!found) return [];
  if (found.type !== 'kubernetes.io/service-account-token') return one('token-secret-wrong-type', `type ${found.type}`);
  if (found.serviceAccount !== undefined && found.serviceAccount !== account.name)
    return one('token-secret-wrong-type', `is a token of ${found.serviceAccount}, not of ${account.name}`);
  if (!found.filled) return one('token-secret-not-filled', 'holds no token');
  return [];
}

/** The recipe wants a reviewer of its own, and none is stored. */
function modeCauses(x: Examination, { mode, wantsToken }: StoredReviewer): Suspected[] {
  if (!wantsToken || (mode !== 'vault' && mode !== 'client')) return [];
  if (!bareRefusal(x)) return [];
  const said =
    mode === 'vault'
      ? "token_reviewer_jwt_set: false: Vault reviews with its own pod's token, or outside a pod with each login's own"
      : "token_reviewer_jwt_set: false, disable_local_ca_jwt: true: Vault reviews with each login's own token";
  const address = patientConfig(x);
  const fix = fixesOf('reviewer-token-missing', x);
  return [suspicion('reviewer-token-missing', 'certain', address, [{ experiment: 'auth-config', said }], fix)];
}

function rightCauses(x: Examination, { account, mode, wantsToken }: StoredReviewer): Suspected[] {
  const may = known(x.reviewer.mayReview);
  // A login that went through was reviewed: by another account then, which is no fault of this login.
  if (!account || !may || may.allowed || acceptedOf(x)) return [];
  const own = mode === 'client' && !wantsToken;
  // Nobody means an account that must be refused to review itself.
  if (own && x.patient.stranger) return [];
  const cause = own ? 'client-review-forbidden' : 'reviewer-forbidden';
  const said = `${named(account)} may not create tokenreviews${may.reason === '' ? '' : `: ${may.reason}`}`;
  const subject = `ServiceAccount ${named(account)}`;
  const emptied = isDelegator(x, account);
  const evidence = [
    { experiment: 'may-review', said },
    ...(emptied
      ? [{ experiment: 'delegators', said: 'it is bound to system:auth-delegator, which does not give it' }]
      : []),
  ];
  return [suspicion(cause, 'certain', subject, evidence, emptied ? [restore] : bound(x, account, fixesOf(cause, x)))];
}

const restore: Fix = {
  why: 'let ClusterRole system:auth-delegator create tokenreviews.authentication.k8s.io and subjectaccessreviews.authorization.k8s.io again; the API server restores it when it starts',
  command: {
    ...kubectl('create clusterrole', ['system:auth-delegator'], {
      verb: 'create',
      resource: 'tokenreviews.authentication.k8s.io,subjectaccessreviews.authorization.k8s.io',
      'dry-run': 'client',
      output: 'yaml',
    }),
    into: kubectl('auth reconcile', [], { filename: '-' }),
  },
};

function isDelegator(x: Examination, account: { namespace: string; name: string }): boolean {
  return (known(x.cluster.delegators) ?? []).some(
    ({ kind, name, namespace }) =>
      kind === 'ServiceAccount' && name === account.name && namespace === account.namespace,
  );
}
