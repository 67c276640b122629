import type { Problem } from '../../errors.ts';
import { boundBy } from '../../facts/bound.ts';
import { type Examination, known } from '../../facts/examination.ts';
import { acceptedOf } from '../../facts/refusal.ts';
import { reviewerOf } from '../../facts/reviewer.ts';
import { texts } from '../../facts/texts.ts';
import { accountText, binds, type ServiceAccountName } from '../../model/account.ts';
import { accountAddress, configAddress, secretAddress } from '../../model/addresses.ts';
import { kubectl, vaultbind } from '../../model/commands.ts';
import type { Delegator } from '../../proof/cluster.ts';
import { endsSoon, type Warner, warning } from './warning.ts';

/** Whoever reviews, and who else may. */
export const reviewerWarnings: Warner = (x, now) => [
  ...expiring(x, now),
  ...applicationReviews(x),
  ...anotherReviews(x),
  ...tooManyDelegators(x),
];

function expiring(x: Examination, now: Date): Problem[] {
  const { secret } = reviewerOf(x);
  const end = known(x.reviewer.secret)?.expires;
  if (!secret || !end || !endsSoon(end, now)) return [];
  const why = 'put a token that lasts into the auth config before that: after it every login is refused';
  const subject = secretAddress(secret);
  return [warning('reviewer-token-expiring', subject, `its token ends at ${end.toISOString()}`, why)];
}

/** The article's mistake: the application's own account made reviewer, with a token that never ends. */
function applicationReviews(x: Examination): Problem[] {
  const { mode, account, secret } = reviewerOf(x);
  if (mode === 'client' || !account || !secret || !isBound(x, account)) return [];
  const message = `is the token reviewer and an application that logs in with role ${x.patient.role}: its token Secret never ends, where the Pod's own token would do`;
  const why = 'give the reviewer an account of its own (auth.reviewer.service_account)';
  return [warning('long-lived-token', accountAddress(account), message, why)];
}

/** The recipe's reviewer may not review, and still a login went through: the stored token is of another account. */
function anotherReviews(x: Examination): Problem[] {
  const { mode, account } = reviewerOf(x);
  const may = known(x.reviewer.mayReview);
  if (mode !== 'stored' || !account || !may || may.allowed || !acceptedOf(x)) return [];
  const message = `holds the token of another reviewer than ${accountText(account)}, which may not create tokenreviews`;
  const why = "make the recipe's reviewer and send its token";
  const command = vaultbind('apply', { f: x.patient.recipe?.files ?? 'RECIPE' });
  return [warning('drift', configAddress(x.patient.mount), message, why, command)];
}

/** Applications need the right only in client review; a group gives it to everybody. */
function tooManyDelegators(x: Examination): Problem[] {
  const { mode, account } = reviewerOf(x);
  const client = mode === 'client';
  return (known(x.cluster.delegators) ?? [])
    .filter((one) => isGroup(one) || (!client && isApplication(x, one, account)))
    .map(({ binding, kind, name, namespace }) => {
      const who = `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
      const message = `lets ${who} have any token reviewed, which only the token reviewer needs`;
      const why = `take this subject out of the binding, or delete it when nobody else is in it`;
      const command = kubectl('edit clusterrolebinding', [binding]);
      return warning('delegator-too-wide', `ClusterRoleBinding ${binding}`, message, why, command);
    });
}

function isGroup({ kind, name }: Delegator): boolean {
  return kind === 'Group' && /^system:(serviceaccounts|authenticated|unauthenticated)/.test(name);
}

function isApplication(x: Examination, one: Delegator, reviewer: { namespace: string; name: string } | undefined) {
  if (one.kind !== 'ServiceAccount' || one.namespace === undefined) return false;
  const account = { namespace: one.namespace, name: one.name };
  // Who reviews without a recipe is not known: it may be this one.
  if (!reviewer || (reviewer.namespace === account.namespace && reviewer.name === account.name)) return false;
  // A wildcard binds every account, and so the reviewers of other auth methods too: that is the wildcard's warning.
  return isBound(x, account) && texts(known(x.role.stored)?.['bound_service_account_names']).includes(account.name);
}

const isBound = (x: Examination, account: ServiceAccountName): boolean => binds(boundBy(known(x.role.stored)), account);
