import type { CauseId } from '../../codes.ts';
import type { Evidence, Fix } from '../../errors.ts';
import { absent, type Examination, known } from '../../facts/examination.ts';
import { bareRefusal, logOf } from '../../facts/refusal.ts';
import { reviewerOf, type StoredReviewer } from '../../facts/reviewer.ts';
import { configAddress, roleAddress } from '../../model/addresses.ts';
import { kubectl } from '../../model/commands.ts';
import { writtenTo } from '../../model/labels.ts';
import { withoutTrailingSlashes } from '../../model/trailing.ts';
import { hostIn } from '../../trust/api-host.ts';
import { caIn } from '../../trust/read-ca.ts';
import type { Certainty, Suspected } from '../cause.ts';
import { fixesOf, meaningOf } from '../literals/index.ts';

/** Vault's log says that the API server refused whoever reviewed. Who that was decides what it means. */
export function refusedReviewer(x: Examination, reviewer: StoredReviewer): Suspected[] {
  const lines = logOf(x) ?? [];
  const heard = lines.flatMap((line) => {
    const cause = meaningOf(line);
    if (cause === 'reviewer-forbidden') return forbidden(x, reviewer, line);
    if (cause === 'reviewer-token-revoked') return dead(x, reviewer, line);
    return [];
  });
  return heard.length > 0 || lines.length > 0 ? heard : unheard(x, reviewer);
}

const configOf = (x: Examination) => configAddress(x.patient.mount);
const log = (said: string) => ({ experiment: "Vault's log", said });

/** The API server names the account that it refused. */
function forbidden(x: Examination, { mode, wantsToken }: StoredReviewer, line: string): Suspected[] {
  const [, namespace, name] = /system:serviceaccount:([^:"]+):([^:" ]+)/.exec(line) ?? [];
  const account = namespace !== undefined && name !== undefined ? { namespace, name } : undefined;
  const subject = account ? `ServiceAccount ${named(account)}` : configOf(x);
  const itself = account !== undefined && x.account.tried !== undefined && named(account) === named(x.account.tried);
  if (itself && mode !== 'stored') {
    // The reviewer that is missing is told of by the config; that the application may not stand in for it is no fault.
    if (wantsToken) return [];
    return [
      suspicion(
        'client-review-forbidden',
        'certain',
        subject,
        [log(line)],
        bound(x, account, fixesOf('client-review-forbidden', x)),
      ),
    ];
  }
  const other = account && mode === 'stored' ? anotherReviewer(x, account) : undefined;
  if (other) {
    const evidence = [log(line), { experiment: 'recipe', said: other }];
    return [suspicion('reviewer-forbidden', 'certain', configOf(x), evidence, fixesOf('reviewer-token-revoked', x))];
  }
  return [
    suspicion(
      'reviewer-forbidden',
      'certain',
      subject,
      [log(line)],
      bound(x, account, fixesOf('reviewer-forbidden', x)),
    ),
  ];
}

/** The stored token is of an account that nobody meant: to bind that one would let an application review tokens. */
function anotherReviewer(x: Examination, account: { namespace: string; name: string }): string | undefined {
  const { account: wanted } = reviewerOf(x);
  if (!x.patient.recipe || !wanted || named(wanted) === named(account)) return undefined;
  return `the token reviewer is ${named(wanted)}, and the stored token is of ${named(account)}`;
}

/** Without a recipe the binding has no name yet; the account is known from the log. */
export function bound(x: Examination, account: { namespace: string; name: string } | undefined, fix: Fix[]): Fix[] {
  if (x.patient.recipe || !account) return fix;
  const { reviewer: meant } = x.patient;
  if (meant && named(meant) !== named(account)) return fixesOf('reviewer-token-revoked', x);
  const { namespace, name } = account;
  const command = kubectl('create clusterrolebinding', [`${namespace}-${name}-delegator`], {
    clusterrole: 'system:auth-delegator',
    serviceaccount: `${namespace}:${name}`,
  });
  return [
    { why: 'if it is the one that should review, bind it to system:auth-delegator with a ClusterRoleBinding', command },
    { why: `if it is not, write ${configOf(x)} again, whole, with the token of the one that should` },
  ];
}

/** The credential was not taken. Of a stored token that cannot be read, what is wrong shows from its surroundings alone. */
function dead(x: Examination, { mode, wantsToken, secret }: StoredReviewer, line: string): Suspected[] {
  if (mode === 'client' || mode === 'vault') return deadItself(x, wantsToken, line);
  const gone = goneSecret(x);
  const fix = fixesOf('reviewer-token-revoked', x);
  if (gone !== undefined && secret) {
    const evidence = [log(line), { experiment: 'token-secret', said: gone }];
    return [
      suspicion(
        hasEnded(x) ? 'reviewer-token-expired' : 'reviewer-token-revoked',
        'certain',
        `Secret ${named(secret)}`,
        evidence,
        fix,
      ),
    ];
  }
  return [...elsewhere(x, line), ...unread(x, [log(line)], fix)];
}

