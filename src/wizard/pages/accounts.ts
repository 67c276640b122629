import { accountText, parseAccount } from '../../model/account.ts';
import { parseDuration, printDuration } from '../../recipe/durations.ts';
import { type Tree, textIn, textsIn, valueIn, withValue } from '../../recipe/tree.ts';
import { foundOr } from '../look/look-once.ts';
import type { Now, Page, WizardQuestion } from '../question.ts';
import { impossible } from './account-verdict.ts';
import { inClientReview } from './reviewer.ts';
import { freeName, nameOf, none, oneOf, onlyOne, yesOrNo } from './words.ts';

const bound = ['bound_service_account_names', 'bound_service_account_namespaces'];

/** Who logs in with the role at this place of the list. */
export function accountsPage(index: number): Page {
  const role = ['roles', index] as const;
  return {
    role: index,
    title: index === 0 ? 'Who logs in' : `Who logs in (role ${index + 1})`,
    questions: [
      accountsQuestion(role),
      createQuestion(role),
      nameQuestion(role),
      audienceQuestion(role),
      ttlQuestion(role),
    ],
  };
}

type RolePath = readonly ['roles', number];

function accountsQuestion(role: RolePath): WizardQuestion {
  return {
    path: [...role, 'service_accounts'],
    label: 'Who logs in',
    flag: '--service-account <namespace/name>',
    message: 'Which ServiceAccounts log in?',
    why: 'Pods that run as one of these get the secrets; nobody else does.',
    many: true,
    choose: true,
    current: (answers) => {
      const listed = textsIn(answers, [...role, 'service_accounts']);
      const lists = bound.flatMap((key) => textIn(answers, [...role, key]) ?? textsIn(answers, [...role, key]));
      return listed.length > 0 ? listed : lists;
    },
    offer: async ({ cluster, answers, namespace }) => {
      const accounts = await cluster.accounts();
      const others = besidesReviewer(answers, foundOr(accounts, []));
      const own = others.filter(isOwn);
      const near = nearFirst(own, namespace);
      const made = `${namespace}/my-app`;
      const chosen = onlyOne(near.length === 0 ? [made] : near, 'found' in accounts);
      return {
        default: chosen,
        choices: [...(near.length > 0 ? near : [made]), ...others.filter((one) => !own.includes(one))].map((value) => ({
          value,
        })),
        open: true,
        ...('failed' in accounts ? { note: accounts.failed } : {}),
      };
    },
    judge: judgeAccount,
    left: (_value, _now, before) => bound.some((key) => valueIn(before, [...role, key]) !== undefined),
  };
}

function besidesReviewer(answers: Tree, accounts: string[]): string[] {
  const reviewer = textIn(answers, ['auth', 'reviewer', 'service_account']);
  return accounts.filter((one) => one !== reviewer);
}

/** Made for somebody, not by Kubernetes. */
const isOwn = (account: string) => !account.endsWith('/default');

/** Whether the role is for the only account that there is. */
export async function isForOnlyAccount({ answers, cluster }: Now, role: RolePath): Promise<boolean> {
  const own = besidesReviewer(answers, foundOr(await cluster.accounts(), [])).filter(isOwn);
  return own.length === 1 && textsIn(answers, [...role, 'service_accounts']).join() === own[0];
}

/** Those of a namespace before all others. */
function nearFirst(accounts: string[], namespace: string): string[] {
  return accounts.toSorted((a, b) => Number(b.startsWith(`${namespace}/`)) - Number(a.startsWith(`${namespace}/`)));
}

async function judgeAccount(value: string, { cluster, answers }: Now, others: string[]) {
  if (value.includes('*') || value.includes('${env:') || !value.includes('/')) {
    return /[*$]/.test(value) ? undefined : { wrong: 'write it namespace/name' };
  }
  const parsed = parseAccount(value);
  const wrong = await impossible(value, cluster);
  if (wrong || !parsed) return wrong;
  if (accountText(parsed) === textIn(answers, ['auth', 'reviewer', 'service_account']))
    return { warning: 'it is the token reviewer: Vault would keep the token of an application' };
  const strangers = alsoLetIn([value, ...others]);
  if (strangers.length > 0)
    return {
      wrong: `Vault binds names and namespaces apart, so ${strangers.join(', ')} would log in too: make one more role`,
    };
  if (parsed.name === 'default') return { warning: 'every Pod of the namespace that names no account runs as it' };
  return (await cluster.accountExists(value)) === false ? { note: 'does not exist yet' } : undefined;
}

/** Names times namespaces, without the accounts that are meant. */
function alsoLetIn(accounts: string[]): string[] {
  const pairs = accounts.flatMap((one) => parseAccount(one) ?? []);
  const all = pairs.flatMap(({ namespace }) => pairs.map(({ name }) => accountText({ namespace, name })));
  return [...new Set(all)].filter((one) => !pairs.some((pair) => accountText(pair) === one));
}

