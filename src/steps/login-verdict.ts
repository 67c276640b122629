import type { Chain, LinkStatus } from '../engine/report.ts';
import type { Evidence, Fix } from '../errors.ts';
import { kubectl, vaultbind } from '../model/commands.ts';
import type { Outcome } from '../proof/check.ts';
import type { Fact } from '../proof/experiment.ts';
import type { Accepted, LoginFact } from '../proof/workload-login.ts';
import type { AccessClaim, Expectation, Recipe } from '../recipe/recipe.ts';
import { notBoundIn, selectorFailedIn } from '../vault/answers/login-refusal.ts';
import type { VaultRefusal } from '../vault/api.ts';
import { accountAddress, accountName, configAddress, roleAddress } from './addresses.ts';

/** What a login proves of an expectation. Pure. */
export function judgeLogin(fact: Fact<LoginFact>, expected: Expectation, recipe: Recipe): Outcome {
  const verdict = decide(fact, expected, recipe);
  return expected.login === 'refused' ? verdict : { ...verdict, chain: chainOf(fact, expected, recipe, verdict) };
}

function decide(fact: Fact<LoginFact>, expected: Expectation, recipe: Recipe): Outcome {
  const who = accountName(expected.service_account);
  if (!fact.known) {
    const problem = fact.because.problems[0];
    return {
      status: 'failed',
      code: problem?.code ?? 'login-refused-other',
      message: `could not try the login of ${who}: ${problem?.message ?? fact.because.message}`,
      fix: problem?.fix ?? [],
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
      fix: [{ why: `see which accounts ${roleAddress(recipe, expected.role)} binds` }],
    };
  return judgeAccess(fact.value.accepted, expected, recipe);
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
  const who = accountName(service_account);
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
  const { manage, reviewer } = auth;
  if (manage === 'none' || reviewer.mode !== 'client_jwt') return false;
  return roles.some(({ name, audience }) => name === role && audience);
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
        why: `write ${roleAddress(recipe, role)} as the recipe has it`,
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
      command: vaultbind('apply', { f: recipe.files, rewrite: configAddress(recipe) }),
    },
  ];
}

function judgeAccess(accepted: Accepted, { can, cannot, service_account, role }: Expectation, recipe: Recipe): Outcome {
  const lacking = can.filter((claim) => !has(accepted, claim));
  const beyond = cannot.filter((claim) => has(accepted, claim));
  const evidence = [...lacking, ...beyond].map(({ path }) => ({
    experiment: 'workload-login',
    said: `capabilities on ${path}: ${(accepted.capabilities[path] ?? []).join(', ')}`,
  }));
  const failedReads = can.map((claim) => failedRead(accepted, claim)).filter((one) => one !== undefined);
  const who = `${accountName(service_account)} with role ${role}`;
  const write = {
    why: 'write the policies as the recipe has them',
    command: vaultbind('step write-policy', { f: recipe.files }),
  };
  if (lacking.length > 0)
    return {
      status: 'failed',
      code: 'access-denied',
      message: `${who} may not ${listed(lacking)}`,
      evidence,
      fix: [write],
    };
  if (beyond.length > 0)
    return {
      status: 'failed',
      code: 'access-too-wide',
      message: `${who} may ${listed(beyond)}`,
      evidence,
      fix: [write],
    };
  return failedReads[0] ?? allowed(accepted, can, cannot);
}

function has({ capabilities }: Accepted, { capability, path }: AccessClaim): boolean {
  const held = capabilities[path] ?? [];
  return !held.includes('deny') && (held.includes('root') || held.includes(capability));
}

function listed(claims: AccessClaim[]): string {
  return claims.map(({ capability, path }) => `${capability} ${path}`).join(', ');
}

function failedRead({ answers }: Accepted, { capability, path }: AccessClaim): Outcome | undefined {
  const answer = answers[`${capability === 'list' ? 'LIST' : 'GET'} ${path}`];
  if (!answer || answer.status < 400) return undefined;
  const evidence = [{ experiment: 'workload-login', said: `${answer.status} ${answer.said}`.trim() }];
  if (answer.status === 404)
    return {
      status: 'warning',
      code: 'secret-missing',
      message: `${capability} ${path}: allowed, but empty`,
      evidence,
    };
  return { status: 'failed', code: 'read-failed', message: `${capability} ${path} is allowed and fails`, evidence };
}

function allowed({ policies, ttl, revoked, warnings }: Accepted, can: AccessClaim[], cannot: AccessClaim[]): Outcome {
  const details: [string, string][] = [
    ['policies', policies.join(', ')],
    ['token TTL', `${ttl} s`],
    ...can.map(({ capability, path }): [string, string] => ['can', `${capability} ${path}`]),
    ...cannot.map(({ capability, path }): [string, string] => ['cannot', `${capability} ${path}`]),
    ...warnings.map((warning): [string, string] => ['Vault warns', warning]),
  ];
  if (!revoked)
    return {
      status: 'warning',
      code: 'token-not-revoked',
      message: `logs in, access is as expected; its token could not be revoked and ends in ${ttl} s by itself`,
      details,
    };
  return { status: 'ok', code: 'in-place', message: 'logs in, access is as expected, token revoked', details };
}

function chainOf(
  fact: Fact<LoginFact>,
  { role, service_account, can }: Expectation,
  recipe: Recipe,
  verdict: Outcome,
): Chain {
  const policies = recipe.roles.find(({ name }) => name === role)?.token_policies ?? [];
  const links: [string, string][] = [
    ['service-account', accountAddress(service_account)],
    ['token', 'token'],
    ['mount', `auth/${recipe.auth.path}`],
    ['role', `role ${role}`],
    ['token-review', 'TokenReview'],
    ...(policies.length > 0 ? [['policy', `policy ${policies.join(', ')}`] as [string, string]] : []),
    ...(can[0] ? [['secret', can[0].path] as [string, string]] : []),
  ];
  const broken = brokenLink(fact, verdict);
  const at = broken === undefined ? links.length : links.findIndex(([link]) => link === broken);
  const unknown = at === -1;
  const status = (index: number): LinkStatus =>
    unknown ? 'unknown' : index < at ? 'ok' : index === at ? 'failed' : 'unknown';
  const drawn = links.map(([link, subject], index) => ({ link, subject, status: status(index) }));
  return { role, service_account: accountName(service_account), links: drawn };
}

/** Undefined: none is broken. A name that is no link: it cannot be told which. */
function brokenLink(fact: Fact<LoginFact>, { status, code }: Outcome): string | undefined {
  if (!fact.known) return 'cannot be told';
  if (fact.value.account === 'missing') return 'service-account';
  if (fact.value.refused) return linkOfRefusal[code] ?? 'token-review';
  if (code === 'access-denied' || code === 'access-too-wide') return 'policy';
  if (status === 'failed' || code === 'secret-missing') return 'secret';
  return undefined;
}

const linkOfRefusal: Partial<Record<Outcome['code'], string>> = {
  'service-account-not-bound': 'role',
  'namespace-not-bound': 'role',
  'namespace-selector-unusable': 'role',
  'role-missing': 'role',
  'audience-mismatch': 'role',
};
