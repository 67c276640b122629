import { isIP } from 'node:net';
import { templatesIn } from '../../policy/templates.ts';
import { durationFields } from '../build.ts';
import { parseDuration, printDuration } from '../durations.ts';
import type { RoleDocument } from '../schema/role.ts';
import { didYouMean, nearestOfFew } from '../suggest.ts';
import { shown } from '../text.ts';
import { doubtful, type Objection, wrong } from './objection.ts';
import { eachRole, partNamed } from './rule.ts';

function seconds(role: RoleDocument, field: (typeof durationFields)[number]): number {
  return parseDuration(role[field] ?? 0) ?? 0;
}

export const durationsInRange = eachRole((role, path) =>
  durationFields.flatMap((field) => {
    const value = role[field];
    if (value === undefined || parseDuration(value) !== undefined) return [];
    return [wrong('recipe-value', [...path, field], `${shown(value)} is longer than 100 years`)];
  }),
);

export const ttlWithinMaximum = eachRole((role, path) =>
  (['token_max_ttl', 'token_explicit_max_ttl'] as const).flatMap((limit) => {
    const most = seconds(role, limit);
    return (['token_ttl', 'token_period'] as const).flatMap((field) => {
      if (most === 0 || seconds(role, field) <= most) return [];
      const message = `${printDuration(seconds(role, field))} is more than ${limit}, ${printDuration(most)}`;
      return [
        field === 'token_ttl' && limit === 'token_max_ttl'
          ? wrong('recipe-conflict', [...path, field], message)
          : doubtful([...path, field], message),
      ];
    });
  }),
);

export const periodicTokens = eachRole((role, path) => {
  if (seconds(role, 'token_period') === 0) return [];
  const said: Objection[] = [];
  if (seconds(role, 'token_explicit_max_ttl') > 0)
    said.push(
      doubtful(
        [...path, 'token_explicit_max_ttl'],
        'a periodic token is renewable for ever; this ends it all the same',
      ),
    );
  for (const field of ['token_ttl', 'token_max_ttl'] as const)
    if (seconds(role, field) > 0) said.push(doubtful([...path, field], 'does nothing beside token_period'));
  return said;
});

export const batchTokens = eachRole((role, path) => {
  if (role.token_type !== 'batch') return [];
  return (['token_period', 'token_num_uses', 'token_explicit_max_ttl'] as const).flatMap((field) => {
    if (!role[field] || role[field] === '0') return [];
    const message = `batch tokens have no ${field.slice('token_'.length)}`;
    return [
      field === 'token_explicit_max_ttl'
        ? doubtful([...path, field], message)
        : wrong('recipe-conflict', [...path, field], message),
    ];
  });
});

export const zeroMeansDefault = eachRole((role, path) =>
  durationFields.flatMap((field) =>
    role[field] !== undefined && parseDuration(role[field] ?? '') === 0
      ? [doubtful([...path, field], "0 is not an immediate end but the mount's or the server's default")]
      : [],
  ),
);

export const policiesOfRoles = eachRole((role, path, { document: { policies, roles } }) =>
  (role.token_policies ?? []).flatMap((name, index) => {
    const at = [...path, 'token_policies', index];
    const folded = name.toLowerCase();
    if (folded === 'root') return [wrong('recipe-conflict', at, 'no login may get the policy root')];
    if (folded === 'default' || partNamed(policies, name)) return [];
    const names = (policies ?? []).map((one) => one.name);
    const meant = didYouMean(nearestOfFew(name, names, role.token_policies ?? [], roles ?? []));
    return [
      doubtful(
        at,
        `this recipe does not define the policy ${shown(name)}; it must exist already${meant}`,
        undefined,
        'recipe-reference',
      ),
    ];
  }),
);

/** OpenBao refuses every request of a token with such a path: the alias is `namespace/name`, and a value has no slash. */
export const aliasFitsTemplates = eachRole((role, path, { policies }) => {
  if (role.alias_name_source !== 'serviceaccount_name') return [];
  const holding = (role.token_policies ?? []).filter((name) =>
    partNamed(policies, name)?.rules.some((rule) => templatesIn(rule.path).some(isAliasName)),
  );
  return holding.map((name) =>
    doubtful(
      [...path, 'alias_name_source'],
      `with this the alias is namespace/name, and a path of policy ${shown(name)} has {{identity.entity.aliases.….name}}: OpenBao then refuses every request of the login`,
      'use serviceaccount_uid, or metadata.service_account_name in the path',
    ),
  );
});

function isAliasName(template: string): boolean {
  return (
    template.startsWith('identity.entity.aliases.') && template.endsWith('.name') && !template.includes('.metadata.')
  );
}

export const rolesHavePolicies = eachRole((role, path) => {
  const others = (role.token_policies ?? []).filter((name) => name.toLowerCase() !== 'default');
  if (others.length === 0) return [doubtful(path, 'has no token_policies, so a login may read nothing')];
  const withDefault = role.token_policies?.findIndex((name) => name.toLowerCase() === 'default') ?? -1;
  if (withDefault < 0 || !role.token_no_default_policy) return [];
  return [wrong('recipe-conflict', [...path, 'token_no_default_policy'], 'token_policies names the policy default')];
});

export const fewUses = eachRole((role, path) => {
  const uses = role.token_num_uses ?? 0;
  if (uses === 0 || uses > 2) return [];
  return [
    doubtful(
      [...path, 'token_num_uses'],
      'each request counts, those of Vault agents and of verify too; the token is soon used up',
    ),
  ];
});

export const cidrForms = eachRole((role, path) =>
  (role.token_bound_cidrs ?? []).flatMap((text, index) => {
    const at = [...path, 'token_bound_cidrs', index];
    const [address = '', bits, ...more] = text.split('/');
    const family = isIP(address);
    const good =
      family > 0 &&
      !address.includes('%') &&
      more.length === 0 &&
      (bits === undefined || (/^(?:0|[1-9]\d*)$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128)));
    if (!good) return [wrong('recipe-value', at, `${shown(text)} is not an address or block, e.g. 10.0.0.0/8`)];
    return bits === '0' ? [doubtful(at, 'this is every address')] : [];
  }),
);
