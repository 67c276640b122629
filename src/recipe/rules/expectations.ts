import { bindsName, bindsNamespace, parseAccount } from '../../model/account.ts';
import { holds, keyOf, requestOf } from '../../policy/requests.ts';
import { capabilitiesIn, type LookupCost } from '../../policy/rule-index.ts';
import { bindingsOf } from '../bindings.ts';
import { splitClaim } from '../build.ts';
import type { ExpectDocument } from '../schema/index.ts';
import type { RoleDocument } from '../schema/role.ts';
import type { Path } from '../source/place.ts';
import { didYouMean, nearestOfFew } from '../suggest.ts';
import { brief, shown } from '../text.ts';
import { doubtful, type Objection, wrong } from './objection.ts';
import { indexesOfRole, policiesOfRole } from './reach.ts';
import { type Draft, partNamed, type Rule } from './rule.ts';

function eachExpectation(judge: (entry: ExpectDocument, path: Path, draft: Draft) => Objection[]): Rule {
  return (draft) => (draft.document.expect ?? []).flatMap((entry, index) => judge(entry, ['expect', index], draft));
}

function derived(judge: (entry: ExpectDocument, path: Path, draft: Draft) => Objection[]): Rule {
  return eachExpectation((entry, path, draft) => judge(entry, path, draft).map((said) => ({ ...said, derived: true })));
}

function roleOf({ document: { roles } }: Draft, name: string): RoleDocument | undefined {
  return partNamed(roles, name);
}

export const expectSomething: Rule = ({ document: { expect } }) =>
  expect?.length === 0
    ? [doubtful(['expect'], 'an empty list proves nothing; without the key each literal account logs in')]
    : [];

export const expectedRoleExists = eachExpectation(({ role }, path, draft) => {
  if (roleOf(draft, role)) return [];
  const names = (draft.document.roles ?? []).map(({ name }) => name);
  const meant = didYouMean(nearestOfFew(role, names, draft.document.expect ?? []));
  if (draft.document.auth.manage === 'none' && meant === '') return [];
  return [
    doubtful(
      [...path, 'role'],
      `this recipe does not bind the role ${shown(role)}; it must exist on the mount${meant}`,
      undefined,
      'recipe-reference',
    ),
  ];
});

export const refusedHasNoAccess = eachExpectation((entry, path) =>
  entry.login !== 'refused'
    ? []
    : (['can', 'cannot'] as const)
        .filter((key) => entry[key] !== undefined)
        .map((key) => wrong('recipe-conflict', [...path, key], 'a login that is refused has no access to speak of')),
);

export const canAndCannot = eachExpectation(({ can = [], cannot = [] }, path) => {
  const allowed = new Set(can.map(request));
  return cannot.flatMap((claim, index) =>
    allowed.has(request(claim))
      ? [wrong('recipe-conflict', [...path, 'cannot', index], `${shown(spaced(claim))} stands under can too`)]
      : [],
  );
});

export const claimsOnce = eachExpectation((entry, path) =>
  (['can', 'cannot'] as const).flatMap((key) => {
    const seen = new Set<string>();
    return (entry[key] ?? []).map(spaced).flatMap((claim, index) => {
      if (seen.has(claim)) return [doubtful([...path, key, index], `${shown(claim)} stands here twice`)];
      seen.add(claim);
      return [];
    });
  }),
);

