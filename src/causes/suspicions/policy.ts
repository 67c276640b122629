import type { CauseId } from '../../codes.ts';
import type { Fix } from '../../errors.ts';
import { absent, type Examination, type IfAsked, known } from '../../facts/examination.ts';
import { acceptedOf } from '../../facts/refusal.ts';
import { policyAddress, roleAddress } from '../../model/addresses.ts';
import type { ServerProduct } from '../../model/server-product.ts';
import { capabilitiesOf } from '../../policy/evaluate.ts';
import { refusedKvWrite } from '../../policy/kv-writes.ts';
import { clearRules } from '../../policy/reading/parse.ts';
import { holds, requestOf } from '../../policy/requests.ts';
import type { AccessClaim } from '../../recipe/recipe.ts';
import type { Certainty, Family, Suspected } from '../cause.ts';
import { patientRole } from '../fixes.ts';
import { type NamedRule, whyDenied } from './policy-rules.ts';
import { bindByRecipe, isAttached, ruleByHand, wantedPolicies, waysToAllow, writeByRecipe } from './policy-ways.ts';
import { engineCauses } from './secret.ts';

/** What the role's policies do not allow, by what the login's token may do, or else by their texts. */
export const policyCauses: Family = (x) => {
  if (!known(x.role.stored) && !acceptedOf(x)) return unusable(x);
  const missing = missingPolicies(x);
  return [...unusable(x), ...missing, ...x.patient.can.flatMap((claim) => denied(x, claim, missing.length > 0))];
};

/** The login went through, and its token is good for nothing: seen in what came after it. */
function unusable({ login, patient: { mount, role } }: Examination): Suspected[] {
  const problem = login.known ? undefined : login.because?.problems[0];
  if (problem?.code !== 'policy-template-unresolved') return [];
  const subject = roleAddress(mount, role);
  return [suspicion('policy-template-unresolved', subject, 'certain', problem.message, problem.fix ?? [])];
}

function suspicion(cause: CauseId, subject: string, certainty: Certainty, said: string, fix: Fix[]): Suspected {
  const experiment = cause === 'policy-missing' ? 'policy' : 'observed-login';
  return { cause, certainty, subject, evidence: [{ experiment, said }], fix };
}

function missingPolicies(x: Examination): Suspected[] {
  return [...x.role.policies]
    .filter(([name, fact]) => name !== 'default' && absent(fact))
    .map(([name]) => {
      const address = policyAddress(name);
      const said = 'the role names it and it does not exist';
      return suspicion('policy-missing', address, 'certain', said, wayToPolicy(x, name));
    });
}

/** The recipe decides which of policy and role is wrong. Without one it may be either. */
function wayToPolicy(x: Examination, name: string): Fix[] {
  const { recipe } = x.patient;
  if (!recipe) return ruleByHand(x, name);
  if (recipe.policies.some((policy) => policy.name === name)) return writeByRecipe(x);
  if (!wantedPolicies(x).includes(name)) return bindByRecipe(x);
  return [{ why: `the recipe's role names ${name}, and no recipe makes it: add it to policies, or have it written` }];
}

function denied(x: Examination, claim: AccessClaim, someMissing: boolean): Suspected[] {
  const { capability, path } = claim;
  const { path: asked } = requestOf(claim);
  const rules = rulesOf(x);
  const tried = acceptedOf(x)?.capabilities[asked];
  // A policy that may not be read could say anything.
  if (!tried && !allRead(x)) return [];
  const byText = capabilitiesOf(rules, asked, productOf(x));
  if (engineCauses(x, claim).length > 0) return [];
  if (holds(tried ?? byText, capability)) return refusedWrite(x, claim, rules);
  if (tried && !allRead(x)) return [unread(x, claim, tried)];
  if (tried && holds(byText, capability)) return [beyondTexts(path, tried)];
  const held = tried ?? byText;
  const engine = known(x.secrets.get(path))?.engine;
  const { cause, said, policy } = whyDenied(rules, claim, productOf(x), engine);
  if (someMissing && cause === 'policy-not-attached') return [];
  const certainty = tried ? 'certain' : 'likely';
  const words = tried ? `capabilities: ${held.join(', ')}; ${said}` : `by the texts of the policies: ${said}`;
  const about = decidedBy(x, claim, policy);
  if (x.role.policies.size > 0)
    return [{ ...suspicion(cause, path, certainty, words, waysToAllow(x, claim, policy)), about }];
  const empty = 'the role gives no policies; a misspelt field, such as token_polices, is ignored without a word';
  return [{ ...suspicion(cause, path, certainty, empty, waysToAllow(x, claim)), about }];
}

/** Allowed, and refused all the same for the parameters that a write to KV version 2 has. */
function refusedWrite(x: Examination, claim: AccessClaim, rules: NamedRule[]): Suspected[] {
  const engine = known(x.secrets.get(claim.path))?.engine;
  const inData = engine?.version === 2 && claim.path.startsWith(`${engine.mount}data/`);
  const said = inData && allRead(x) ? refusedKvWrite(rules, claim) : undefined;
  return said === undefined
    ? []
    : [suspicion('policy-denied-by-other', claim.path, 'certain', said, waysToAllow(x, claim))];
}

/** The policy whose rule decides, or else the one that the recipe means to allow it; the role where there is neither. */
function decidedBy(x: Examination, claim: AccessClaim, policy: string | undefined): string {
  const meant = x.patient.recipe?.policies.find(
    ({ name, hcl }) =>
      isAttached(x) &&
      wantedPolicies(x).includes(name) &&
      holds(capabilitiesOf(clearRules(hcl) ?? [], requestOf(claim).path, productOf(x)), claim.capability),
  );
  const name = policy ?? meant?.name;
  return name === undefined ? patientRole(x) : policyAddress(name);
}

function unread(x: Examination, claim: AccessClaim, held: string[]): Suspected {
  const said = `capabilities: ${held.join(', ')}; not all its policies can be read, or read with certainty`;
  return suspicion('policy-not-attached', claim.path, 'possible', said, waysToAllow(x, claim));
}

/** All its policies are known and allow it: so something else is in force. */
function beyondTexts(path: string, held: string[]): Suspected {
  const said = `the texts of the login's policies allow it, and the token may ${held.join(', ')}`;
  const why =
    'look for a rule that has ended (expiration), a policy of the Vault namespace above, or a Sentinel policy';
  return suspicion('policy-denied-by-other', path, 'likely', said, [{ why }]);
}

function productOf(x: Examination): ServerProduct {
  return known(x.vault.health)?.product ?? 'vault';
}

function rulesOf(x: Examination): NamedRule[] {
  return [...x.role.policies, ...(known(x.otherPolicies) ?? [])].flatMap(([policy, fact]) =>
    (clearRules(known(fact) ?? '') ?? []).map((rule) => ({ ...rule, policy })),
  );
}

/** A text that is not clear could say anything, as one that may not be read. */
function isRead(fact: IfAsked<string | undefined>): boolean {
  const text = known(fact);
  return fact.known && (text === undefined || clearRules(text) !== undefined);
}

function allRead(x: Examination): boolean {
  const all = [...x.role.policies.values(), ...(known(x.otherPolicies)?.values() ?? [])];
  return all.every(isRead) && (known(x.role.stored) !== undefined || x.otherPolicies.known);
}
