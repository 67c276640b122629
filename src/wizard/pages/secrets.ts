import { pathText } from '../../recipe/source/place.ts';
import { isTree, type Tree, textIn, textsIn, valueIn, withValue } from '../../recipe/tree.ts';
import { foundOr } from '../look/look-once.ts';
import type { Engine } from '../look/vault.ts';
import { isAt } from '../places.ts';
import type { Now, Page, Verdict, WizardQuestion } from '../question.ts';
import { isForOnlyAccount } from './accounts.ts';
import { freeName, oneOf, onlyOne } from './words.ts';

/** What the role at this place of the list may reach: one policy, named by the role. */
export function secretsPage(index: number): Page {
  return {
    role: index,
    title: index === 0 ? 'Which secrets' : `Which secrets (role ${index + 1})`,
    questions: [pathsQuestion(index), accessQuestion(index), policyQuestion(index)],
  };
}

/** The policy that the role names and the recipe defines; a new one at the end of the list. */
function policyPath(answers: Tree, index: number): readonly ['policies', number] {
  const policies = valueIn(answers, ['policies']);
  const list: unknown[] = Array.isArray(policies) ? policies : [];
  const named = textsIn(answers, ['roles', index, 'token_policies']);
  const at = list.findIndex((one) => named.includes(String(valueIn(one, ['name']))));
  return ['policies', at === -1 ? list.length : at];
}

const policyNames = (answers: Tree): string[] => {
  const policies = valueIn(answers, ['policies']);
  return (Array.isArray(policies) ? policies : []).map((one) => String(valueIn(one, ['name'])));
};

const paths = (answers: Tree, index: number): string[] => {
  const rules = valueIn(answers, [...policyPath(answers, index), 'rules']);
  const list: unknown[] = Array.isArray(rules) ? rules : [];
  return list.flatMap((rule) => textIn({ rule }, ['rule', 'path']) ?? []);
};

const capabilities: Record<string, string[]> = {
  read: ['read'],
  'read-write': ['create', 'read', 'update'],
};

const roleName = (answers: Tree, index: number) => textIn(answers, ['roles', index, 'name']) ?? 'app';

function pathsQuestion(index: number): WizardQuestion {
  return {
    path: ['roles', index, 'token_policies'],
    label: 'Secrets',
    flag: '--secret <path>',
    message: 'Which secrets may they read?',
    why: 'A policy gives exactly these paths. With KV version 2, data/ stands after the mount.',
    many: true,
    choose: true,
    // A role of an existing recipe that names policies has its secrets, whatever they are.
    current: (answers) => {
      const own = paths(answers, index);
      return own.length > 0 ? own : textsIn(answers, ['roles', index, 'token_policies']);
    },
    offer: async (now) => {
      const { vault, answers } = now;
      const [secrets, engines] = await Promise.all([vault.secrets(), vault.engines()]);
      const [engine] = foundOr(engines, []);
      const listed = foundOr(secrets, []);
      const mount = engine?.mount ?? 'secret/';
      const proposed = `${mount}${engine?.version === 1 ? '' : 'data/'}${roleName(answers, index)}/config`;
      const all = listed.length > 0 ? listed : [proposed];
      // A secret that is there is somebody's: it is for an account that is new, or one of several, only if that is said.
      const known = listed.length === 0 || (await isForOnlyAccount(now, ['roles', index]));
      const chosen = onlyOne(all, known && engine !== undefined && 'found' in secrets);
      return {
        default: chosen,
        choices: all.map((value) => ({ value })),
        open: true,
        ...('failed' in secrets ? { note: secrets.failed } : {}),
      };
    },
    judge: (value, now) => {
      const written = textPolicy(now.answers, index);
      return written === undefined
        ? judgePath(value, now)
        : { wrong: `the policy is written as ${written}: mend it there` };
    },
    left: isRightAsRule,
    mends: (place, { answers }) =>
      isAt(place, pathText(['roles', index, 'token_policies'], answers)) &&
      textPolicy(answers, index) === undefined &&
      namedPolicies(answers, index) <= 1,
    put: ({ answers }, values) => {
      const at = policyPath(answers, index);
      const name = textIn(answers, [...at, 'name']) ?? roleName(answers, index);
      const before = valueIn(answers, [...at, 'rules']);
      const kept = (path: string) =>
        (Array.isArray(before) ? before : []).find((rule) => valueIn(rule, ['path']) === path);
      const rules = values.map((path) => kept(path) ?? { path, capabilities: ['read'] });
      const named = withValue(answers, ['roles', index, 'token_policies'], [name]);
      return withValue(named, at, { name, rules });
    },
  };
}

/** The key that holds a policy which is no list of rules. */
function textPolicy(answers: Tree, index: number): string | undefined {
  return ['hcl', 'file'].find((key) => valueIn(answers, [...policyPath(answers, index), key]) !== undefined);
}

function namedPolicies(answers: Tree, index: number): number {
  const named = valueIn(answers, ['roles', index, 'token_policies']);
  return Array.isArray(named) ? named.length : 0;
}

/** A policy may be about anything; wrong is only what a KV engine of version 2 never answers. */
async function isRightAsRule(path: string, { vault }: Now): Promise<boolean> {
  const engine = foundOr(await vault.engines(), []).find(({ mount }) => path.startsWith(mount));
  if (engine?.version !== 2) return true;
  return /^(?:(?:data|metadata|delete|undelete|destroy|subkeys|config)(?:\/|\*?$)|\*$|\+)/.test(
    path.slice(engine.mount.length),
  );
}

