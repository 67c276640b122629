import type { Fix } from '../../errors.ts';
import { boundBy } from '../../facts/bound.ts';
import { type Examination, known } from '../../facts/examination.ts';
import { ownRole, reasonOf, refusalEvidence } from '../../facts/refusal.ts';
import { binds, bindsName, bindsNamespace, type ServiceAccountName } from '../../model/account.ts';
import { isNotBound, type NotBound } from '../../vault/answers/login-refusal.ts';
import type { Suspected } from '../cause.ts';
import { byRecipe, namespaceSelector, patientRole, roleWrite } from '../fixes.ts';

/** Bindings are read from the role, because a login tells of the name first and hides the namespace behind it. */
export function notBound(x: Examination): Suspected[] {
  const role = known(x.role.stored);
  const { tried } = x.account;
  const by = (cause: NotBound, bound: string[], actual: string): Suspected => ({
    cause,
    certainty: 'certain',
    subject: patientRole(x),
    evidence: [
      ...refusalEvidence(x),
      { experiment: 'auth-role', said: `binds ${bound.join(', ') || 'none'}; the token is of ${actual}` },
    ],
    fix: letIn(x),
  });
  if (role && tried) {
    const bound = boundBy(role);
    const selected = namespaceSelector(x) !== '';
    return [
      ...(bindsName(bound, tried.name) ? [] : [by('service-account-not-bound', bound.names, tried.name)]),
      ...(selected || bindsNamespace(bound, tried.namespace)
        ? []
        : [by('namespace-not-bound', bound.namespaces, tried.namespace)]),
    ];
  }
  const cause = reasonOf(x);
  if (!isNotBound(cause)) return [];
  const actual = cause === 'namespace-not-bound' ? tried?.namespace : tried?.name;
  return [by(cause, ['(may not be read)'], actual ?? 'another')];
}

function letIn(x: Examination): Fix[] {
  const { tried } = x.account;
  const own = ownRole(x);
  if (own && tried && !binds(boundBy(own), tried))
    return [{ why: `the recipe does not bind it either: add it to service_accounts of role ${own.name}` }];
  if (own) return byRecipe(x, 'bind-role', 'write the role as the recipe has it');
  const more =
    tried && known(x.role.stored) && known(x.account.found)?.exists !== false ? widened(x, tried) : undefined;
  if (more) return [{ why: 'if it should log in, bind it too, beside those that are bound', command: more }];
  return [
    {
      why: `have whoever keeps ${patientRole(x)} bind the account if it should log in, better by a role of its own: a role binds each of its names in each of its namespaces`,
    },
  ];
}

/**
 * A write replaces a list, so the others are in it. Undefined where that would let in others than this account, since a
 * role binds each name in each namespace, and in those that its selector chooses.
 */
function widened(x: Examination, { namespace, name }: ServiceAccountName) {
  if (namespaceSelector(x) !== '') return undefined;
  const bound = boundBy(known(x.role.stored));
  const names = added(bound.names, name);
  const namespaces = added(bound.namespaces, namespace);
  const alone = bound.namespaces.every((one) => one === namespace) || bound.names.every((one) => one === name);
  if (!alone || [...names, ...namespaces].some((one) => one === '*')) return undefined;
  return roleWrite(x, {
    bound_service_account_names: names.join(','),
    bound_service_account_namespaces: namespaces.join(','),
  });
}

const added = (list: string[], one: string): string[] => (list.includes(one) ? list : [...list, one]);
