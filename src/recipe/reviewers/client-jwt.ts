import { z } from 'zod';
import { accountText } from '../../model/account.ts';
import { bindingsOf } from '../bindings.ts';
import { doubtful, type Objection } from '../rules/objection.ts';
import { binding } from './binding.ts';
import { type Around, type ReviewerMode, reviewerPath } from './mode.ts';

interface Given {
  binding?: string;
  bind_clients?: boolean;
}

/** Each login's own token asks about itself; Vault keeps none. */
export const clientJwt = {
  means: "each workload's own token, Vault keeps none",
  whoReviews: 'client',
  storesToken: false,
  config: { disable_local_ca_jwt: true },
  fields: {
    binding,
    bind_clients: z
      .boolean()
      .describe('client_jwt only: bind the accounts of all roles to system:auth-delegator. Default: false.')
      .optional(),
  },
  because: 'each login reviews itself',
  note: 'then roles have no audience, and each account needs the right to create TokenReviews',
  inputs: [
    {
      kind: 'yes-no',
      field: 'bind_clients',
      label: 'Bind accounts',
      flag: '--bind-clients <yes|no>',
      message: 'Give each account of the roles the right to review tokens?',
      why: 'In client review a workload reviews itself, and without that right every login fails.',
      yes: 'recommended',
      no: 'somebody else binds them',
      warning: 'logins fail until somebody binds each account to system:auth-delegator',
    },
  ],
  ceiling: {
    client_jwt: z
      .boolean()
      .describe(
        'With manage: full, a recipe may be of reviewer mode client_jwt, which removes the reviewer token that a mount has. Default: as bind_clients.',
      )
      .optional(),
  },

  judge: (given: Given, around) => [...mayReview(given, around), ...audiences(around.roles)],

  build: ({ bind_clients, binding: given }: Given, { roles, prefix }) => {
    if (!bind_clients) return {};
    const accounts = new Map(roles.flatMap((role) => role.service_accounts.map((one) => [accountText(one), one])));
    return { binding: { name: given ?? `${prefix}-clients`, accounts: [...accounts.values()] } };
  },
} satisfies ReviewerMode;

/** Each application account asks about itself. */
function mayReview({ bind_clients, binding: named }: Given, { manage, roles }: Around): Objection[] {
  if (!bind_clients) {
    const idle =
      named === undefined ? [] : [doubtful([...reviewerPath, 'binding'], 'does nothing without bind_clients: true')];
    const message =
      'each application account must be bound to system:auth-delegator by somebody; bind_clients: true does it';
    return manage === 'none' ? idle : [...idle, doubtful([...reviewerPath, 'mode'], message)];
  }
  const bound = roles.map(bindingsOf);
  const open = bound.flatMap(({ names, namespaces }, index) => {
    const selects = roles[index]?.bound_service_account_namespace_selector !== undefined;
    if (!selects && ![...names, ...namespaces].some((one) => one.includes('*'))) return [];
    const message =
      'bind_clients binds accounts that are named in full; those matched by * or a selector must be bound by somebody';
    return [doubtful(['roles', index], message)];
  });
  const nobody = bound.length > 0 && bound.every(({ accounts }) => accounts.length === 0);
  const message = 'no role names an account in full, so there is nobody to bind';
  return nobody ? [doubtful([...reviewerPath, 'bind_clients'], message), ...open] : open;
}

/** The API server accepts a login token as its own bearer only for its own audience. */
function audiences(roles: Around['roles']): Objection[] {
  return roles.flatMap(({ audience }, index) =>
    audience === undefined
      ? []
      : [
          doubtful(
            ['roles', index, 'audience'],
            'in client review the token is also the bearer, so this works only if the API server accepts that audience',
          ),
        ],
  );
}
