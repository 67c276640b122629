import { type Examination, known } from '../facts/examination.ts';
import { policiesOf } from '../facts/looks/role.ts';
import { acceptedOf, isAbsentUnasked } from '../facts/refusal.ts';
import { accountText } from '../model/account.ts';
import type { Chain } from '../model/report.ts';
import { judgedClaims } from '../proof/judge-claims.ts';
import { type Link, loginChain } from '../proof/login-chain.ts';
import type { Stage } from './cause.ts';
import type { Diagnosis } from './diagnose.ts';

/** Which link each stage breaks. Vault and operator break all of it. */
export const linkOf: Partial<Record<Stage, Link>> = {
  mount: 'mount',
  role: 'role',
  config: 'token-review',
  token: 'token',
  binding: 'role',
  reviewer: 'token-review',
  cluster: 'token-review',
  policy: 'policy',
  secret: 'secret',
};

export function chainOf(x: Examination, causes: Diagnosis[]): Chain | undefined {
  const { mount, role, can, cannot, stranger, jwt } = x.patient;
  if (role === undefined || stranger) return undefined;
  const who = x.account.tried ?? x.patient.service_account;
  const account = who ? accountText(who) : jwt ? '(given token)' : '(unknown)';
  const tried = known(x.login) !== undefined;
  const accepted = acceptedOf(x);
  return loginChain({
    ...{ mount, role, account, can },
    policies: policiesOf(known(x.role.stored)),
    judged: accepted && judgedClaims(accepted, { can, cannot }),
    broken: causes.flatMap(({ stage, cause }) =>
      cause === 'service-account-missing' ? 'service-account' : (linkOf[stage] ?? []),
    ),
    absent: isAbsentUnasked(x),
    seen: (link) => {
      if (link === 'token') return tried || jwt !== undefined;
      return link !== 'service-account' || tried || known(x.account.found)?.exists === true;
    },
  });
}