async function judgePath(value: string, { vault }: Now): Promise<Verdict | undefined> {
  if (value.includes('${')) return undefined;
  if (/\s|^\//.test(value) || !value.includes('/'))
    return { wrong: 'write an API path, e.g. secret/data/my-app/config' };
  const engines = await vault.engines();
  if ('failed' in engines) return undefined;
  const engine = engines.found.find(({ mount }) => value.startsWith(mount));
  if (!engine) return { warning: 'no KV secrets engine is mounted there, as far as this token sees' };
  return judgeIn(engine, value, foundOr(await vault.secrets(), []));
}

function judgeIn({ mount, version }: Engine, value: string, secrets: string[]): Verdict | undefined {
  const rest = value.slice(mount.length);
  if (version === 2 && !/^(data|metadata)\//.test(rest)) {
    const instead = `${mount}data/${rest.replace(/^data$/, '')}`;
    return { wrong: `${mount} is KV version 2: write ${instead}`, instead };
  }
  if (version === 1 && rest.startsWith('data/'))
    return { warning: `${mount} is KV version 1, where paths have no data/: ${mount}${rest.slice('data/'.length)}` };
  if (value.endsWith('*') || value.includes('+') || secrets.includes(value)) return undefined;
  return secrets.length > 0 ? { note: 'nothing is stored there yet' } : undefined;
}

function accessQuestion(index: number): WizardQuestion {
  const held = (answers: Tree) => valueIn(answers, [...policyPath(answers, index), 'rules', 0, 'capabilities']);
  return {
    path: ['policies', index, 'rules'],
    label: 'Access',
    flag: '--access <read|read-write>',
    message: 'May they only read?',
    why: 'Most workloads never write their secrets.',
    applies: ({ answers }) => paths(answers, index).length > 0,
    current: (answers) => {
      const list = held(answers);
      if (list === undefined) return [];
      return [Array.isArray(list) && list.includes('update') ? 'read-write' : 'read'];
    },
    offer: () => ({
      default: 'read',
      choices: [
        { value: 'read', says: 'recommended: nothing but read' },
        { value: 'read-write', says: 'create, read and update' },
      ],
    }),
    judge: (value) => oneOf(value, Object.keys(capabilities)),
    mends: (place, { answers, wrong = [] }) => wrongRule(answers, index, wrong)?.places.includes(place) ?? false,
    put: ({ answers, wrong = [] }, [value = 'read']) => {
      const at = wrongRule(answers, index, wrong)?.at;
      const path = [...policyPath(answers, index), 'rules'];
      const before = valueIn(answers, path);
      const rules = (Array.isArray(before) ? before : []).map((rule: unknown, place) =>
        isTree(rule) && (at === undefined ? isPlain(rule) : at === place)
          ? { ...rule, capabilities: capabilities[value] ?? ['read'] }
          : rule,
      );
      return withValue(answers, path, rules);
    },
  };
}

/** One that the question can express. */
function isPlain(rule: Tree): boolean {
  const held = textsIn(rule, ['capabilities']).toSorted().join();
  return held === '' || Object.values(capabilities).some((one) => one.join() === held);
}

/** The one rule whose capabilities are wrong as a whole, when nothing else is wrong with the rules of the policy. */
function wrongRule(answers: Tree, index: number, wrong: readonly string[]) {
  const rules = [...policyPath(answers, index), 'rules'];
  const own = `${pathText(rules, answers)}[`;
  const places = wrong.filter((place) => place.startsWith(own));
  const parts = places.map((place) => /^(\d+)\]\.capabilities(\[\d+\])?$/.exec(place.slice(own.length)));
  const [first] = parts;
  if (!first || parts.some((part) => part?.[1] !== first[1])) return undefined;
  const held = valueIn(answers, [...rules, Number(first[1]), 'capabilities']);
  const several = Array.isArray(held) ? held.length : 0;
  return new Set(parts.map((part) => part?.[2])).size < several || (several > 0 && !first[2])
    ? undefined
    : { at: Number(first[1]), places };
}

function policyQuestion(index: number): WizardQuestion {
  return {
    path: ['policies', index, 'name'],
    label: 'Policy',
    flag: '--policy <name>',
    message: 'What is the policy called?',
    why: 'The recipe owns the policy of this name whole.',
    applies: ({ answers }) => paths(answers, index).length > 0,
    current: (answers) => [textIn(answers, [...policyPath(answers, index), 'name']) ?? ''].filter((one) => one !== ''),
    offer: async ({ answers, vault }) => {
      const own = policyPath(answers, index)[1];
      const others = policyNames(answers).filter((_name, at) => at !== own);
      const taken = [...foundOr(await vault.policies(), []), ...others, 'root', 'default'];
      const proposed = freeName(roleName(answers, index), taken);
      return { default: proposed, choices: [{ value: proposed }], open: true };
    },
    judge: async (value, { vault }) => {
      if (!/^[\w][\w.:@+-]*$/.test(value)) return { wrong: 'a name has no spaces, slashes or quotes' };
      if (value === 'root' || value === 'default') return { wrong: `the policy ${value} is Vault's own` };
      const exists = foundOr(await vault.policies(), []).includes(value.toLowerCase());
      return exists
        ? { warning: 'a policy of this name exists: it will be changed to what this recipe says' }
        : undefined;
    },
    left: (value, _now, before) => policyNames(before).includes(value),
    put: ({ answers }, [value]) => {
      const at = policyPath(answers, index);
      const renamed = withValue(answers, [...at, 'name'], value);
      const old = textIn(answers, [...at, 'name']);
      const named = textsIn(answers, ['roles', index, 'token_policies']);
      const all = named.includes(old ?? '') ? named.map((one) => (one === old ? value : one)) : [value];
      return withValue(renamed, ['roles', index, 'token_policies'], all);
    },
  };
}
