import type { Command } from '../command.ts';
import type { Check, Outcome } from '../contracts/check.ts';
import { type Experiment, type Fact, question } from '../contracts/experiment.ts';
import { defineStep } from '../contracts/step.ts';
import type { Target } from '../contracts/target.ts';
import type { Fix } from '../errors.ts';
import type { TokenReviewAnswer } from '../kubernetes/api.ts';
import { accountText, type ServiceAccountName } from '../model/account.ts';
import { accountAddress, bindingAddress, secretAddress } from '../model/addresses.ts';
import { call, holding, joined, variable, vaultbind } from '../model/commands.ts';
import { type OwnReview, reviewClientToken, reviewReviewerToken } from '../proof/token-review.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { reviewerBindings, settling } from './bind-delegator.ts';

export const reviewToken = defineStep({
  name: 'review-token',
  title: 'review a token as Vault will',
  summary:
    "kubectl apply -f tr.yaml -o yaml. A TokenReview sent with the reviewer's own token: what Vault does on each login. Shows user, uid, groups and audiences. In client review the accounts review themselves.",
  writes: false,

  commands: ({ recipe, cluster }) => (recipe.auth.reviewer.secret ? [reviewCommand(cluster)] : []),

  access: ({ recipe }) => subjects(recipe).flatMap(({ experiment, account }) => experiment.access(account)),

  verify: (target) => subjects(target.recipe).map((subject) => checkOf(subject, target)),
});

/**
 * kubectl would review as the operator where the kubeconfig has a client certificate, and would show the token in its
 * arguments; printf is the shell's own, and curl reads from it. Not as a file of options: what a Secret holds may be
 * anything, and one of curl's options writes files.
 */
function reviewCommand({ server, ca }: Target['cluster']): Command {
  const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token: '%s' } };
  const [before = '', after = ''] = JSON.stringify(review).split('%s');
  const token = variable('SA_TOKEN');
  const headers = joined('Content-Type: application/json\nAuthorization: Bearer ', token);
  const trust = ca === undefined ? [] : ['--cacert', holding(variable('SA_CA_CRT'))];
  const url = `${server}/apis/authentication.k8s.io/v1/tokenreviews`;
  const words = ['--silent', '--show-error', '--header', joined('@', holding(headers)), '--data-binary', '@-'];
  return { ...call('curl', ...words, ...trust, url), stdin: joined(before, token, after) };
}

interface Subject {
  experiment: Experiment<ServiceAccountName, OwnReview>;
  account: ServiceAccountName;
  /** Whose token it is, in words. */
  who: string;
  address: string;
}

/** A recipe with a thousand accounts in client review needs no thousand reviews to show that they can. */
const mostClients = 20;

function subjects(recipe: Recipe): Subject[] {
  const { secret, account: own, whoReviews } = recipe.auth.reviewer;
  if (secret && own) {
    const who = `the token reviewer ${accountText(own)}`;
    return [{ experiment: reviewReviewerToken, account: secret, who, address: secretAddress(secret) }];
  }
  if (whoReviews !== 'client') return [];
  const accounts = new Map(recipe.roles.flatMap((role) => role.service_accounts.map((one) => [accountText(one), one])));
  return [...accounts.values()].slice(0, mostClients).map((account) => ({
    experiment: reviewClientToken,
    account,
    who: `ServiceAccount ${accountText(account)}`,
    address: accountAddress(account),
  }));
}

function checkOf({ experiment, account, who, address }: Subject, { recipe }: Target): Check {
  const asked = question(experiment, account);
  return {
    title: `${who} may review tokens, and its token is good`,
    subject: address,
    about: [address, ...reviewerBindings(recipe).map(({ name }) => bindingAddress(name))],
    needs: [asked],
    retryFor: settling,
    judge: (facts) => judge(facts.of(asked), who, recipe),
    at: recipe.auth.reviewer.at,
  };
}

function judge(fact: Fact<OwnReview>, who: string, recipe: Recipe): Outcome {
  if (!fact.known) return couldNot(fact.because.problems[0]?.message ?? '', fact.because.problems[0]?.fix);
  const { found, answer } = fact.value;
  if (!found || !answer) return nothingToReview(who, recipe);
  if (answer.status === 401)
    return failed(answer, 'reviewer-token-revoked', `the token of ${who} is not accepted by Kubernetes any more`, [
      { why: 'make a new token Secret, and send its token to Vault', command: vaultbind('apply', { f: recipe.files }) },
    ]);
  if (answer.status === 403) return mayNot(answer, who, recipe);
  if (!answer.authenticated)
    return failed(answer, 'review-not-authenticated', `TokenReview refuses the token of ${who}`);
  return {
    status: 'ok',
    code: 'in-place',
    message: `${who} may review tokens; TokenReview of its own: authenticated`,
    details: [
      ['username', answer.username ?? ''],
      ['uid', answer.uid ?? ''],
      ['groups', answer.groups],
      ['audiences', answer.audiences],
    ],
  };
}

/** An application that is not deployed yet is no failure; a reviewer without a token is. */
function nothingToReview(who: string, recipe: Recipe): Outcome {
  const message = `there is no token of ${who} to review`;
  if (!recipe.auth.reviewer.secret) return { status: 'skipped', code: 'service-account-missing', message };
  const fix = [{ why: 'make it', command: vaultbind('step service-account', { f: recipe.files }) }];
  return { status: 'failed', code: 'token-secret-missing', message, fix };
}

function mayNot(answer: TokenReviewAnswer, who: string, recipe: Recipe): Outcome {
  const code = recipe.auth.reviewer.whoReviews === 'client' ? 'client-review-forbidden' : 'reviewer-forbidden';
  return failed(answer, code, `${who} may not create tokenreviews`, [
    { why: 'bind it to system:auth-delegator', command: vaultbind('step bind-delegator', { f: recipe.files }) },
  ]);
}

function failed(answer: TokenReviewAnswer, code: Outcome['code'], message: string, fix: Fix[] = []): Outcome {
  const said = `${answer.status} ${answer.said}`.trim();
  return { status: 'failed', code, message, fix, evidence: [{ experiment: 'token-review', said }] };
}

function couldNot(message: string, fix: Fix[] = []): Outcome {
  return { status: 'failed', code: 'kubernetes-error', message: `could not review: ${message}`, fix };
}
