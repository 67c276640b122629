import type { OperatorsWord } from '../contracts/mount-gate.ts';
import type { Problem } from '../errors.ts';
import { accountText } from '../model/account.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { didYouMean, nearest } from '../recipe/suggest.ts';
import type { MintRequest } from './requests.ts';

export function wordOf({ clusterHost, trustMount = [], mintFor = [] }: MintRequest): OperatorsWord {
  return { mounts: trustMount, accounts: mintFor, clusterHost };
}

/** What the operator says of a mount or an account that no login of the run has to do with: most likely it is mistyped. */
export function unusedWords(
  { trustMount = [], mintFor = [] }: MintRequest,
  mounts: string[],
  recipe?: Recipe,
): Problem[] {
  const accounts = recipe?.expect.map(({ service_account }) => accountText(service_account));
  return [
    ...trustMount.filter((mount) => !mounts.includes(mount)).map((mount) => unused('--trust-mount', mount, mounts)),
    ...mintFor
      .map(accountText)
      .flatMap((one) => (accounts && !accounts.includes(one) ? unused('--mint-for', one, accounts) : [])),
  ];
}

function unused(flag: string, value: string, known: string[]): Problem {
  const message = `${flag} ${value}: nothing of this run is for it${didYouMean(nearest(value, known))}`;
  return { code: 'flag-unused', subject: flag, message };
}
