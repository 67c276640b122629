import type { Vouched } from '../contracts/mount-gate.ts';
import type { KubernetesProber } from '../kubernetes/api.ts';
import type { ServiceAccountName } from '../model/account.ts';
import { quietly } from '../model/error-values.ts';
import type { LoginPass } from './login-pass.ts';

export interface Reviewing {
  reviewer: ServiceAccountName;
  /** Where its token is kept. */
  secret?: ServiceAccountName;
}

/**
 * A good reviewer's token for a scratch mount of which it is known where it leads: that of the Secret when it is alive,
 * else a fresh one. Either is good for the API server itself. Errors: SystemError.
 */
export async function reviewerPass(
  kubernetes: KubernetesProber,
  { mount }: Vouched,
  { secret, reviewer }: Reviewing,
): Promise<LoginPass> {
  const stored = secret && (await quietly(() => kubernetes.tokenSecret(secret)))?.token;
  if (stored && !stored.empty && (await kubernetes.reviewToken(stored, { as: stored })).authenticated)
    return { mount, jwt: stored };
  return { mount, jwt: (await kubernetes.requestToken(reviewer, { seconds: 600 })).token };
}
