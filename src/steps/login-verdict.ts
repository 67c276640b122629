import type { Outcome } from '../contracts/check.ts';
import type { Fact } from '../contracts/experiment.ts';
import type { Evidence, Fix } from '../errors.ts';
import { accountText } from '../model/account.ts';
import { accountAddress, configAddress, roleAddress } from '../model/addresses.ts';
import { vaultbind } from '../model/commands.ts';
import type { Chain } from '../model/report.ts';
import { makeAccount, untried } from '../model/untried-login.ts';
import type { Judged } from '../proof/judge-claims.ts';
import { type Link, linkOfReason, loginChain } from '../proof/login-chain.ts';
import type { LoginFact } from '../proof/workload-login.ts';
import type { Expectation, Recipe } from '../recipe/recipe.ts';
import { isBare, isNotBound, type LoginReason, refusalReason } from '../vault/answers/login-refusal.ts';
import type { VaultRefusal } from '../vault/api.ts';
import { judgeAccess, judgedAccess } from './access-verdict.ts';
import { roleOf } from './roles.ts';

/** What a login proves of an expectation. Pure. */
export function judgeLogin(fact: Fact<LoginFact>, expected: Expectation, recipe: Recipe): Outcome {
  const accepted = fact.known && 'accepted' in fact.value ? fact.value.accepted : undefined;
  const judged = accepted && judgedAccess(accepted, expected, recipe);
  const verdict = decide(fact, expected, recipe, judged ?? []);
  if (expected.login === 'refused') return verdict;
  return { ...verdict, chain: chainOf(fact, expected, recipe, verdict, judged) };
}

function chainOf(
  fact: Fact<LoginFact>,
  { role, service_account, can }: Expectation,
  recipe: Recipe,
  verdict: Outcome,
  judged: Judged[] | undefined,
): Chain {
  return loginChain({
    ...{ mount: recipe.auth.path, role, account: accountText(service_account), can, judged },
    policies: recipe.roles.find(({ name }) => name === role)?.token_policies ?? [],
    broken: brokenBy(fact, verdict),
    absent: verdict.code === 'service-account-missing' && verdict.status === 'warning',
  });
}

const linkOf = (reason: LoginReason | undefined): Link => (reason ? linkOfReason[reason] : 'token-review');

function brokenBy(fact: Fact<LoginFact>, { status }: Outcome): Link[] {
  if (!fact.known) return [];
  if (fact.value.account === 'missing') return ['service-account'];
  const { refused } = fact.value;
  if (refused) return [linkOf(refusalReason(refused.said))];
  return status === 'failed' ? ['secret'] : [];
}

function decide(fact: Fact<LoginFact>, expected: Expectation, recipe: Recipe, judged: Judged[]): Outcome {
  const who = accountText(expected.service_account);
  if (!fact.known) {
    const problem = fact.because.problems[0];
    return {
      status: 'failed',
      code: problem?.code ?? 'login-refused-other',
      message: `could not try the login of ${who}: ${problem?.message ?? fact.because.message}`,
      fix: [...(problem?.code === 'mount-not-vouched' ? configFirst(recipe) : []), ...(problem?.fix ?? [])],
    };
  }
  if (fact.value.account === 'missing') return missingAccount(expected);
  if (fact.value.refused) return refused(fact.value.refused, expected, recipe);
  if (expected.login === 'refused')
    return {
      status: 'failed',
      code: 'login-allowed',
      message: `${who} logs in with role ${expected.role}, and the recipe says it must be refused`,
      evidence: [
        { experiment: 'workload-login', said: `logged in with policies ${fact.value.accepted.policies.join(', ')}` },
      ],
      fix: [{ why: `see which accounts ${roleAddress(recipe.auth.path, expected.role)} binds` }],
    };
  return judgeAccess(fact.value.accepted, judged, expected, recipe);
}

/** What this recipe writes there leads to this cluster. */
function configFirst({ auth, files }: Recipe): Fix[] {
  if (auth.manage === 'none') return [];
  return [{ why: 'write its config as the recipe has it', command: vaultbind('step write-config', { f: files }) }];
}

function missingAccount({ service_account, login, implied }: Expectation): Outcome {
  const message = `${accountAddress(service_account)} ${untried}`;
  const fix = [makeAccount(service_account)];
  const status = implied || login === 'refused' ? 'warning' : 'failed';
  return { status, code: 'service-account-missing', message, fix };
}

function refused(
  { status, said }: VaultRefusal,
  { service_account, role, login }: Expectation,
  recipe: Recipe,
): Outcome {
  const who = accountText(service_account);
  const evidence: Evidence[] = [{ experiment: 'workload-login', said: `${status} ${said}` }];
  const reason = refusalReason(said);
  if (login === 'refused' && isNotBound(reason))
    return { status: 'ok', code: 'login-refused', message: `is refused, as it should be: ${said}`, evidence };
  if (login === 'refused') {
    const message = `${who} is refused by role ${role}, but not because it is not bound: ${said}`;
    return { status: 'failed', code: 'login-refused-other', message, evidence, fix: otherwise(recipe) };
  }
  const message = `${who} cannot log in with role ${role}: ${said}`;
  if (isBare({ status, said }) && reviewsItself(recipe, role))
    return { status: 'failed', code: 'client-review-audience', message, evidence, fix: [withoutAudience(role)] };
  return { status: 'failed', code: reason ?? 'login-refused', message, evidence, fix: fixFor(reason, recipe, role) };
}

/** Its token is made for the role's audience, and is the bearer of its own review: the API server must accept it too. */
function reviewsItself({ auth, roles }: Recipe, role: string): boolean {
  return auth.reviewer.whoReviews === 'client' && roles.some(({ name, audience }) => name === role && audience);
}

function withoutAudience(role: string): Fix {
  return {
    why: `leave out the audience of role ${role}: in client review the token must be good for the API server as well`,
  };
}

/** What the role says decides these; where the role is the recipe's own, it says it. */
const ofRole: (LoginReason | undefined)[] = [
  'role-missing',
  'service-account-not-bound',
  'namespace-not-bound',
  'namespace-selector-unusable',
  'audience-mismatch',
];

function fixFor(reason: LoginReason | undefined, recipe: Recipe, role: string): Fix[] {
  if (!ofRole.includes(reason) || !roleOf(recipe, role)) return otherwise(recipe);
  const why = `write ${roleAddress(recipe.auth.path, role)} as the recipe has it`;
  return [{ why, command: vaultbind('step bind-role', { f: recipe.files }) }];
}

/** A bare "permission denied" hides its reason; the usual one that no read can see is another reviewer token in the config. */
function otherwise(recipe: Recipe): Fix[] {
  const why = { why: 'find out why', command: vaultbind('doctor', { f: recipe.files }) };
  if (recipe.auth.manage === 'none') return [why];
  return [
    why,
    {
      why: 'if it is the stored reviewer token, which nobody can read back, write it again',
      command: vaultbind('apply', { f: recipe.files, rewrite: configAddress(recipe.auth.path) }),
    },
  ];
}
