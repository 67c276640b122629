import { accountText } from '../../recipe/accounts.ts';
import type { Recipe } from '../../recipe/recipe.ts';
import type { Said } from '../../recipe/rules/rule.ts';
import { beyond, type Ceiling, type CeilingLimit } from '../ceiling.ts';
import { accountAllowed, allowed } from '../names.ts';

export const mount: CeilingLimit = (ceiling, { recipe: { auth } }) => {
  const { paths, manage = ['full', 'create', 'none'], config = [] } = ceiling.document.auth ?? {};
  const said: Said[] = [];
  if (!allowed(paths, auth.path))
    said.push(beyond(ceiling, ['auth', 'path'], `nothing may be written at auth/${auth.path}`, ['auth', 'paths']));
  if (!manage.includes(auth.manage))
    said.push(beyond(ceiling, ['auth', 'manage'], `the mount may not be managed: ${auth.manage}`, ['auth', 'manage']));
  for (const field of Object.keys(auth.config))
    if (!config.some((one) => one === field))
      said.push(beyond(ceiling, ['auth', 'config', field], `${field} may not be set`, ['auth', 'config']));
  return said;
};

/** Who reviews: an account that is made, gets a token that never ends, and may review every token of the cluster. */
export const reviewer: CeilingLimit = (ceiling, { recipe }) => {
  const { reviewer: wanted, manage } = recipe.auth;
  if (manage === 'none') return [];
  return wanted.mode === 'client_jwt'
    ? [...clientReview(ceiling, recipe), ...clients(ceiling, recipe)]
    : account(ceiling, recipe);
};

/** A mount that is there loses its stored reviewer token by it, and with manage: create is left as it is. */
function clientReview(ceiling: Ceiling, { auth: { manage } }: Recipe): Said[] {
  const { bind_clients = false, client_jwt = bind_clients } = ceiling.document.auth ?? {};
  if (manage !== 'full' || client_jwt) return [];
  const message = 'clients may not review their own tokens, because that removes the reviewer token a mount has';
  return [beyond(ceiling, ['auth', 'reviewer', 'mode'], message, ['auth', 'client_jwt'])];
}

function clients(ceiling: Ceiling, { auth: { reviewer: wanted } }: Recipe): Said[] {
  if (wanted.mode !== 'client_jwt' || !wanted.bind_clients) return [];
  const path = ['auth', 'reviewer', 'bind_clients'];
  const bound = ceiling.document.auth?.bind_clients
    ? []
    : [
        beyond(ceiling, path, 'application accounts may not be bound to system:auth-delegator', [
          'auth',
          'bind_clients',
        ]),
      ];
  return [...bound, ...binding(ceiling, wanted.binding)];
}

function account(ceiling: Ceiling, { auth: { reviewer: wanted } }: Recipe): Said[] {
  if (wanted.mode !== 'token_secret') return [];
  const { reviewers, token_secrets } = ceiling.document.auth ?? {};
  const { service_account: who, token_secret: secret } = wanted;
  const said: Said[] = [];
  if (!accountAllowed(reviewers, who))
    said.push(
      beyond(ceiling, ['auth', 'reviewer', 'service_account'], `${accountText(who)} may not be made token reviewer`, [
        'auth',
        'reviewers',
      ]),
    );
  const holder = { namespace: who.namespace, name: secret };
  if (secret !== `${who.name}-token` && !accountAllowed(token_secrets, holder))
    said.push(
      beyond(ceiling, ['auth', 'reviewer', 'token_secret'], `Secret ${accountText(holder)} may not hold its token`, [
        'auth',
        'token_secrets',
      ]),
    );
  return [...said, ...binding(ceiling, wanted.binding)];
}

function binding(ceiling: Ceiling, name: string): Said[] {
  if (allowed(ceiling.document.auth?.bindings ?? ['vaultbind-*'], name)) return [];
  const message = `ClusterRoleBinding ${name} may not be written`;
  return [beyond(ceiling, ['auth', 'reviewer', 'binding'], message, ['auth', 'bindings'])];
}
