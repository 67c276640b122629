import type { Outcome } from '../contracts/check.ts';
import type { Fix } from '../errors.ts';
import { accountText } from '../model/account.ts';
import { vault, vaultbind } from '../model/commands.ts';
import { refusedKvWrite } from '../policy/kv-writes.ts';
import { clearRules } from '../policy/reading/parse.ts';
import { keyOf } from '../policy/requests.ts';
import { Good, type Proof } from '../proof/access.ts';
import { askedOnly, cappedIn, type Judged, judgedClaims, listed } from '../proof/judge-claims.ts';
import type { Accepted } from '../proof/workload-login.ts';
import type { Expectation, Recipe } from '../recipe/recipe.ts';

export function judgedAccess(accepted: Accepted, expected: Expectation, recipe: Recipe): Judged[] {
  return judgedClaims(accepted, expected).map((one) => withTexts(one, accepted, expected, recipe));
}

/** What a login that went through proves of the access that is expected of it. Pure. */
export function judgeAccess(accepted: Accepted, judged: Judged[], expected: Expectation, recipe: Recipe): Outcome {
  const message = askedOnly(judged);
  const verdict = wrong(judged, expected, recipe) ?? empty(accepted, judged) ?? right(accepted, judged);
  return message === undefined ? verdict : { ...verdict, asked: { message } };
}

/**
 * A write is asked for and not tried, and sys/capabilities tells nothing of parameters: where all policies of the role
 * are the recipe's own and the path is one of KV version 2, their texts show a rule that refuses every write.
 */
function withTexts(one: Judged, accepted: Accepted, { role }: Expectation, { roles, policies }: Recipe): Judged {
  const { claim, wanted, proof } = one;
  if (wanted === 'cannot' || proof.proof !== 'asked' || !accepted.untried[keyOf(claim)]?.kvData) return one;
  const names = roles.find(({ name }) => name === role)?.token_policies ?? [];
  const texts = names.flatMap(
    (name) => policies.find((policy) => policy.name.toLowerCase() === name.toLowerCase()) ?? [],
  );
  if (texts.length < names.length) return one;
  const rules = texts.map(({ hcl }) => clearRules(hcl));
  if (rules.includes(undefined)) return one;
  const said = refusedKvWrite(
    rules.flatMap((those) => those ?? []),
    claim,
  );
  return said === undefined ? one : { ...one, proof: { proof: 'bad', code: 'access-denied', said } };
}

/** The first kind of what is wrong, with all the claims that are wrong in that way. */
function wrong(judged: Judged[], { service_account, role }: Expectation, recipe: Recipe): Outcome | undefined {
  const who = `${accountText(service_account)} with role ${role}`;
  const bad = judged.filter(({ proof }) => proof.proof === 'bad');
  const evidence = (ones: Judged[]) => ones.map(({ proof }) => ({ experiment: 'workload-login', said: saidOf(proof) }));
  for (const { code, message, fix } of kinds(recipe)) {
    const ones = bad.filter(({ proof }) => proof.proof === 'bad' && proof.code === code);
    if (ones.length > 0)
      return { status: 'failed', code, message: message(who, listed(ones)), evidence: evidence(ones), fix };
  }
  return undefined;
}

/** What is allowed and not there yet: the login holds, so what it proves is shown as well. */
function empty(accepted: Accepted, judged: Judged[]): Outcome | undefined {
  const ones = judged.filter(({ proof }) => proof.proof === 'empty');
  if (ones.length === 0) return undefined;
  const message = `${listed(ones)}: allowed, but empty`;
  const evidence = ones.map(({ proof }) => ({ experiment: 'workload-login', said: saidOf(proof) }));
  return { ...right(accepted, judged), status: 'warning', code: 'secret-missing', message, evidence };
}

interface Kind {
  code: 'access-denied' | 'access-too-wide' | 'secrets-engine-missing' | 'read-failed';
  message(who: string, what: string): string;
  fix: Fix[];
}

function kinds(recipe: Recipe): Kind[] {
  const write = {
    why: 'write the policies as the recipe has them',
    command: vaultbind('step write-policy', { f: recipe.files }),
  };
  return [
    { code: 'access-denied', message: (who, what) => `${who} may not ${what}`, fix: [write] },
    { code: 'access-too-wide', message: (who, what) => `${who} may ${what}`, fix: [write] },
    {
      code: 'secrets-engine-missing',
      message: (_, what) => `${what}: allowed, and no secrets engine is mounted there`,
      fix: [{ why: 'use the path of one that is, or enable one', command: vault('secrets list') }],
    },
    { code: 'read-failed', message: (_, what) => `${what} is allowed and fails`, fix: [] },
  ];
}

function saidOf(proof: Proof): string {
  return proof.proof === 'asked' ? proof.because : proof.said;
}

/** Says no more than what was tried: the details are the claims that are Good. */
function right({ policies, ttl, revoked, warnings }: Accepted, judged: Judged[]): Outcome {
  const good = judged.filter(({ proof }) => proof instanceof Good);
  const details: [string, string][] = [
    ['policies', policies.join(', ')],
    ['token TTL', `${ttl} s`],
    ...good.map(({ claim, wanted }): [string, string] => [wanted, `${claim.capability} ${claim.path}`]),
    ...warnings.map((warning): [string, string] => ['Vault warns', warning]),
  ];
  const access = accessWords(good.length, judged.length);
  const [capped] = cappedIn(warnings);
  if (capped !== undefined)
    return { status: 'warning', code: 'token-ttl-capped', message: `logs in${access}; ${capped}`, details };
  if (!revoked)
    return {
      status: 'warning',
      code: 'token-not-revoked',
      message: `logs in${access}; its token could not be revoked and ends in ${ttl} s by itself`,
      details,
    };
  return { status: 'ok', code: 'in-place', message: `logs in${access}, token revoked`, details };
}

function accessWords(good: number, all: number): string {
  if (all === 0) return '';
  if (good === all) return ', access is as expected';
  return good === 0 ? ', no access was tried' : ', access is as expected where it was tried';
}
