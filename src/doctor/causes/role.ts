import type { Fix } from '../../errors.ts';
import { matches } from '../../model/account.ts';
import { authAddress, roleAddress } from '../../model/addresses.ts';
import { kubectl, vault, vaultbind, vaultWrite } from '../../model/commands.ts';
import { byLikeness } from '../../recipe/suggest.ts';
import { type NotBound, notBoundIn } from '../../vault/answers/login-refusal.ts';
import type { Family, Suspicion } from '../cause.ts';
import { absent, type Examination, known } from '../examination.ts';
import { logOf, ownRole } from '../refusal.ts';
import { reviewerOf } from '../reviewer.ts';
import { texts } from '../texts.ts';
import { authType, filesOf } from './mount.ts';

/** The role: there, and binding this account, namespace, audience and address. */
export const roleCauses: Family = (x) => {
  if (x.patient.role === undefined) return [];
  return [...missing(x), ...notBound(x), ...audience(x), ...cidr(x), ...selector(x), ...secondFactor(x)];
};

const address = ({ patient }: Examination) => roleAddress(patient.mount, patient.role);

/** Without a recipe the whole of a role is not known: these fields are, and a write leaves the others as they are. */
function rewrite(x: Examination): Fix {
  if (x.patient.recipe)
    return { why: 'write the role as the recipe has it', command: vaultbind('step bind-role', { f: filesOf(x) }) };
  const who = x.tried ?? { name: 'NAME', namespace: 'NAMESPACE' };
  const bound = { bound_service_account_names: who.name, bound_service_account_namespaces: who.namespace };
  const rest: Record<string, string> = absent(x.role)
    ? { audience: 'vault', token_policies: 'POLICY', token_ttl: '1h' }
    : {};
  return {
    why: 'let the role bind the account, and nobody else',
    command: vaultWrite(address(x), { ...bound, ...rest }),
  };
}

function said(x: Examination): string {
  const login = known(x.login)?.login;
  return login && 'refused' in login && login.refused ? login.refused.said : '';
}

function refusal(x: Examination): { experiment: string; said: string }[] {
  const login = known(x.login)?.login;
  if (!login || !('refused' in login) || !login.refused) return [];
  return [{ experiment: 'observed-login', said: `${login.refused.status} ${login.refused.said}` }];
}

function missing(x: Examination): Suspicion[] {
  const gone = absent(x.role) && known(x.mount)?.type === authType(x).name;
  if (!gone && !/invalid role name/.test(said(x))) return [];
  const role = x.patient.role ?? '';
  const mismatch = atAnotherMount(x);
  if (mismatch) return [mismatch];
  const names = known(x.roles) ?? [];
  const near = byLikeness(role, names).slice(0, 3);
  return [
    {
      cause: 'role-missing',
      certainty: 'certain',
      stage: 'role',
      subject: address(x),
      evidence: [
        ...refusal(x),
        ...(absent(x.role) ? [{ experiment: 'auth-role', said: 'does not exist' }] : []),
        ...(near.length > 0 ? [{ experiment: 'auth-roles', said: `nearest: ${near.join(', ')}` }] : []),
      ],
      fix: [rewrite(x)],
    },
  ];
}

/** The role is there, binds this account, and belongs to another mount. */
function atAnotherMount(x: Examination): Suspicion | undefined {
  const { mount, role, service_account: account } = x.patient;
  const binds = (stored: Record<string, unknown>) =>
    account === undefined ||
    (texts(stored['bound_service_account_names']).some((name) => matches(name, account.name)) &&
      texts(stored['bound_service_account_namespaces']).some((name) => matches(name, account.namespace)));
  const [other] = [...(x.elsewhere ?? [])].find(([, stored]) => binds(stored)) ?? [];
  if (other === undefined) return undefined;
  const said = `${authAddress(mount)} has no role ${role}, and ${authAddress(other)} has one that binds this account`;
  return {
    cause: 'recipe-mount-mismatch',
    certainty: 'certain',
    stage: 'role',
    subject: address(x),
    evidence: [...refusal(x), { experiment: 'auth-role', said }],
    fix: [{ why: `log in at ${authAddress(other)}, if that is the one that was meant` }, rewrite(x)],
  };
}

/** Bindings are read from the role, because a login tells of the name first and hides the namespace behind it. */
function notBound(x: Examination): Suspicion[] {
  const role = known(x.role);
  const { tried } = x;
  const by = (cause: NotBound, bound: string[], actual: string): Suspicion => ({
    cause,
    certainty: 'certain',
    stage: 'binding',
    subject: address(x),
    evidence: [
      ...refusal(x),
      { experiment: 'auth-role', said: `binds ${bound.join(', ') || 'none'}; the token is of ${actual}` },
    ],
    fix: [rewrite(x)],
  });
  if (role && tried) {
    const names = texts(role['bound_service_account_names']);
    const namespaces = texts(role['bound_service_account_namespaces']);
    const selected = String(role['bound_service_account_namespace_selector'] ?? '') !== '';
    const nameOk = names.some((name) => matches(name, tried.name));
    const namespaceOk = selected || namespaces.some((name) => matches(name, tried.namespace));
    return [
      ...(nameOk ? [] : [by('service-account-not-bound', names, tried.name)]),
      ...(namespaceOk ? [] : [by('namespace-not-bound', namespaces, tried.namespace)]),
    ];
  }
  const cause = notBoundIn(said(x));
  if (!cause) return [];
  const actual = cause === 'namespace-not-bound' ? tried?.namespace : tried?.name;
  return [by(cause, ['(may not be read)'], actual ?? 'another')];
}

