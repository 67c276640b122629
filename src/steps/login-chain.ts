import type { Outcome } from '../contracts/check.ts';
import type { Fact } from '../contracts/experiment.ts';
import { accountText } from '../model/account.ts';
import { accountAddress, authAddress } from '../model/addresses.ts';
import type { Chain, LinkStatus } from '../model/report.ts';
import { type Ends, endsOf, type Judged } from '../proof/judged.ts';
import type { LoginFact } from '../proof/workload-login.ts';
import type { Expectation, Recipe } from '../recipe/recipe.ts';

/** The way from the account to its secrets, each link marked by what the login showed. */
export function chainOf(
  fact: Fact<LoginFact>,
  { role, service_account, can }: Expectation,
  recipe: Recipe,
  verdict: Outcome,
  judged: Judged[] | undefined,
): Chain {
  const policies = recipe.roles.find(({ name }) => name === role)?.token_policies ?? [];
  const ends = judged && endsOf(judged);
  const secret = ends?.secret?.claim.path ?? can[0]?.path;
  const links: [string, string][] = [
    ['service-account', accountAddress(service_account)],
    ['token', 'token'],
    ['mount', authAddress(recipe.auth.path)],
    ['role', `role ${role}`],
    ['token-review', 'TokenReview'],
    ...(policies.length > 0 ? [['policy', `policy ${policies.join(', ')}`] as [string, string]] : []),
    ...(secret === undefined ? [] : [['secret', secret] as [string, string]]),
  ];
  const broken = brokenLink(fact, verdict, ends);
  const at = broken === undefined ? links.length : links.findIndex(([link]) => link === broken);
  const unknown = at === -1;
  const status = (link: string, index: number): LinkStatus => {
    if (unknown || index > at) return 'unknown';
    if (index === at) return 'failed';
    return link === 'policy'
      ? (ends?.policy ?? 'unknown')
      : link === 'secret'
        ? (ends?.secret?.mark ?? 'unknown')
        : 'ok';
  };
  const drawn = links.map(([link, subject], index) => ({ link, subject, status: status(link, index) }));
  return { role, service_account: accountText(service_account), links: drawn };
}

/** Undefined: none is broken. A name that is no link: it cannot be told which. */
function brokenLink(fact: Fact<LoginFact>, { status, code }: Outcome, ends: Ends | undefined): string | undefined {
  if (!fact.known) return 'cannot be told';
  if (fact.value.account === 'missing') return 'service-account';
  if (fact.value.refused) return linkOfRefusal[code] ?? 'token-review';
  if (ends?.policy === 'failed') return 'policy';
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
