import type { Experiment } from '../contracts/experiment.ts';
import type { TokenReviewAnswer } from '../kubernetes/api.ts';
import { claims, type TokenClaims } from '../kubernetes/jwt.ts';
import { quietly } from '../model/error-values.ts';
import type { Secret } from '../secret.ts';

/** What a token that somebody has shows, without any login. */
export interface HeldToken {
  /** Undefined: it is no JWT. */
  claims?: TokenClaims;
  /** TokenReview by the operator for the token's own audiences; undefined where it could not be asked. */
  review?: TokenReviewAnswer;
}

/** Reads a token's claims and has Kubernetes judge it. The token goes to the kubeconfig's own server alone. */
export const heldToken: Experiment<Secret, HeldToken> = {
  id: 'held-token',
  title: () => 'TokenReview of the given token',
  cost: 'review',
  access: () => [
    { system: 'kubernetes', verb: 'create', group: 'authentication.k8s.io', resource: 'tokenreviews', phase: 'verify' },
  ],
  run: async ({ kubernetes }, jwt) => {
    const said = claims(jwt);
    if (!said) return {};
    const audiences = said.audiences.length > 0 ? { audiences: said.audiences } : {};
    const review = await quietly(() => kubernetes.reviewToken(jwt, audiences));
    return { claims: said, review };
  },
};