function deadItself(x: Examination, wantsToken: StoredReviewer['wantsToken'], line: string): Suspected[] {
  if (wantsToken) return [];
  const audience = String(known(x.role.stored)?.['audience'] ?? '');
  const own = known(x.login)?.ownReview;
  if (audience !== '' && own?.status === 401) {
    const said = `the login's token is for ${audience}, and the API server does not take it as a credential`;
    const evidence = [log(line), { experiment: 'auth-role', said }];
    const address = roleAddress(x.patient.mount, x.patient.role);
    return [suspicion('client-review-audience', 'certain', address, evidence, fixesOf('client-review-audience', x))];
  }
  const said = "token_reviewer_jwt_set: false: the reviewer is Vault's own pod, or the login itself";
  const evidence = [log(line), { experiment: 'auth-config', said }];
  return [suspicion('reviewer-token-missing', 'likely', configOf(x), evidence, fixesOf('reviewer-token-missing', x))];
}

/** What happened to the Secret whose token was sent; undefined: nothing, or nobody knows which it was. */
function goneSecret(x: Examination): string | undefined {
  if (absent(x.reviewer.secret)) return 'is gone, and its token with it';
  const found = known(x.reviewer.secret);
  return found?.review?.status === 401 ? `its token is not taken: 401 ${found.review.said}` : undefined;
}

function hasEnded(x: Examination): boolean {
  const end = known(x.reviewer.secret)?.expires;
  return end !== undefined && end < new Date();
}

/** The config leads to an API server that is not the kubeconfig's, where the reviewer's account may be nobody. */
function elsewhere(x: Examination, line: string): Suspected[] {
  const config = known(x.mount.config);
  const host = withoutTrailingSlashes(String(config?.['kubernetes_host'] ?? ''));
  const ca = caIn(config?.['kubernetes_ca_cert']);
  const { server, ca: own } = x.kubeconfig;
  if (host === '' || server === '' || (hostIn(host) ?? host) === server || !own || ca?.equals(own)) return [];
  const said = `kubernetes_host is ${host} with a CA of its own; the kubeconfig's server is ${server}`;
  const fix = [
    { why: `if the kubeconfig names the right cluster, write its host and CA` },
    ...fixesOf('host-unreachable', x),
    { why: 'otherwise choose the right cluster with --context' },
  ];
  const evidence = [log(line), { experiment: 'auth-config', said }];
  return [
    suspicion('reviewer-token-foreign', 'likely', configOf(x), evidence, fix),
    suspicion('host-rejects-service-accounts', 'possible', configOf(x), evidence, fixesOf('host-unreachable', x)),
  ];
}

/** Vault never returns the token. It may as well have ended, be of another cluster or none at all: the repair is the same. */
function unread(x: Examination, evidence: Suspected['evidence'], fix: Fix[]): Suspected[] {
  const alive = known(x.reviewer.secret)?.review?.authenticated === true;
  const said = alive
    ? "the recipe's Secret holds a good token, so the stored one is another; Vault does not return it"
    : 'the stored token cannot be read back';
  const same = 'one that ended, of another cluster, or that is no token at all is refused in the same words';
  const gone =
    known(x.reviewer.account)?.exists === false ? [{ experiment: 'service-account', said: itsAccountIsGone(x) }] : [];
  const all = [...evidence, ...gone, { experiment: 'token-secret', said: `${said}; ${same}` }];
  return [suspicion('reviewer-token-revoked', 'likely', configOf(x), all, fix)];
}

/** A bare refusal and no word of Vault's log. */
function unheard(x: Examination, { mode, secret }: StoredReviewer): Suspected[] {
  if (!bareRefusal(x) || mode !== 'stored' || !secret) return [];
  const found = known(x.reviewer.secret);
  const accessor = known(x.mount.found)?.accessor;
  const noted = accessor === undefined ? undefined : found?.annotations[writtenTo(accessor)];
  const gone = goneSecret(x);
  const another =
    found && noted !== found.uid ? 'its token was never sent to this mount: the stored one is another' : undefined;
  const said = gone ?? another;
  if (said === undefined) return [];
  const fix = fixesOf('reviewer-token-revoked', x);
  const evidence = [{ experiment: 'token-secret', said }];
  return [suspicion('reviewer-token-revoked', 'likely', `Secret ${named(secret)}`, evidence, fix)];
}

function itsAccountIsGone({ patient: { reviewer } }: Examination): string {
  return `ServiceAccount ${reviewer ? named(reviewer) : ''} does not exist, and its tokens with it`;
}

export function suspicion(
  cause: CauseId,
  certainty: Certainty,
  subject: string,
  evidence: Evidence[],
  fix: Fix[],
): Suspected {
  return { cause, certainty, subject, evidence, fix };
}

export function named({ namespace, name }: { namespace: string; name: string }): string {
  return `${namespace}/${name}`;
}