async function missingAccounts({ answers, cluster }: Now, role: RolePath): Promise<string[]> {
  const named = textsIn(answers, [...role, 'service_accounts']).filter((one) => !/[*$]/.test(one));
  const exist = await Promise.all(named.map((one) => cluster.accountExists(one)));
  return named.filter((_one, index) => exist[index] === false);
}

function createQuestion(role: RolePath): WizardQuestion {
  return {
    path: [...role, 'create_service_accounts'],
    label: 'Make accounts',
    flag: '--create-service-accounts <yes|no>',
    message: 'Make the ServiceAccounts that do not exist?',
    why: 'A login can only be proved for an account that exists; Helm or another tool may make it later.',
    applies: async (now) => (await missingAccounts(now, role)).length > 0,
    current: (answers) => {
      const said = textIn(answers, [...role, 'create_service_accounts']);
      return said === undefined ? [] : [said === 'true' ? 'yes' : 'no'];
    },
    implied: () => 'no',
    offer: () => ({ default: 'yes', choices: yesOrNo('they are made', 'somebody else makes them') }),
    judge: async (value, now) => {
      const wrong = oneOf(value, ['yes', 'no']);
      if (wrong || value === 'yes') return wrong;
      return { warning: `${(await missingAccounts(now, role)).join(', ')} cannot log in until somebody makes it` };
    },
    put: ({ answers }, [value]) =>
      withValue(answers, [...role, 'create_service_accounts'], value === 'yes' ? true : undefined),
  };
}

function nameQuestion(role: RolePath): WizardQuestion {
  return {
    path: [...role, 'name'],
    label: 'Role',
    flag: '--role <name>',
    message: 'What is the role called?',
    why: 'A workload names it when it logs in.',
    offer: async ({ answers, vault }) => {
      const account = parseAccount(textsIn(answers, [...role, 'service_accounts'])[0] ?? '');
      const roles = foundOr(await vault.rolesOf(textIn(answers, ['auth', 'path']) ?? ''), []);
      const proposed = freeName(nameOf(account?.name ?? 'app'), [...roles, ...otherRoles(answers, role[1])]);
      return {
        default: proposed,
        choices: [proposed, ...roles].map((value) => ({ value })),
        open: true,
      };
    },
    judge: async (value, { answers, vault }) => {
      if (!/^\w(?:[\w.-]*\w)?$/.test(value)) return { wrong: 'a name is letters, digits, _, - and .' };
      if (otherRoles(answers, role[1]).includes(value.toLowerCase()))
        return { wrong: 'the recipe has such a role already' };
      const roles = foundOr(await vault.rolesOf(textIn(answers, ['auth', 'path']) ?? ''), []);
      return roles.includes(value.toLowerCase())
        ? { warning: 'a role of this name exists: it will be changed to what this recipe says' }
        : undefined;
    },
    left: (value, _now, before) => textIn(before, [...role, 'name']) === value,
  };
}

function otherRoles(answers: Tree, own: number): string[] {
  const roles = valueIn(answers, ['roles']);
  const count = Array.isArray(roles) ? roles.length : 0;
  return Array.from({ length: count }, (_, index) => index)
    .filter((index) => index !== own)
    .map((index) => (textIn(answers, ['roles', index, 'name']) ?? '').toLowerCase());
}

function audienceQuestion(role: RolePath): WizardQuestion {
  return {
    path: [...role, 'audience'],
    label: 'Audience',
    flag: '--audience <name>',
    message: 'Which audience must a token have?',
    why: 'A token made for Vault then opens nothing else, and a token made for something else does not open Vault.',
    implied: () => none,
    offer: (now) => ({
      default: inClientReview(now) ? none : 'vault',
      choices: [{ value: 'vault' }, { value: none, label: 'none' }],
      open: true,
    }),
    judge: (value, now) => {
      if (inClientReview(now))
        return value === none
          ? undefined
          : { warning: 'in client review it works only if the API server accepts this audience: choose none' };
      return value === none ? { note: 'then any token of these accounts opens Vault; recommended: vault' } : undefined;
    },
    put: ({ answers }, [value]) => withValue(answers, [...role, 'audience'], value === none ? undefined : value),
  };
}

function ttlQuestion(role: RolePath): WizardQuestion {
  return {
    path: [...role, 'token_ttl'],
    label: 'Login lasts',
    flag: '--token-ttl <duration>',
    message: 'How long does a login last?',
    why: 'A workload logs in or renews before that; a stolen token is good for so long.',
    implied: () => '1h',
    offer: () => ({
      default: '1h',
      choices: ['20m', '1h', '24h'].map((value) => ({ value })),
      open: true,
    }),
    judge: (value) => {
      const seconds = parseDuration(value);
      if (seconds === undefined || seconds <= 0) return { wrong: 'write a duration such as 20m, 1h or 24h' };
      if (seconds > 7 * 86_400) return { warning: 'a stolen token is good for more than a week' };
      return /^\d+$/.test(value) ? { note: `seconds: ${printDuration(seconds)}` } : undefined;
    },
  };
}
