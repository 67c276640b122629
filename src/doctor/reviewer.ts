import type { ServiceAccountName } from '../recipe/recipe.ts';
import { type Examination, known } from './examination.ts';

/** Who reviews tokens for a mount, as far as it can be told. */
export interface Reviewer {
  /** `stored`: the token in the config. `vault`: Vault's own pod, or outside a pod the login's own. `client`: that one. */
  mode: 'stored' | 'vault' | 'client' | 'unknown';
  /** `token_secret`: the recipe wants a reviewer of its own. `client_jwt`: it wants none. Undefined: no recipe decides. */
  wanted?: 'token_secret' | 'client_jwt';
  /** Whoever would review if all was as the recipe wants it; without one, as it is stored. */
  account?: ServiceAccountName;
  secret?: ServiceAccountName;
}

/** The stored token wins, then Vault's own pod, then the login's own token. Its account is known from the recipe alone. */
export function reviewerOf(x: Examination): Reviewer {
  const mode = modeOf(x);
  const recipe = x.patient.recipe;
  const reviewer = recipe && recipe.auth.manage !== 'none' ? recipe.auth.reviewer : undefined;
  if (reviewer?.mode === 'token_secret') {
    const { service_account: account, token_secret: name } = reviewer;
    return { mode, wanted: 'token_secret', account, secret: { namespace: account.namespace, name } };
  }
  const own = mode === 'client' && x.tried ? { account: x.tried } : {};
  return { mode, ...(reviewer ? { wanted: 'client_jwt' as const } : {}), ...own };
}

function modeOf(x: Examination): Reviewer['mode'] {
  const config = known(x.config);
  const set = config?.['token_reviewer_jwt_set'];
  if (set === undefined) return 'unknown';
  if (set === true) return 'stored';
  return config?.['disable_local_ca_jwt'] === true ? 'client' : 'vault';
}
