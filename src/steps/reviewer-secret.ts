import type { KubernetesReader, TokenSecret } from '../kubernetes/api.ts';
import type { Recipe } from '../recipe/recipe.ts';

/**
 * The Secret that holds the reviewer's token. Undefined when it is missing, and also when it belongs to an account of
 * our reviewer's name that is gone: the token controller removes it within a moment, and its token is dead already.
 */
export async function findReviewerSecret(
  kubernetes: KubernetesReader,
  recipe: Recipe,
): Promise<TokenSecret | undefined> {
  const { account, secret } = recipe.auth.reviewer;
  if (!secret || !account) return undefined;
  const found = await kubernetes.tokenSecret(secret);
  if (found?.serviceAccount !== account.name || found.serviceAccountUid === undefined) return found;
  const alive = await kubernetes.serviceAccount(account);
  return alive?.metadata?.uid === found.serviceAccountUid ? found : undefined;
}
