import { configAddress, mountAddress, policyAddress, roleAddress } from '../../model/addresses.ts';
import { usualAuthType } from '../../recipe/auth-types/index.ts';
import { textIn, withValue } from '../../recipe/tree.ts';
import { foundOr } from '../look/look-once.ts';
import type { Now, Page, WizardQuestion } from '../question.ts';
import { reviewerQuestions } from './reviewer.ts';
import { freeName, oneOf } from './words.ts';

const path: WizardQuestion = {
  path: ['auth', 'path'],
  label: 'Auth mount',
  flag: '--mount <path>',
  message: `At which mount path shall the ${usualAuthType.name} auth method be?`,
  why: 'Workloads log in at auth/<path>/login; one mount serves one cluster.',
  offer: async (now) => {
    const methods = await now.vault.authMethods();
    const existing = foundOr(methods, []).filter(({ type }) => type === usualAuthType.name);
    // A mount at a/b takes a, too.
    const taken = foundOr(methods, []).flatMap((method) => [method.path, method.path.split('/')[0] ?? '']);
    const fresh = freeName(usualAuthType.name, taken);
    const isOurs = await Promise.all(
      existing.map(async (method) => (await hostOf(now, method.path)) === hostHere(now)),
    );
    const [ours, ...others] = existing.filter((_method, index) => isOurs[index]);
    return {
      default: ours && others.length === 0 ? ours.path : fresh,
      choices: [
        ...existing.map((method, index) => ({
          value: method.path,
          says: isOurs[index] ? "exists, this cluster's" : `exists, type ${usualAuthType.name}`,
        })),
        { value: fresh, says: 'new' },
      ],
      open: true,
      ...('failed' in methods ? { note: methods.failed } : {}),
    };
  },
  judge: async (value, now) => {
    if (!/^[\w-][\w.-]*(?:\/[\w-][\w.-]*)*$/.test(value) || /^(auth|token)(\/|$)/.test(value)) {
      const wrong = 'a mount path is letters, digits, -, _ and /, without auth/ in front';
      return value.startsWith('auth/') ? { wrong, instead: value.slice('auth/'.length) } : { wrong };
    }
    const method = foundOr(await now.vault.authMethods(), []).find((one) => one.path === value);
    if (!method) return undefined;
    if (method.type !== usualAuthType.name)
      return { wrong: `an auth method of type ${method.type} is enabled there, and is never replaced` };
    const host = await hostOf(now, value);
    if (host === undefined || host === hostHere(now)) return undefined;
    return (textIn(now.answers, ['auth', 'manage']) ?? 'full') === 'full'
      ? { warning: `its config is for another API server, ${host}` }
      : { note: `its config is for the API server ${host}` };
  },
  // Whose the config then is asks the next question.
  left: async (value, { vault }, before) =>
    textIn(before, ['auth', 'path']) === value &&
    foundOr(await vault.authMethods(), []).some(({ path: at, type }) => at === value && type === usualAuthType.name),
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
    (method) => method.type === usualAuthType.name && method.path === textIn(answers, ['auth', 'path']),
  );

const managed = ({ answers }: Now) => textIn(answers, ['auth', 'manage']) !== 'none';

const manage: WizardQuestion = {
  path: ['auth', 'manage'],
  label: 'Mount is ours',
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

export const authPage: Page = {
  title: 'Auth method and token reviewer',
  questions: [path, manage, ...reviewerQuestions(managed)],
  facts: async (now) => {
    const lacking = await now.vault.lacking(neededFor(now));
    if (lacking.length === 0) return [];
    return [{ text: `this Vault token may not write ${lacking.join(', ')}`, warning: true }];
  },
};

/** What apply writes of this page and the next, in Vault's capabilities. */
function neededFor(now: Now): Record<string, string[]> {
  const mount = mountOf(now);
  const role = { [roleAddress(mount, 'app')]: ['create', 'update'], [policyAddress('app')]: ['create', 'update'] };
  if (!managed(now)) return role;
  return { [mountAddress(mount)]: ['update', 'sudo'], [configAddress(mount)]: ['update'], ...role };
}
