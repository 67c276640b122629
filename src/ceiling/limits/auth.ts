import { accountText } from '../../model/account.ts';
import { authAddress } from '../../model/addresses.ts';
import type { Recipe } from '../../recipe/recipe.ts';
import type { Objection } from '../../recipe/rules/objection.ts';
import { beyond, type Ceiling, type CeilingLimit } from '../ceiling.ts';
import { accountAllowed, allowed } from '../names.ts';

export const mountLimit: CeilingLimit = (ceiling, { recipe: { auth } }) => {
  const { paths, manage = ['full', 'create', 'none'], config = [] } = ceiling.document.auth ?? {};
  const said: Objection[] = [];
  if (!allowed(paths, auth.path))
    said.push(
      beyond(ceiling, ['auth', 'path'], `nothing may be written at ${authAddress(auth.path)}`, ['auth', 'paths']),
    );
  if (!manage.includes(auth.manage))
    said.push(beyond(ceiling, ['auth', 'manage'], `the mount may not be managed: ${auth.manage}`, ['auth', 'manage']));
  for (const field of Object.keys(auth.config))
    if (!config.some((one) => one === field))
      said.push(beyond(ceiling, ['auth', 'config', field], `${field} may not be set`, ['auth', 'config']));
  return said;
};

/** Who reviews: an account that is made, gets a token that never ends, and may review every token of the cluster. */
export const reviewerLimit: CeilingLimit = (ceiling, { recipe }) => {
  if (recipe.auth.reviewer.whoReviews === 'others') return [];
  return [...clientReview(ceiling, recipe), ...account(ceiling, recipe), ...binding(ceiling, recipe)];
};

/** A mount that is there loses its stored reviewer token by it, and with manage: create is left as it is. */
function clientReview(ceiling: Ceiling, { auth: { manage, reviewer: wanted } }: Recipe): Objection[] {
  if (manage !== 'full' || wanted.storesToken) return [];
  const switches: Partial<Record<string, unknown>> = ceiling.document.auth ?? {};
  if (switches[wanted.mode] ?? switches['bind_clients']) return [];
  const message = 'clients may not review their own tokens, because that removes the reviewer token a mount has';
  return [beyond(ceiling, ['auth', 'reviewer', 'mode'], message, ['auth', wanted.mode])];
}

function account(ceiling: Ceiling, { auth: { reviewer: wanted } }: Recipe): Objection[] {
  const { account: who, secret: holder } = wanted;
  const { reviewers, token_secrets } = ceiling.document.auth ?? {};
  const said: Objection[] = [];
  if (who && !accountAllowed(reviewers, who))
    said.push(
      beyond(ceiling, ['auth', 'reviewer', 'service_account'], `${accountText(who)} may not be made token reviewer`, [
        'auth',
        'reviewers',
      ]),
    );
  if (who && holder && holder.name !== `${who.name}-token` && !accountAllowed(token_secrets, holder))
    said.push(
      beyond(ceiling, ['auth', 'reviewer', 'token_secret'], `Secret ${accountText(holder)} may not hold its token`, [
        'auth',
        'token_secrets',
      ]),
    );
  return said;
}

function binding(ceiling: Ceiling, { auth: { reviewer: wanted } }: Recipe): Objection[] {
  if (!wanted.binding) return [];
  const { bind_clients, bindings = ['vaultbind-*'] } = ceiling.document.auth ?? {};
  const said: Objection[] = [];
  if (wanted.whoReviews === 'client' && !bind_clients) {
    const message = 'application accounts may not be bound to system:auth-delegator';
    said.push(beyond(ceiling, ['auth', 'reviewer', 'bind_clients'], message, ['auth', 'bind_clients']));
  }
  if (!allowed(bindings, wanted.binding.name)) {
    const message = `ClusterRoleBinding ${wanted.binding.name} may not be written`;
    said.push(beyond(ceiling, ['auth', 'reviewer', 'binding'], message, ['auth', 'bindings']));
  }
  return said;
}
