import { question } from '../../contracts/experiment.ts';
import type { ServiceAccountName } from '../../model/account.ts';
import { mayReview, reviewerTokenSecret, serviceAccountFact } from '../../proof/cluster.ts';
import { type Examination, type ReviewerFacts, unasked } from '../examination.ts';
import { reviewerOf } from '../reviewer.ts';
import type { AskFact } from './ask.ts';

/** Of the reviewer's names, as far as somebody knows them. */
export const reviewerAsks = (names: Partial<Record<'secret' | 'named' | 'reviews', ServiceAccountName>>) => ({
  secret: names.secret && question(reviewerTokenSecret, names.secret),
  account: names.named && question(serviceAccountFact, names.named),
  mayReview: names.reviews && question(mayReview, names.reviews),
});

export async function reviewerFacts(
  x: Pick<Examination, 'patient' | 'mount' | 'account'>,
  ask: AskFact,
): Promise<ReviewerFacts> {
  const { account: reviews, secret } = reviewerOf(x);
  const asked = reviewerAsks({ secret, named: x.patient.reviewer, reviews });
  return {
    secret: asked.secret ? await ask(asked.secret) : unasked,
    account: asked.account ? await ask(asked.account) : unasked,
    mayReview: asked.mayReview ? await ask(asked.mayReview) : unasked,
  };
}
