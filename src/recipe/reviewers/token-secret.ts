import { accountText, binds, parseAccount, type ServiceAccountName } from '../../model/account.ts';
import { bindingsOf, namedAccount } from '../bindings.ts';
import { doubtful, type Objection, wrong } from '../rules/objection.ts';
import { account, subdomain } from '../schema/values.ts';
import { binding } from './binding.ts';
import { type Around, type ReviewerMode, reviewerPath } from './mode.ts';

interface Given {
  service_account?: string;
  token_secret?: string;
  binding?: string;
}

const proposed = 'default/vault-reviewer';

/** An account of its own, whose token lies in a Secret and in Vault, without an end. */
export const tokenSecret = {
  means: 'an account of its own, whose token Vault keeps',
  whoReviews: 'account',
  storesToken: true,
  config: {},
  fields: {
    service_account: account()
      .describe('token_secret only: the ServiceAccount that reviews, namespace/name. Not an application account.')
      .optional(),
    token_secret: subdomain('the name of a Secret')
      .describe('token_secret only: Secret with its token, made when missing. Default: <account>-token.')
      .optional(),
    binding,
  },
  because: 'only the reviewer reviews',
  note: '',
  inputs: [
    {
      kind: 'account',
      field: 'service_account',
      label: 'Reviewer',
      flag: '--reviewer <namespace/name>',
      message: 'Which ServiceAccount reviews tokens?',
      why: "It gets the right to review every token of the cluster, so it is no application's; made when missing.",
      proposed,
      shared: 'every Pod that names no account runs as it, and could review',
    },
  ],
  ceiling: {},

  judge: ({ service_account: named }: Given, { manage, roles }) => {
    if (named === undefined)
      return [
        wrong(
          'recipe-missing',
          [...reviewerPath, 'service_account'],
          `is missing: mode token_secret needs a ServiceAccount of its own, e.g. ${proposed}`,
        ),
      ];
    const reviewer = parseAccount(named);
    return !reviewer || manage === 'none' ? [] : isNoApplication(reviewer, roles);
  },

  build: ({ service_account = '', token_secret, binding: given }: Given, { prefix }) => {
    const own = namedAccount(service_account);
    const { namespace, name } = own;
    return {
      account: own,
      secret: { namespace, name: token_secret ?? `${name}-token` },
      binding: { name: given ?? `${prefix}-${namespace}-${name}`, accounts: [own] },
    };
  },
} satisfies ReviewerMode;

/** The article's mistake: the application then holds the right to review every token of the cluster. */
function isNoApplication(reviewer: ServiceAccountName, roles: Around['roles']): Objection[] {
  const said: Objection[] = roles.flatMap((role, index) => {
    if (!binds(bindingsOf(role), reviewer)) return [];
    const message = `the reviewer ${accountText(reviewer)} may log in as an application too; Vault then keeps that application's token, and it may review every token of the cluster`;
    return [doubtful(['roles', index], message, 'give the reviewer an account of its own')];
  });
  if (reviewer.name === 'default')
    said.push(
      doubtful(
        [...reviewerPath, 'service_account'],
        'every pod that names no ServiceAccount runs as default and would be a reviewer',
      ),
    );
  return said;
}
