import { kubectl } from '../../model/commands.ts';
import { inWords } from '../../model/printed.ts';
import { parseAccount } from '../../recipe/accounts.ts';
import { textIn, withValue } from '../../recipe/tree.ts';
import { foundOr } from '../look/seen.ts';
import type { Now, Page, Question, Verdict } from '../question.ts';
import { freeName, oneOf, yesOrNo } from './words.ts';

const path: Question = {
  path: ['auth', 'path'],
  flag: '--mount <path>',
  message: 'At which mount path shall the kubernetes auth method be?',
  why: 'Workloads log in at auth/<path>/login; one mount serves one cluster.',
  offer: async (now) => {
    const methods = await now.vault.authMethods();
    const existing = foundOr(methods, []).filter(({ type }) => type === 'kubernetes');
    // A mount at a/b takes a, too.
    const taken = foundOr(methods, []).flatMap((method) => [method.path, method.path.split('/')[0] ?? '']);
    const fresh = freeName('kubernetes', taken);
    const isOurs = await Promise.all(
      existing.map(async (method) => (await hostOf(now, method.path)) === hostHere(now)),
    );
    const [ours, ...others] = existing.filter((_method, index) => isOurs[index]);
    return {
      default: ours && others.length === 0 ? ours.path : fresh,
      choices: [
        ...existing.map((method) => ({ value: method.path, says: 'exists, type kubernetes' })),
        { value: fresh, says: 'new' },
      ],
      open: true,
      ...('failed' in methods ? { note: methods.failed } : {}),
    };
  },
  judge: async (value, now) => {
    if (!/^[\w-][\w.-]*(?:\/[\w-][\w.-]*)*$/.test(value) || /^(auth|token)(\/|$)/.test(value))
      return { wrong: 'a mount path is letters, digits, -, _ and /, without auth/ in front' };
    const method = foundOr(await now.vault.authMethods(), []).find((one) => one.path === value);
    if (!method) return undefined;
    if (method.type !== 'kubernetes')
      return { wrong: `an auth method of type ${method.type} is enabled there, and is never replaced` };
    const host = await hostOf(now, value);
    if (host === undefined || host === hostHere(now)) return { note: 'exists, type kubernetes' };
    return (textIn(now.answers, ['auth', 'manage']) ?? 'full') === 'full'
      ? { warning: `its config is for another API server, ${host}` }
      : { note: `its config is for the API server ${host}` };
  },
  // Whose the config then is asks the next question.
  left: async (value, { vault }, before) =>
    textIn(before, ['auth', 'path']) === value &&
    foundOr(await vault.authMethods(), []).some(({ path: at, type }) => at === value && type === 'kubernetes'),
};

/** Of the config of a mount; a slash at the end makes no other server. */
async function hostOf({ vault }: Now, mount: string): Promise<string | undefined> {
  return foundOr(await vault.hostOf(mount), undefined)?.replace(/\/$/, '');
}

function hostHere({ answers, cluster }: Now): string {
  return (textIn(answers, ['cluster', 'host']) ?? cluster.server).replace(/\/$/, '');
}

const mountExists = async ({ vault, answers }: Now) =>
  foundOr(await vault.authMethods(), []).some(
    (method) => method.type === 'kubernetes' && method.path === textIn(answers, ['auth', 'path']),
  );

const managed = ({ answers }: Now) => textIn(answers, ['auth', 'manage']) !== 'none';

const manage: Question = {
  path: ['auth', 'manage'],
  flag: '--manage <how>',
  message: 'The mount exists. May this recipe own it and its config?',
  why: "Owned means: the config is written as the recipe has it. Another team's mount is better only looked at.",
  applies: mountExists,
  implied: () => 'full',
  offer: async (now) => ({
    default: (await isAnothers(now)) ? 'none' : 'full',
    choices: [
      { value: 'full', says: "mount and config are this recipe's" },
      { value: 'create', says: 'what exists is left as it is' },
      { value: 'none', says: "another team's: only policies and roles are written" },
    ],
  }),
  judge: async (value, now) => {
    const wrong = oneOf(value, ['full', 'create', 'none']);
    if (wrong || value !== 'full') return wrong;
    const host = await hostOf(now, mountOf(now));
    return (await isAnothers(now)) ? { warning: `the config would be changed, which is for ${host} now` } : undefined;
  },
  put: ({ answers }, [value]) => withValue(answers, ['auth', 'manage'], value === 'full' ? undefined : value),
};

function mountOf({ answers }: Now): string {
  return textIn(answers, ['auth', 'path']) ?? '';
}

async function isAnothers(now: Now): Promise<boolean> {
  const host = await hostOf(now, mountOf(now));
  return host !== undefined && host !== hostHere(now);
}

