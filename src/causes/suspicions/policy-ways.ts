import type { Fix } from '../../errors.ts';
import { type Examination, known } from '../../facts/examination.ts';
import { ownRole } from '../../facts/refusal.ts';
import { vault } from '../../model/commands.ts';
import { printGrant } from '../../policy/print.ts';
import { clearRules } from '../../policy/reading/parse.ts';
import { requestOf } from '../../policy/requests.ts';
import type { AccessClaim } from '../../recipe/recipe.ts';
import { applied, byRecipe, patientRole } from '../fixes.ts';

export const writeByRecipe = (x: Examination): Fix[] =>
  byRecipe(x, 'write-policy', 'write the policies as the recipe has them');

export const bindByRecipe = (x: Examination): Fix[] => byRecipe(x, 'bind-role', 'write the role as the recipe has it');

/** What to write so that a path is allowed. `decides`: the policy whose rule denies it, where one does. */
export function waysToAllow(x: Examination, claim: AccessClaim, decides?: string): Fix[] {
  const { recipe } = x.patient;
  if (!recipe) return allowByHand(x, claim, decides);
  const drifted = known(x.drift)?.filter(
    ({ address }) => address.startsWith('sys/policies/') || address === patientRole(x),
  );
  if (drifted?.length === 0) return [{ why: inPlace(claim, decides) }];
  if (drifted && drifted.length > 1) return applied(x, 'write policies and role as the recipe has them');
  return isAttached(x) ? writeByRecipe(x) : bindByRecipe(x);
}

function inPlace({ path }: AccessClaim, decides: string | undefined): string {
  const where = decides === undefined ? 'what else its token is given' : `policy ${decides}`;
  return `policies and role are as the recipe has them: have whoever keeps ${where} look at what it says of ${path}`;
}

export function wantedPolicies(x: Examination): string[] {
  return ownRole(x)?.token_policies ?? [];
}

/** The role has all policies that the recipe gives it. */
export function isAttached(x: Examination): boolean {
  const wanted = wantedPolicies(x);
  return wanted.length > 0 && wanted.every((name) => x.role.policies.has(name));
}

/** The rule is told; a command only where nothing is there that it could take anything from. */
function allowByHand(x: Examination, claim: AccessClaim, decides: string | undefined): Fix[] {
  const [name = ''] = decides === undefined ? x.role.policies.keys() : [decides];
  if (x.role.policies.size === 0)
    return [{ why: `have whoever keeps ${patientRole(x)} name a policy in token_policies with ${ruleOf(claim)}` }];
  const rules = clearRules(known(x.role.policies.get(name)) ?? '');
  if (x.role.policies.size === 1 && rules?.length === 0) return ruleByHand(x, name);
  return [{ why: `have whoever keeps policy ${name} see to ${ruleOf(claim)}, the closest rule of the path counts` }];
}

/** A policy that says nothing yet, with what the workload needs. */
export function ruleByHand(x: Examination, name: string): Fix[] {
  if (x.patient.can.length === 0)
    return [{ why: `have policy ${name} written, or its name on ${patientRole(x)} corrected` }];
  const stdin = x.patient.can.map(ruleOf).join('\n');
  return [
    {
      why: `write it with what was asked for, unless another name was meant on ${patientRole(x)}`,
      command: { ...vault('policy write', [name, '-']), stdin },
    },
  ];
}

const ruleOf = (claim: AccessClaim): string => printGrant(requestOf(claim).path, [claim.capability]);
