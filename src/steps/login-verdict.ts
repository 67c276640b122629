import type { Outcome } from '../contracts/check.ts';
import type { Fact } from '../contracts/experiment.ts';
import type { Evidence, Fix } from '../errors.ts';
import { accountText } from '../model/account.ts';
import { accountAddress, configAddress, roleAddress } from '../model/addresses.ts';
import { kubectl, vaultbind } from '../model/commands.ts';
import type { Judged } from '../proof/judged.ts';
import type { LoginFact } from '../proof/workload-login.ts';
import type { Expectation, Recipe } from '../recipe/recipe.ts';
import { notBoundIn, selectorFailedIn } from '../vault/answers/login-refusal.ts';
import type { VaultRefusal } from '../vault/api.ts';
import { judgeAccess, judgedAccess } from './access-verdict.ts';
import { chainOf } from './login-chain.ts';

/** What a login proves of an expectation. Pure. */
export function judgeLogin(fact: Fact<LoginFact>, expected: Expectation, recipe: Recipe): Outcome {
  const accepted = fact.known && 'accepted' in fact.value ? fact.value.accepted : undefined;
  const judged = accepted && judgedAccess(accepted, expected, recipe);
  const verdict = decide(fact, expected, recipe, judged ?? []);
  if (expected.login === 'refused') return verdict;
  return { ...verdict, chain: chainOf(fact, expected, recipe, verdict, judged) };
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
  const message = `${accountAddress(service_account)} does not exist, so its login was not tried`;
  const { name, namespace } = service_account;
  const command = kubectl('create serviceaccount', [name], { namespace });
  const fix = [{ why: 'make it, or set create_service_accounts on its role', command }];
  const status = implied ? 'skipped' : login === 'refused' ? 'warning' : 'failed';
  return { status, code: 'service-account-missing', message, fix: implied ? [] : fix };
}

function refused(
  { status, said }: VaultRefusal,
  { service_account, role, login }: Expectation,
  recipe: Recipe,
): Outcome {
  const who = accountText(service_account);
  const evidence: Evidence[] = [{ experiment: 'workload-login', said: `${status} ${said}` }];
  const code = notBoundIn(said);
  if (login === 'refused' && code)
    return { status: 'ok', code: 'login-refused', message: `is refused, as it should be: ${said}`, evidence };
  if (login === 'refused') {
    const message = `${who} is refused by role ${role}, but not because it is not bound: ${said}`;
    return { status: 'failed', code: 'login-refused-other', message, evidence, fix: otherwise(recipe) };
  }
  const message = `${who} cannot log in with role ${role}: ${said}`;
  if (!code && said === 'permission denied' && reviewsItself(recipe, role))
    return { status: 'failed', code: 'client-review-audience', message, evidence, fix: [withoutAudience(role)] };
  return { status: 'failed', code: code ?? codeOf(said), message, evidence, fix: fixFor(code, said, recipe, role) };
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

function codeOf(said: string): Outcome['code'] {
  if (/invalid role name/.test(said)) return 'role-missing';
  if (/audience/.test(said)) return 'audience-mismatch';
  if (selectorFailedIn(said)) return 'namespace-selector-unusable';
  return 'login-refused';
}

function fixFor(code: Outcome['code'] | undefined, said: string, recipe: Recipe, role: string): Fix[] {
  if (code || /invalid role name|audience/.test(said))
    return [
      {
        why: `write ${roleAddress(recipe.auth.path, role)} as the recipe has it`,
        command: vaultbind('step bind-role', { f: recipe.files }),
      },
    ];
  return otherwise(recipe);
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
