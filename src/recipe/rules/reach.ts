import { configAddress, policyAddress, roleAddress } from '../../model/addresses.ts';
import { capabilitiesOf } from '../../policy/evaluate.ts';
import type { PolicyRule } from '../../policy/rule.ts';
import { RuleIndex } from '../../policy/rule-index.ts';
import type { PolicyText } from '../policies.ts';
import { doubtful } from './objection.ts';
import { type Draft, partNamed, type Rule } from './rule.ts';

const writes = ['create', 'update', 'patch', 'sudo'];

/** Whoever may write policies, roles or the auth config may give itself everything. */
export const policyIsNoKey: Rule = ({ policies, document: { auth } }) => {
  const doors = {
    [policyAddress('any')]: 'write policies',
    'sys/policy/any': 'write policies',
    [roleAddress(auth.path, 'any')]: 'write roles of this mount',
    [configAddress(auth.path)]: 'change who reviews tokens',
    'auth/token/create': 'make tokens',
    'identity/entity': 'give policies to identities',
  };
  return policies.flatMap(({ rules, name }, index) => {
    const open = Object.entries(doors).filter(([path]) => mayWrite(rules, path));
    if (open.length === 0) return [];
    const what = [...new Set(open.map(([, able]) => able))].join(', ');
    return [
      doubtful(
        ['policies', index],
        `an application with the policy ${name} may ${what}; that is as good as reading every secret`,
      ),
    ];
  });
};

function mayWrite(rules: PolicyRule[], path: string): boolean {
  return capabilitiesOf(rules, path, 'vault').some((one) => writes.includes(one));
}

/** The policies that a login with a role gets from this recipe; undefined when it may get others, or other rules, too. */
export function indexesOfRole({ policies, document: { roles } }: Draft, name: string): RuleIndex[] | undefined {
  const role = partNamed(roles, name);
  const found = (role?.token_policies ?? []).map((policy) => indexOf(partNamed(policies, policy)));
  return role && found.every((index) => index !== undefined) ? found : undefined;
}

const indexes = new WeakMap<PolicyText, RuleIndex>();

/** Made once a policy: a thousand claims may ask. */
function indexOf(policy: PolicyText | undefined): RuleIndex | undefined {
  if (!policy || policy.hcl === '' || policy.problems.length > 0 || policy.unclear) return undefined;
  const index = indexes.get(policy) ?? new RuleIndex(policy.rules);
  indexes.set(policy, index);
  return index.templated ? undefined : index;
}

/** Indexes of those of this recipe's policies that a role has. */
export function policiesOfRole({ document: { roles, policies = [] } }: Draft, name: string): number[] {
  const held = new Set((partNamed(roles, name)?.token_policies ?? []).map((policy) => policy.toLowerCase()));
  return policies.flatMap((policy, index) => (held.has(policy.name.toLowerCase()) ? [index] : []));
}