export const claimedPaths = eachExpectation((entry, path) =>
  (['can', 'cannot'] as const).flatMap((key) =>
    (entry[key] ?? []).flatMap((claim, index): Objection[] => {
      const at = [...path, key, index];
      const asked = splitClaim(claim).path;
      const plain = asked.replace(/^\/*(?:v1\/)?/, '');
      if (plain !== asked) return [wrong('recipe-value', at, `write the API path alone${didYouMean(plain)}`)];
      if (
        plain
          .replace(/\/$/, '')
          .split('/')
          .some((part) => ['', '.', '..'].includes(part))
      )
        return [wrong('recipe-value', at, 'a path has no empty segment and no "." or ".."')];
      if (/[*+{}]/.test(asked))
        return [wrong('recipe-value', at, 'one path is tried, so it may hold no *, + or template')];
      return [];
    }),
  ),
);

/** Vault decides a login by the two lists of the role alone. */
export const loginAgreesWithRole = derived(({ role: name, service_account, login = 'ok' }, path, draft) => {
  const role = roleOf(draft, name);
  const account = parseAccount(service_account);
  if (!role || !account) return [];
  const bindings = bindingsOf(role);
  const bound = bindsName(bindings, account.name);
  const placed = bindsNamespace(bindings, account.namespace);
  const selector = role.bound_service_account_namespace_selector !== undefined;
  if (login === 'ok' && (!bound || (!placed && !selector))) {
    const what = bound ? `the namespace ${account.namespace}` : `an account named ${account.name}`;
    return [
      wrong(
        'recipe-conflict',
        [...path, 'service_account'],
        `the role ${role.name} does not bind ${what}, so this login is refused`,
      ),
    ];
  }
  if (login === 'refused' && bound && placed)
    return [
      wrong(
        'recipe-conflict',
        [...path, 'login'],
        `the role ${role.name} binds ${service_account}, so this login is not refused`,
      ),
    ];
  return [];
});

/** Looked at rules of policies, for all claims together: some seconds. Real recipes need a thousandth of it. */
const mostWork = 5_000_000;

/**
 * What the policies of this recipe say of the claim, when the role has no others. It is judged as verify and the doctor
 * judge it, on the path of the request that it stands for; where the servers differ, the claim may be right on one.
 */
export const claimsAgreeWithPolicies: Rule = (draft) => {
  const work = { steps: 0 };
  const said = (draft.document.expect ?? []).flatMap((entry, index) =>
    work.steps > mostWork ? [] : judgeClaims(entry, ['expect', index], draft, work),
  );
  if (work.steps <= mostWork) return said;
  const message = 'these claims and the rules of the policies are too many to be held against each other';
  return [wrong('recipe-value', ['expect'], message, 'make several recipes of it')];
};

function judgeClaims(entry: ExpectDocument, path: Path, draft: Draft, work: LookupCost): Objection[] {
  const policies = indexesOfRole(draft, entry.role);
  if (!policies || entry.login === 'refused') return [];
  const wrongs = (['can', 'cannot'] as const).flatMap((key) =>
    (entry[key] ?? []).flatMap((written, index) => {
      const claim = splitClaim(written);
      const { capability, path: asked } = claim;
      if (work.steps > mostWork || /[*+{}]/.test(asked)) return [];
      const judged = requestOf(claim).path;
      const allowed = (['vault', 'openbao'] as const).map((product) =>
        holds(capabilitiesIn(policies, judged, product, work), capability),
      );
      if (allowed.includes(key === 'can') || (key === 'can' && ownPaths.test(asked))) return [];
      const verb = key === 'cannot' ? 'allow' : 'do not allow';
      const message = `the policies of role ${brief(entry.role)} ${verb} ${capability} on ${brief(asked)}`;
      return [wrong('recipe-conflict', [...path, key, index], message)];
    }),
  );
  const judgedBy = wrongs.length === 0 ? [] : policiesOfRole(draft, entry.role);
  return wrongs.map((said) => ({ ...said, judgedBy, derived: true as const }));
}

/** Paths that Vault's own policy `default` speaks of. */
const ownPaths = /^(?:auth\/token|cubbyhole|identity|sys)\//;

/** Two claims that stand for one request are one. */
function request(claim: string): string {
  return keyOf(splitClaim(claim));
}

function spaced(claim: string): string {
  const { capability, path } = splitClaim(claim);
  return `${capability} ${path}`;
}
