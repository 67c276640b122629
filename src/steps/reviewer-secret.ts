import type { KubernetesReader, TokenSecret } from '../kubernetes/api.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { reviewerSecret } from './addresses.ts';

/**
 * The Secret that holds the reviewer's token. Undefined when it is missing, and also when it belongs to an account of
 * our reviewer's name that is gone: the token controller removes it within a moment, and its token is dead already.
 */
export async function findReviewerSecret(
  kubernetes: KubernetesReader,
  recipe: Recipe,
): Promise<TokenSecret | undefined> {
  const { reviewer } = recipe.auth;
  const name = reviewerSecret(recipe);
  if (!name || reviewer.mode !== 'token_secret') return undefined;
  const found = await kubernetes.tokenSecret(name);
  if (found?.serviceAccount !== reviewer.service_account.name || found.serviceAccountUid === undefined) return found;
  const account = await kubernetes.serviceAccount(reviewer.service_account);
  return account?.metadata?.uid === found.serviceAccountUid ? found : undefined;
}
