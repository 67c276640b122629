import type { ServiceAccountName } from '../model/account.ts';
import { type Examination, known } from './examination.ts';

/** Who reviews tokens for a mount, as far as it can be told. */
export interface StoredReviewer {
  /** `stored`: the token in the config. `vault`: Vault's own pod, or outside a pod the login's own. `client`: that one. */
  mode: 'stored' | 'vault' | 'client' | 'unknown';
  /** Whether the recipe, or --reviewer, wants a token stored. Undefined: nobody says. */
  wantsToken?: boolean;
  /** Whoever would review if all was as the recipe wants it; without one, as it is stored. */
  account?: ServiceAccountName;
  secret?: ServiceAccountName;
}

/** The stored token wins, then Vault's own pod, then the login's own token. Its account is known from the recipe alone. */
export function reviewerOf(x: Pick<Examination, 'patient' | 'mount' | 'account'>): StoredReviewer {
  const mode = modeOf(x);
  const { recipe, reviewer } = x.patient;
  if (!recipe && reviewer) return { mode, wantsToken: true, account: reviewer };
  const { account, secret, storesToken, whoReviews = 'others' } = recipe?.auth.reviewer ?? {};
  const wantsToken = whoReviews === 'others' ? undefined : storesToken;
  return { mode, wantsToken, account: account ?? (mode === 'client' ? x.account.tried : undefined), secret };
}

function modeOf(x: Pick<Examination, 'mount'>): StoredReviewer['mode'] {
  const config = known(x.mount.config);
  const set = config?.['token_reviewer_jwt_set'];
  if (set === undefined) return 'unknown';
  if (set === true) return 'stored';
  return config?.['disable_local_ca_jwt'] === true ? 'client' : 'vault';
}