function audience(x: Examination): Suspicion[] {
  const wanted = String(known(x.role)?.['audience'] ?? '');
  const claims = known(x.login)?.claims;
  const has = claims?.audiences ?? [];
  // With a token made here for a role that may not be read, only the guess was wrong.
  const guessed = !x.role?.known && !x.patient.jwt && x.patient.audience === undefined && !ownRole(x);
  const refused = /invalid audience/i.test(said(x)) && !guessed;
  if (!refused && (wanted === '' || !x.patient.jwt || !claims || has.includes(wanted))) return [];
  return [
    {
      cause: ownReviewer(x) ? 'client-review-audience' : 'audience-mismatch',
      certainty: 'certain',
      stage: 'token',
      subject: address(x),
      evidence: [
        ...refusal(x),
        {
          experiment: 'observed-login',
          said: `the token is for ${has.join(', ') || 'nobody in particular'}; the role wants ${wanted || '(may not be read)'}`,
        },
      ],
      fix: [
        ...(audienceDrifted(x) ? [rewrite(x)] : []),
        {
          why: `project a token for the audience ${wanted || 'of the role'} into the Pod: serviceAccountToken: {audience: ${wanted || 'vault'}}`,
        },
      ],
    },
  ];
}

/** In client review the login's token must be good for the API server too, so a role for another audience refuses them all. */
function ownReviewer(x: Examination): boolean {
  return reviewerOf(x).mode === 'client' && !x.patient.jwt;
}

/** The stored role is for another audience than the recipe's, or may not be read and refused the recipe's. */
function audienceDrifted(x: Examination): boolean {
  const ours = ownRole(x);
  return ours !== undefined && (!x.role?.known || (ours.audience ?? '') !== String(known(x.role)?.['audience'] ?? ''));
}

function cidr(x: Examination): Suspicion[] {
  const cidrs = texts(known(x.role)?.['token_bound_cidrs']);
  const login = known(x.login);
  if (cidrs.length === 0 || !login || said(x) !== 'permission denied') return [];
  const silent = login.overheard.listened && login.overheard.lines.length === 0;
  return [
    {
      cause: 'cidr-not-bound',
      certainty: silent ? 'likely' : 'possible',
      stage: 'role',
      subject: address(x),
      evidence: [
        ...refusal(x),
        {
          experiment: 'auth-role',
          said: `token_bound_cidrs ${cidrs.join(', ')}${silent ? "; Vault's log says nothing of this login, as it does for a refused address" : ''}`,
        },
      ],
      fix: [
        { why: 'add the address the login comes from, as Vault sees it, or clear token_bound_cidrs in the recipe' },
      ],
    },
  ];
}

/** Vault asks for the namespace's labels before anything else, and says so without its log. */
function selector(x: Examination): Suspicion[] {
  const problem = /failed to get namespace|namespace lookup failed|bound_service_account_namespace_selector/;
  const stored = String(known(x.role)?.['bound_service_account_namespace_selector'] ?? '');
  const line = (logOf(x) ?? []).find((one) => problem.test(one));
  const told = problem.test(said(x)) ? refusal(x) : [];
  if (line === undefined && told.length === 0) return [];
  const evidence = [...told, ...(line === undefined ? [] : [{ experiment: "Vault's log", said: line }])];
  const why = `${line}${said(x)}`;
  return [
    {
      cause: 'namespace-selector-unusable',
      certainty: 'certain',
      stage: 'binding',
      subject: address(x),
      evidence: [...evidence, { experiment: 'auth-role', said: `bound_service_account_namespace_selector: ${stored}` }],
      fix: [selectorFix(why)],
    },
  ];
}

function selectorFix(why: string): Fix {
  if (/failed to get namespace/.test(why))
    return {
      why: 'let the token reviewer get namespaces: system:auth-delegator does not',
      command: kubectl('create clusterrole', ['namespace-reader'], { verb: 'get', resource: 'namespaces' }),
    };
  if (/namespace lookup failed/.test(why))
    return { why: 'bind namespaces by name: a selector takes a stored reviewer token, and client review has none' };
  return { why: 'write the selector as a LabelSelector in JSON: {"matchLabels": {"team": "a"}}' };
}

function secondFactor(x: Examination): Suspicion[] {
  if (!/mfa_requirement/.test(said(x))) return [];
  return [
    {
      cause: 'login-needs-mfa',
      certainty: 'certain',
      stage: 'role',
      subject: authAddress(x.patient.mount),
      evidence: refusal(x),
      fix: [
        {
          why: "take this auth method's accessor, or its group, out of the login enforcement",
          command: vault('list', ['identity/mfa/login-enforcement']),
        },
      ],
    },
  ];
}
