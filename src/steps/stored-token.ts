import type { Reading } from '../contracts/clients.ts';
import type { State } from '../contracts/step.ts';
import { secretAddress } from '../model/addresses.ts';
import { writtenTo } from '../model/labels.ts';
import { tokenStates } from '../model/token-states.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { findAuthMount } from '../vault/objects/mount.ts';
import { findReviewerSecret } from './reviewer-secret.ts';

/** What can be told of the token in the config: Vault says at most that there is one; the Secret's annotation says which. */
export async function storedToken(reading: Reading, config: State, recipe: Recipe): Promise<string> {
  const set = config['token_reviewer_jwt_set'];
  const { secret: name } = recipe.auth.reviewer;
  if (set === false) return tokenStates.none;
  if (!name) return set === undefined ? tokenStates.none : tokenStates.unknown;
  const mount = await findAuthMount(reading.vault, recipe.auth.path);
  const secret = await findReviewerSecret(reading.kubernetes, recipe);
  const noted = mount && secret && secret.annotations[writtenTo(mount.accessor)] === secret.uid;
  return noted ? tokenStates.from(secretAddress(name)) : tokenStates.unknown;
}
