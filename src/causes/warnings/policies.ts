import type { Problem } from '../../errors.ts';
import { type Examination, known } from '../../facts/examination.ts';
import { oncePerRecipe } from '../../facts/once-per-recipe.ts';
import { policyAddress } from '../../model/addresses.ts';
import { capabilitiesOf } from '../../policy/evaluate.ts';
import { doubtIn, parsePolicy } from '../../policy/reading/parse.ts';
import type { PolicyRule, Unclear } from '../../policy/rule.ts';
import type { AccessClaim } from '../../recipe/recipe.ts';
import type { VaultHealth } from '../../vault/api.ts';
import { type Warner, warning } from './warning.ts';

/**
 * Policies of the role that allow more than anybody is expected to do; nothing is said of that where nothing is
 * expected. And those that cannot be judged.
 */
export const policyWarnings: Warner = (x) =>
  [...x.role.policies].flatMap(([name, fact]) => {
    const text = known(fact);
    if (text === undefined) return [];
    const parsed = parsePolicy(text);
    const doubt = doubtIn(parsed);
    if (doubt) return [unclear(name, doubt)];
    const claims = claimsOn(x, name);
    if (name === 'default' || claims.length === 0) return [];
    const product = known(x.vault.health)?.product ?? 'vault';
    const wide = parsed.rules.flatMap((rule) => excess(rule, claims, product));
    return wide.length === 0 ? [] : [tooWide(name, wide)];
  });

/** Law: of what cannot be read with certainty nothing good is said. */
function unclear(name: string, { message, line, column }: Unclear): Problem {
  const said = `what it allows cannot be judged (line ${line}, column ${column}: ${message})`;
  return warning('policy-unclear', policyAddress(name), said, 'write it anew without that, and look again');
}

function tooWide(name: string, wide: string[]): Problem {
  const shown = wide.slice(0, 3).join('; ');
  const more = wide.length > 3 ? `; and ${wide.length - 3} more rules` : '';
  const why = 'take away what nobody needs, or add the claim to expect';
  return warning('policy-too-wide', policyAddress(name), `nobody is expected to need ${shown}${more}`, why);
}

/** A policy may serve several roles: what any of them is expected to do is needed. */
function claimsOn({ patient: { recipe, can, role } }: Examination, policy: string): AccessClaim[] {
  if (!recipe) return can;
  const { holders, expected } = usesOf(recipe);
  return [...new Set([role ?? '', ...(holders.get(policy) ?? [])])].flatMap((name) => expected.get(name) ?? []);
}

/** Roles by the name of each of their policies, and what is expected of each role. */
const usesOf = oncePerRecipe(({ roles, expect }) => {
  const holders = new Map<string, string[]>();
  for (const { name, token_policies = [] } of roles) for (const policy of token_policies) add(holders, policy, [name]);
  const expected = new Map<string, AccessClaim[]>();
  for (const { role, can } of expect) add(expected, role, can);
  return { holders, expected };
});

function add<T>(lists: Map<string, T[]>, key: string, more: T[]): void {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  for (const one of more) list.push(one);
}

function excess(rule: PolicyRule, claims: AccessClaim[], product: VaultHealth['product']): string[] {
  if (rule.capabilities.includes('deny') || rule.path.includes('{{')) return [];
  const about = claims.filter(({ path }) => !capabilitiesOf([rule], path, product).includes('deny'));
  const needed = about.map(({ capability }) => capability as string);
  const unneeded = rule.capabilities.filter((one) => !needed.includes(one));
  if (unneeded.length > 0) return [`${unneeded.join(', ')} on ${rule.path}`];
  const exact = about.some(({ path }) => path === rule.path);
  return /[*+]/.test(rule.path) && !exact
    ? [`all of ${rule.path}, but ${about.map(({ path }) => path).join(', ')}`]
    : [];
}
