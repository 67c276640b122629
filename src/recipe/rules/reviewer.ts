import { accountText, matches, parseAccount } from '../accounts.ts';
import { bindingsOf } from '../build.ts';
import type { RecipeDocument } from '../schema/index.ts';
import type { Path } from '../source/place.ts';
import { doubtful, type Rule, type Said, wrong } from './rule.ts';

const path: Path = ['auth', 'reviewer'];

type Reviewer = NonNullable<RecipeDocument['auth']['reviewer']>;

function modeOf({ mode = 'token_secret' }: Reviewer) {
  return mode;
}

export const reviewerIsNamed: Rule = ({ document: { auth } }) => {
  const { reviewer, manage } = auth;
  if (!reviewer && manage === 'none') return [];
  if (!reviewer)
    return [
      wrong(
        'recipe-missing',
        path,
        'is missing: say who reviews tokens, e.g. {mode: token_secret, service_account: default/vault-reviewer}',
      ),
    ];
  if (modeOf(reviewer) === 'client_jwt' || reviewer.service_account) return [];
  return [
    wrong(
      'recipe-missing',
      [...path, 'service_account'],
      'is missing: mode token_secret needs a ServiceAccount of its own, e.g. default/vault-reviewer',
    ),
  ];
};

export const fieldsOfTheMode: Rule = ({ document: { auth } }) => {
  const { reviewer } = auth;
  if (!reviewer) return [];
  if (modeOf(reviewer) === 'token_secret')
    return reviewer.bind_clients === undefined
      ? []
      : [
          wrong(
            'recipe-conflict',
            [...path, 'bind_clients'],
            'belongs to mode client_jwt; in token_secret only the reviewer reviews',
          ),
        ];
  const said: Said[] = (['service_account', 'token_secret'] as const)
    .filter((key) => reviewer[key] !== undefined)
    .map((key) =>
      wrong('recipe-conflict', [...path, key], 'belongs to mode token_secret; in client_jwt each login reviews itself'),
    );
  if (reviewer.binding !== undefined && !reviewer.bind_clients)
    said.push(doubtful([...path, 'binding'], 'does nothing without bind_clients: true'));
  return said;
};

/** In client review each application account asks about itself. */
export const clientsMayReview: Rule = ({ document: { auth, roles = [] } }) => {
  const { reviewer, manage = 'full' } = auth;
  if (!reviewer || modeOf(reviewer) !== 'client_jwt') return [];
  if (!reviewer.bind_clients)
    return manage === 'none'
      ? []
      : [
          doubtful(
            [...path, 'mode'],
            'each application account must be bound to system:auth-delegator by somebody; bind_clients: true does it',
          ),
        ];
  const open = roles.flatMap((role, index) => {
    const { names, namespaces } = bindingsOf(role);
    const all = [...names, ...namespaces];
    return all.some((one) => one.includes('*')) || role.bound_service_account_namespace_selector !== undefined
      ? [
          doubtful(
            ['roles', index],
            'bind_clients binds accounts that are named in full; those matched by * or a selector must be bound by somebody',
          ),
        ]
      : [];
  });
  const nobody = roles.length > 0 && roles.every((role) => bindingsOf(role).accounts.length === 0);
  return nobody
    ? [doubtful([...path, 'bind_clients'], 'no role names an account in full, so there is nobody to bind'), ...open]
    : open;
};

/** The API server accepts a login token as its own bearer only for its own audience. */
export const audienceInClientReview: Rule = ({ document: { auth, roles = [] } }) => {
  if (!auth.reviewer || modeOf(auth.reviewer) !== 'client_jwt') return [];
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
};

/** The article's mistake: the application then holds the right to review every token of the cluster. */
export const reviewerIsNoApplication: Rule = ({ document: { auth, roles = [] } }) => {
  const { reviewer } = auth;
  const account = reviewer?.service_account ? parseAccount(reviewer.service_account) : undefined;
  if (!account || !reviewer || modeOf(reviewer) !== 'token_secret' || auth.manage === 'none') return [];
  const said: Said[] = roles.flatMap((role, index) => {
    const { names, namespaces } = bindingsOf(role);
    const bound =
      names.some((name) => matches(name, account.name)) &&
      namespaces.some((namespace) => matches(namespace, account.namespace));
    if (!bound) return [];
    const message = `the reviewer ${accountText(account)} may log in as an application too; Vault then keeps that application's token, and it may review every token of the cluster`;
    return [doubtful(['roles', index], message, 'give the reviewer an account of its own')];
  });
  if (account.name === 'default')
    said.push(
      doubtful(
        [...path, 'service_account'],
        'every pod that names no ServiceAccount runs as default and would be a reviewer',
      ),
    );
  return said;
};
