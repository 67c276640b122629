import { accountText, isLiteral, matches, parseAccount } from '../../model/account.ts';
import { bindingsOf, tooManyPairs } from '../bindings.ts';
import { selectorText } from '../build.ts';
import { shown } from '../text.ts';
import { doubtful, type Objection, wrong } from './objection.ts';
import { eachRole } from './rule.ts';

const lists = ['bound_service_account_names', 'bound_service_account_namespaces'] as const;

export const rolesBindSomebody = eachRole((role, path) => {
  const selector = role.bound_service_account_namespace_selector !== undefined;
  if (role.service_accounts) return [];
  if (!role.bound_service_account_names && !role.bound_service_account_namespaces && !selector)
    return [wrong('recipe-missing', path, 'binds nobody: give service_accounts, as namespace/name')];
  const said: Objection[] = [];
  if (!role.bound_service_account_names)
    said.push(wrong('recipe-missing', path, 'bound_service_account_names is missing; it takes both lists'));
  if (!role.bound_service_account_namespaces && !selector)
    said.push(wrong('recipe-missing', path, 'bound_service_account_namespaces is missing; it takes both lists'));
  return said;
});

export const pairsOrLists = eachRole((role, path) => {
  if (!role.service_accounts) return [];
  const clash = [...lists, 'bound_service_account_namespace_selector' as const].filter(
    (key) => role[key] !== undefined,
  );
  return clash.map((key) =>
    wrong(
      'recipe-conflict',
      [...path, key],
      `service_accounts is given too; ${key} goes with bound_service_account_names, not with pairs`,
    ),
  );
});

/** Each is held against each pair. */
const mostPatterns = 50;

/** Vault keeps names and namespaces apart and lets in every pair of them. */
export const noCrossProduct = eachRole((role, path) => {
  const pairs = (role.service_accounts ?? []).flatMap((text) => parseAccount(text) ?? []);
  const { names, namespaces } = bindingsOf(role);
  const patterns = pairs.filter((pair) => !isLiteral(pair));
  if (tooManyPairs(names, namespaces) || patterns.length > mostPatterns)
    return [wrong('recipe-value', path, 'binds too many names and namespaces, or patterns; make several roles of it')];
  const named = new Set(pairs.map(accountText));
  const others = namespaces
    .flatMap((namespace) => names.map((name) => ({ namespace, name })))
    .filter((one) => !named.has(accountText(one)))
    .filter((one) => !patterns.some((pair) => matches(pair.namespace, one.namespace) && matches(pair.name, one.name)));
  if (pairs.length < 2 || others.length === 0 || starIn(names) || starIn(namespaces)) return [];
  const shownOthers =
    others.slice(0, 3).map(accountText).join(', ') + (others.length > 3 ? `, and ${others.length - 3} more` : '');
  return [
    wrong(
      'recipe-cross-product',
      [...path, 'service_accounts'],
      `Vault binds names and namespaces apart, so this would let in ${shownOthers} too`,
      'make a role for each namespace, or name those accounts as well if they may log in',
    ),
  ];
});

function starIn(values: string[]): boolean {
  return values.includes('*') && values.length > 1;
}

export const starStandsAlone = eachRole((role, path) => {
  const { names, namespaces } = bindingsOf(role);
  const said = (values: string[], key: string): Objection[] =>
    starIn(values)
      ? [
          wrong(
            'recipe-conflict',
            [...path, role.service_accounts ? 'service_accounts' : key],
            `Vault takes * only alone, not together with ${values
              .filter((one) => one !== '*')
              .map(shown)
              .join(', ')}`,
          ),
        ]
      : [];
  return [...said(names, lists[0]), ...said(namespaces, lists[1])];
});

export const notEverybody = eachRole((role, path) => {
  const { names, namespaces } = bindingsOf(role);
  const key = role.service_accounts ? 'service_accounts' : lists[0];
  if (!names.includes('*')) return [];
  if (namespaces.includes('*'))
    return [doubtful([...path, key], 'every ServiceAccount of every namespace may log in with this role')];
  return [doubtful([...path, key], 'every ServiceAccount of the namespace may log in, also those made later')];
});

export const starsAtTheEnds = eachRole((role, path) =>
  (['service_accounts', ...lists] as const).flatMap((key) =>
    (role[key] ?? []).flatMap((text, index) =>
      text.split('/').some((part) => part.slice(1, -1).includes('*'))
        ? [doubtful([...path, key, index], 'Vault understands * only at the ends of a name; this matches nothing')]
        : [],
    ),
  ),
);

export const accountsOnce = eachRole((role, path) =>
  (['service_accounts', ...lists, 'token_policies'] as const).flatMap((key) => {
    const values = (role[key] ?? []).map((text) => {
      const account = key === 'service_accounts' ? parseAccount(text) : undefined;
      return account ? accountText(account) : text;
    });
    return values.flatMap((value, index) =>
      values.indexOf(value) < index ? [doubtful([...path, key, index], `${shown(value)} stands here twice`)] : [],
    );
  }),
);

export const accountsToCreate = eachRole((role, path) => {
  if (!role.create_service_accounts) return [];
  const { accounts } = bindingsOf(role);
  const at = [...path, 'create_service_accounts'];
  if (accounts.length === 0)
    return [wrong('recipe-conflict', at, 'there is no account to make: the role names none without *')];
  const patterns = (role.service_accounts ?? [])
    .flatMap((text) => parseAccount(text) ?? [])
    .filter((one) => !isLiteral(one));
  return patterns.length === 0
    ? []
    : [doubtful(at, `accounts are made for the names without * only, not for ${patterns.map(accountText).join(', ')}`)];
});

/** A pod that names no ServiceAccount runs as `default`. */
export const notTheDefaultAccount = eachRole((role, path) =>
  (['service_accounts', lists[0]] as const).flatMap((key) =>
    (role[key] ?? []).flatMap((text, index) =>
      text === 'default' || text.endsWith('/default') || text.endsWith(':default')
        ? [doubtful([...path, key, index], 'every pod that names no ServiceAccount runs as default and may log in')]
        : [],
    ),
  ),
);

export const selectorIsUnderstood = eachRole((role, path) => {
  const { bound_service_account_namespace_selector: selector, bound_service_account_namespaces: listed } = role;
  if (selector === undefined) return [];
  const at = [...path, 'bound_service_account_namespace_selector'];
  const text = selectorText(selector);
  const said: Objection[] = [];
  if (text.includes('matchExpressions'))
    said.push(wrong('recipe-value', at, 'Vault takes no matchExpressions here, only matchLabels'));
  else if (/^[\w./-]+=[\w.-]+$/.test(text)) {
    const [key, value] = text.split('=');
    said.push(wrong('recipe-value', at, `${shown(text)} is kubectl's form; write {matchLabels: {${key}: ${value}}}`));
  } else if (!text.includes('matchLabels'))
    said.push(wrong('recipe-value', at, 'is no label selector: {matchLabels: {key: value}}'));
  else if (/matchLabels"?\s*:\s*\{\s*\}/.test(text))
    said.push(doubtful(at, 'an empty selector matches every namespace'));
  if (listed) said.push(doubtful(at, 'the namespaces of the list and those of the selector may both log in'));
  said.push(
    doubtful(at, 'whoever reviews needs the right to get namespaces, which system:auth-delegator does not give'),
  );
  return said;
});
