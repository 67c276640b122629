import { type Tree, textIn, textsIn, valueIn, withValue } from '../../recipe/tree.ts';
import { foundOr } from '../look/look-once.ts';
import type { Now, Offer, Page, WizardQuestion } from '../question.ts';
import { misspelt } from './account-verdict.ts';
import { none, oneOf } from './words.ts';

/** Answers replace all entries of one kind, so they mend no single one. */
const mends: WizardQuestion['mends'] = (place, { answers }) =>
  place === 'expect' && !Array.isArray(valueIn(answers, ['expect']));

type Entry = Record<string, unknown>;

const entries = (answers: Tree): Entry[] => {
  const list = valueIn(answers, ['expect']);
  return Array.isArray(list) ? list : [];
};

const isRefused = (entry: Entry) => entry['login'] === 'refused';

/** What verify shall prove of the role at this place of the list. */
export function expectPage(index: number): Page {
  return {
    role: index,
    title: index === 0 ? 'What to prove' : `What to prove (role ${index + 1})`,
    questions: [proofQuestion(index), refusedQuestion(index)],
  };
}

const mine = (answers: Tree, index: number) => {
  const role = textIn(answers, ['roles', index, 'name']);
  return entries(answers).filter((entry) => entry['role'] === role);
};

/** The role's own expectations of one kind replaced; those of other roles stay. */
function replaced(answers: Tree, index: number, refused: boolean, fresh: Entry[]): Tree {
  const role = textIn(answers, ['roles', index, 'name']);
  const others = entries(answers).filter((entry) => entry['role'] !== role || isRefused(entry) !== refused);
  const all = [...others, ...fresh];
  return withValue(answers, ['expect'], all.length > 0 ? all : undefined);
}

function proofQuestion(index: number): WizardQuestion {
  return {
    path: ['expect'],
    mends,
    label: 'Prove',
    flag: '--prove <what>',
    message: 'What shall be proved after each apply?',
    why: 'A real login shows what no look at the settings can.',
    current: (answers) => {
      const proved = mine(answers, index).filter((entry) => !isRefused(entry));
      if (proved.length === 0) return [];
      return [proved.some(({ can, cannot }) => can !== undefined || cannot !== undefined) ? 'access' : 'login'];
    },
    implied: () => 'login',
    offer: ({ answers }) => proofs(claimsOf(answers, index)),
    judge: (value, { answers }) =>
      oneOf(value, ['access', 'login']) ??
      (value === 'access' && !claimsOf(answers, index).can
        ? { warning: 'no path without * or + is there to read: only the login is proved' }
        : undefined),
    left: (_value, _now, before) => mine(before, index).length > 0,
    put: ({ answers }, [value]) => {
      const role = textIn(answers, ['roles', index, 'name']) ?? '';
      const claims = value === 'access' ? claimsOf(answers, index) : {};
      const accounts = textsIn(answers, ['roles', index, 'service_accounts']).filter((one) => !/[*$]/.test(one));
      const fresh = accounts.map((service_account) => ({ role, service_account, ...claims }));
      return replaced(answers, index, false, fresh);
    },
  };
}

/** Promises nothing that is not claimed: no read of a path that is a pattern. */
function proofs({ can, cannot }: Claims): Offer {
  if (!can)
    return {
      default: 'login',
      choices: [{ value: 'login', says: 'each account logs in; no path without * or + is there to prove a read of' }],
    };
  const all = `recommended: each logs in, reads these${cannot ? ', and may do no more' : ''}`;
  return {
    default: 'access',
    choices: [
      { value: 'access', says: all },
      { value: 'login', says: 'each account logs in' },
    ],
  };
}

interface Claims {
  can?: string[];
  cannot?: string[];
}

function claimsOf(answers: Tree, index: number): Claims {
  const named = textsIn(answers, ['roles', index, 'token_policies']);
  const policies = valueIn(answers, ['policies']);
  const own = (Array.isArray(policies) ? policies : []).filter((one) => named.includes(String(valueIn(one, ['name']))));
  const rules = own.flatMap((one) => (valueIn(one, ['rules']) as Entry[] | undefined) ?? []);
  const literal = rules.filter(({ path }) => typeof path === 'string' && !/[*+$]/.test(path));
  const can = literal.map(({ path }) => `read ${path}`);
  const cannot = literal.filter((rule) => !textsIn(rule, ['capabilities']).includes('update'));
  return {
    ...(can.length > 0 ? { can } : {}),
    ...(cannot.length > 0 ? { cannot: cannot.map(({ path }) => `update ${path}`) } : {}),
  };
}

function refusedQuestion(index: number): WizardQuestion {
  const others = async ({ answers, cluster }: Now) => {
    const bound = textsIn(answers, ['roles', index, 'service_accounts']);
    return foundOr(await cluster.accounts(), []).filter((one) => !bound.includes(one));
  };
  return {
    path: ['expect'],
    mends,
    label: 'Refused',
    flag: '--refused <namespace/name>',
    message: 'Which account must be refused?',
    why: 'That a stranger does not get in is worth a proof too.',
    current: (answers) =>
      mine(answers, index)
        .filter(isRefused)
        .map((entry) => String(entry['service_account'])),
    implied: () => none,
    offer: async (now) => ({
      default: none,
      choices: [{ value: none, label: 'none' }, ...(await others(now)).map((value) => ({ value }))],
      open: true,
    }),
    judge: async (value, now) => {
      if (value === none) return undefined;
      const wrong = misspelt(value);
      if (wrong) return wrong;
      if (textsIn(now.answers, ['roles', index, 'service_accounts']).includes(value))
        return { wrong: 'this account logs in, as you said before' };
      return (await now.cluster.accountExists(value)) === false
        ? { note: 'does not exist, so nothing is proved until it does' }
        : undefined;
    },
    put: ({ answers }, [value = none]) => {
      const role = textIn(answers, ['roles', index, 'name']) ?? '';
      const fresh = value === none ? [] : [{ role, service_account: value, login: 'refused' }];
      return replaced(answers, index, true, fresh);
    },
  };
}
