import type { Access } from '../../model/rights.ts';
import { authMount, roleNames, storedConfig, storedPolicy, storedRole } from '../../proof/auth-method.ts';
import { delegators, mayReview, reviewerTokenSecret, serviceAccountFact } from '../../proof/cluster.ts';
import { observedLogin } from '../../proof/observed-login.ts';
import { storedSecret } from '../../proof/stored-secret.ts';
import type { Recipe } from '../../recipe/recipe.ts';
import { patientsOf } from '../patients.ts';

/** What the doctor asks about the logins of a recipe, without --fix and --probe. */
export function doctorAccess(recipe: Recipe): Access[] {
  const { auth, roles, expect } = recipe;
  const { path: mount, reviewer } = auth;
  const logins = [...new Set(expect.map(({ role }) => role))];
  const policies = roles.filter(({ name }) => logins.includes(name)).flatMap((role) => role.token_policies ?? []);
  return [
    ...authMount.access(mount),
    ...storedConfig.access(mount),
    ...roleNames.access(mount),
    ...delegators.access(null),
    ...logins.flatMap((role) => storedRole.access({ mount, role })),
    ...[...new Set(policies)].flatMap((name) => storedPolicy.access(name.toLowerCase())),
    ...patientsOf(recipe).flatMap(({ role = '', service_account, can }) => [
      ...can.flatMap(({ path }) => storedSecret.access(path)),
      ...(service_account
        ? [
            ...serviceAccountFact.access(service_account),
            ...observedLogin.access({ mount, role, service_account, monitor: true, can: [], cannot: [] }),
          ]
        : []),
    ]),
    ...(reviewer.secret ? reviewerTokenSecret.access(reviewer.secret) : []),
    ...(reviewer.account ? [reviewer.account] : expect.map(({ service_account }) => service_account)).flatMap(
      (account) => mayReview.access(account),
    ),
  ];
}
