import type { Check } from '../contracts/check.ts';
import { question } from '../contracts/experiment.ts';
import { defineStep } from '../contracts/step.ts';
import { accountText } from '../model/account.ts';
import {
  accountAddress,
  bindingAddress,
  configAddress,
  loginAddress,
  mountAddress,
  policyAddress,
  roleAddress,
  secretAddress,
} from '../model/addresses.ts';
import { assigned, joined, kubectl, variable, vaultWriteJson } from '../model/commands.ts';
import type { Access } from '../model/rights.ts';
import { type LoginSubject, workloadLogin } from '../proof/workload-login.ts';
import type { AccessClaim, Expectation, Recipe } from '../recipe/recipe.ts';
import { reviewerBindings, settling } from './bind-delegator.ts';
import { judgeLogin } from './login-verdict.ts';
import { roleOf } from './roles.ts';

export const login = defineStep({
  name: 'login',
  title: 'log in as the workload',
  summary:
    'client.auth_kubernetes("my-role", jwt). A fresh TokenRequest token logs in through Vault, what it may reach is compared with the recipe, and the Vault token is revoked.',
  writes: false,

  commands: ({ recipe }) =>
    recipe.expect.flatMap(({ role, service_account: { namespace, name }, login: wanted }) => {
      const audience = audienceOf(recipe, role);
      // A token that the API server itself accepts is nothing to show to the mount of others.
      if (recipe.auth.manage === 'none' && !audience) return [];
      const token = kubectl('create token', [name], { namespace, duration: '10m', audience: audience || undefined });
      const jwt = variable('SA_JWT');
      const data = { role, jwt: joined(jwt) };
      // Without -field it would print the Vault token.
      const and = vaultWriteJson(loginAddress(recipe.auth.path), data, { field: 'policies' });
      return [{ ...assigned(jwt, token), and, ...(wanted === 'refused' ? { note: 'must be refused' } : {}) }];
    }),

  access: ({ recipe }) => [
    ...recipe.expect.flatMap((expected) => workloadLogin.access(subjectOf(recipe, expected))),
    ...(recipe.roles.some((role) => role.token_no_default_policy || role.token_num_uses)
      ? onBehalf.map(asOperator)
      : []),
  ],

  verify: ({ recipe }) => {
    const shared = standsOn(recipe);
    return recipe.expect.map((expected) => checkOf(recipe, expected, shared));
  },
});

/**
 * A token without the default policy may neither ask what it may nor end itself, and one of few uses would be spent by
 * it: the operator does it by its accessor.
 */
const onBehalf = ['sys/capabilities-accessor', 'auth/token/revoke-accessor'];

function asOperator(path: string): Access {
  return { system: 'vault', path, capabilities: ['update'], phase: 'verify' };
}

function checkOf(recipe: Recipe, expected: Expectation, shared: string[]): Check {
  const { role, service_account: account } = expected;
  const asked = question(workloadLogin, subjectOf(recipe, expected));
  return {
    title: titleOf(expected),
    subject: `${accountAddress(account)} as ${roleAddress(recipe.auth.path, role)}`,
    about: [...shared, ...dependsOn(recipe, expected)],
    needs: [asked],
    retryFor: settling,
    judge: (facts) => judgeLogin(facts.of(asked), expected, recipe),
    at: expected.at,
  };
}

function titleOf({ role, service_account, login: wanted }: Expectation): string {
  const who = accountText(service_account);
  return wanted === 'refused' ? `${who} is refused by role ${role}` : `${who} logs in with role ${role}`;
}

function subjectOf(recipe: Recipe, { role, service_account, can, cannot }: Expectation): LoginSubject {
  const audience = audienceOf(recipe, role);
  return {
    mount: recipe.auth.path,
    role,
    service_account,
    audience,
    can: can.map(plain),
    cannot: cannot.map(plain),
  };
}

/** Without its place: the same login is tried once. */
const plain = ({ capability, path }: AccessClaim) => ({ capability, path });

/** Undefined for a role that this recipe does not define. */
function audienceOf(recipe: Recipe, role: string): string | undefined {
  const ours = roleOf(recipe, role);
  return ours && (ours.audience ?? '');
}

/** What every login stands on: when one of these changed, it is proved again. */
function standsOn(recipe: Recipe): string[] {
  const { secret } = recipe.auth.reviewer;
  return [
    mountAddress(recipe.auth.path),
    configAddress(recipe.auth.path),
    ...(secret ? [secretAddress(secret)] : []),
    ...reviewerBindings(recipe).map(({ name }) => bindingAddress(name)),
  ];
}

/** What this one stands on besides. */
function dependsOn(recipe: Recipe, { role, service_account }: Expectation): string[] {
  const policies = roleOf(recipe, role)?.token_policies ?? [];
  return [roleAddress(recipe.auth.path, role), accountAddress(service_account), ...policies.map(policyAddress)];
}
