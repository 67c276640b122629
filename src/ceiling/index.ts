import type { Limit } from '../recipe/rules/rule.ts';
import type { Ceiling, CeilingLimit } from './ceiling.ts';
import { mountLimit, reviewerLimit } from './limits/auth.ts';
import { expectations } from './limits/expectations.ts';
import { lifetimes } from './limits/lifetimes.ts';
import { places } from './limits/place.ts';
import { policyNames, policyPaths } from './limits/policies.ts';
import { roles } from './limits/roles.ts';

/** All that a recipe can reach is named by one of these. */
const limits: CeilingLimit[] = [
  places,
  mountLimit,
  reviewerLimit,
  policyNames,
  policyPaths,
  roles,
  lifetimes,
  expectations,
];

export function limitOf(ceiling: Ceiling): Limit {
  return (finished) => limits.flatMap((limit) => limit(ceiling, finished));
}
