import type { Experiment } from '../contracts/experiment.ts';
import type { TokenReviewAnswer } from '../kubernetes/api.ts';
import type { ServiceAccountName } from '../model/account.ts';
import { accountAddress, secretAddress } from '../model/addresses.ts';
import { freshToken, freshTokenAccess } from './fresh-token.ts';

/** What a token says of itself, reviewed with itself as bearer. */
export interface OwnReview {
  /** False: the Secret or the account is missing, or there is no token in it; nothing was asked. */
  found: boolean;
  answer?: TokenReviewAnswer;
}

/** TokenReview of the token in the reviewer's Secret, by that token. Sent to the kubeconfig's own server only. */
export const reviewReviewerToken: Experiment<ServiceAccountName, OwnReview> = {
  id: 'token-review',
  title: (secret) => `TokenReview with the token of ${secretAddress(secret)}, of itself`,
  cost: 'review',
  access: ({ namespace, name }) => [
    { system: 'kubernetes', verb: 'get', group: '', resource: 'secrets', namespace, name, phase: 'verify' },
  ],
  run: async ({ kubernetes }, secret) => {
    const token = (await kubernetes.tokenSecret(secret))?.token;
    if (!token || token.empty) return { found: false };
    return { found: true, answer: await kubernetes.reviewToken(token, { as: token }) };
  },
};

/** TokenReview of a fresh token of an application's account by itself, as Vault does in client review. */
export const reviewClientToken: Experiment<ServiceAccountName, OwnReview> = {
  id: 'client-token-review',
  title: (account) => `TokenReview with a fresh token of ${accountAddress(account)}, of itself`,
  cost: 'review',
  access: (account) => [freshTokenAccess(account)],
  run: async ({ kubernetes }, account) => {
    const requested = await freshToken(kubernetes, account);
    if (!requested) return { found: false };
    return { found: true, answer: await kubernetes.reviewToken(requested.token, { as: requested.token }) };
  },
};