const reviewer = ['auth', 'reviewer'] as const;
const modeOf = ({ answers }: Now) => textIn(answers, [...reviewer, 'mode']) ?? 'token_secret';

const mode: Question = {
  path: [...reviewer, 'mode'],
  flag: '--reviewer-mode <mode>',
  message: 'Who asks Kubernetes whether a token is good?',
  why: 'Each login makes Vault send a TokenReview, with a token that may do so.',
  applies: managed,
  implied: () => 'token_secret',
  offer: () => ({
    default: 'token_secret',
    choices: [
      { value: 'token_secret', says: 'recommended: an account of its own, whose token Vault keeps' },
      { value: 'client_jwt', says: "each workload's own token; Vault keeps none" },
    ],
  }),
  judge: (value, { answers }) => judgeMode(value, textIn(answers, ['roles', 0, 'audience'])),
};

function judgeMode(value: string, audience: string | undefined): Verdict | undefined {
  const wrong = oneOf(value, ['token_secret', 'client_jwt']);
  if (wrong || value === 'token_secret') return wrong;
  if (audience !== undefined)
    return { warning: `works with the audience ${audience} only if the API server accepts it; better no audience` };
  return { note: 'then roles have no audience, and each account needs the right to create TokenReviews' };
}

const account: Question = {
  path: [...reviewer, 'service_account'],
  flag: '--reviewer <namespace/name>',
  message: 'Which ServiceAccount reviews tokens?',
  why: "It gets the right to review every token of the cluster, so it is no application's; made when missing.",
  applies: (now) => managed(now) && modeOf(now) === 'token_secret',
  offer: async ({ cluster }) => {
    const accounts = await cluster.accounts();
    const proposed = 'default/vault-reviewer';
    const others = foundOr(accounts, []).filter((one) => one !== proposed && !one.endsWith('/default'));
    return {
      default: proposed,
      choices: [proposed, ...others].map((value) => ({ value })),
      open: true,
      ...('failed' in accounts ? { note: accounts.failed } : {}),
    };
  },
  judge: async (value, { cluster, answers }) => {
    const parsed = parseAccount(value);
    if (!parsed) return { wrong: 'write it namespace/name' };
    if ((await cluster.namespaceExists(parsed.namespace)) === false)
      return {
        wrong: `the namespace ${parsed.namespace} does not exist: ${inWords(kubectl('create namespace', [parsed.namespace]))}`,
      };
    if (parsed.name === 'default') return { warning: 'every Pod that names no account runs as it, and could review' };
    if ((await cluster.accountExists(value)) !== true) return { note: 'will be made, with a token Secret' };
    const secret = textIn(answers, [...reviewer, 'token_secret']) ?? `${parsed.name}-token`;
    return (await cluster.tokenSecretExists(value, secret)) === true
      ? { note: 'exists, with its token Secret' }
      : { note: `exists without the token Secret ${secret}, which will be made` };
  },
};

const bindClients: Question = {
  path: [...reviewer, 'bind_clients'],
  flag: '--bind-clients <yes|no>',
  message: 'Give each account of the roles the right to review tokens?',
  why: 'In client review a workload reviews itself, and without that right every login fails.',
  applies: (now) => managed(now) && modeOf(now) === 'client_jwt',
  implied: () => 'no',
  offer: () => ({ default: 'yes', choices: yesOrNo('recommended', 'somebody else binds them') }),
  judge: (value) =>
    oneOf(value, ['yes', 'no']) ??
    (value === 'no'
      ? { warning: 'logins fail until somebody binds each account to system:auth-delegator' }
      : undefined),
  current: (answers) => {
    const said = textIn(answers, [...reviewer, 'bind_clients']);
    return said === undefined ? [] : [said === 'true' ? 'yes' : 'no'];
  },
  put: ({ answers }, [value]) => withValue(answers, [...reviewer, 'bind_clients'], value === 'yes'),
};

export const authPage: Page = {
  title: 'Auth method and token reviewer',
  questions: [path, manage, mode, account, bindClients],
  facts: async (now) => {
    const lacking = await now.vault.lacking(neededFor(now));
    if (lacking.length === 0) return [];
    return [{ text: `this Vault token may not write ${lacking.join(', ')}`, warning: true }];
  },
};

/** What apply writes of this page and the next, in Vault's capabilities. */
function neededFor(now: Now): Record<string, string[]> {
  const mount = mountOf(now);
  const role = { [`auth/${mount}/role/app`]: ['create', 'update'], 'sys/policies/acl/app': ['create', 'update'] };
  if (!managed(now)) return role;
  return { [`sys/auth/${mount}`]: ['update', 'sudo'], [`auth/${mount}/config`]: ['update'], ...role };
}
