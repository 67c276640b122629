import type { Path } from '../source/place.ts';
import { shown } from '../text.ts';
import { doubtful, type Objection, wrong } from './objection.ts';
import type { Rule } from './rule.ts';

/** Vault stores names of policies and roles in lower case, so `App` and `app` are one object. */
export const noNameTwice: Rule = ({ document: { policies = [], roles = [] } }) => [
  ...repeated(policies, 'policies'),
  ...repeated(roles, 'roles'),
];

export const lowerCaseNames: Rule = ({ document: { policies = [], roles = [] } }) => [
  ...policies.flatMap(({ name }, index) => lowered(name, ['policies', index, 'name'])),
  ...roles.flatMap(({ name, token_policies = [] }, index) => [
    ...lowered(name, ['roles', index, 'name']),
    ...token_policies.flatMap((policy, at) => lowered(policy, ['roles', index, 'token_policies', at])),
  ]),
];

export const noExpectationTwice: Rule = ({ document: { expect = [] } }) => {
  const seen = new Map<string, number>();
  return expect.flatMap(({ role, service_account }, index) => {
    const key = `${role.toLowerCase()} ${service_account}`;
    const first = seen.get(key);
    if (first === undefined) seen.set(key, index);
    if (first === undefined) return [];
    return [
      again(
        ['expect', index],
        ['expect', first],
        `the login of ${service_account} with role ${role} is expected twice`,
      ),
    ];
  });
};

function repeated(named: { name: string }[], list: 'policies' | 'roles'): Objection[] {
  const seen = new Map<string, number>();
  return named.flatMap(({ name }, index) => {
    const first = seen.get(name.toLowerCase());
    if (first === undefined) seen.set(name.toLowerCase(), index);
    if (first === undefined) return [];
    const other = named[first]?.name ?? name;
    const folded = other === name ? '' : ` (Vault stores ${shown(other)} and ${shown(name)} in lower case)`;
    return [again([list, index, 'name'], [list, first, 'name'], `${shown(name)} is defined twice${folded}`)];
  });
}

function lowered(name: string, path: Path): Objection[] {
  const lower = name.toLowerCase();
  if (lower === name) return [];
  return [doubtful(path, `Vault stores this name as ${shown(lower)}`, `write ${lower}`)];
}

function again(path: Path, first: Path, message: string): Objection {
  return { ...wrong('recipe-duplicate', path, message), first };
}
