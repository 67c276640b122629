import type { Command } from '../../command.ts';
import type { Fix } from '../../errors.ts';
import { boundBy } from '../../facts/bound.ts';
import { absent, type Examination, known } from '../../facts/examination.ts';
import { authType } from '../../facts/mounts.ts';
import { bareRefusal, logOf, ownRole, reasonOf, refusalEvidence, saidOf } from '../../facts/refusal.ts';
import { reviewerOf } from '../../facts/reviewer.ts';
import { texts } from '../../facts/texts.ts';
import { binds, type ServiceAccountName } from '../../model/account.ts';
import { authAddress } from '../../model/addresses.ts';
import { kubectl, vault } from '../../model/commands.ts';
import { inWords } from '../../model/printed.ts';
import { byLikeness } from '../../recipe/suggest.ts';
import type { Family, Suspected } from '../cause.ts';
import { byRecipe, namespaceSelector, patientRole, projectToken } from '../fixes.ts';
import { notBound } from './binding.ts';

/** The role: there, and binding this account, namespace, audience and address. */
export const roleCauses: Family = (x) => {
  if (x.patient.role === undefined) return [];
  return [...missing(x), ...notBound(x), ...audience(x), ...cidr(x), ...selector(x), ...secondFactor(x)];
};

function missing(x: Examination): Suspected[] {
  const gone = absent(x.role.stored) && known(x.mount.found)?.type === authType(x).name;
  if (!gone && reasonOf(x) !== 'role-missing') return [];
  const role = x.patient.role ?? '';
  const mismatch = atAnotherMount(x);
  if (mismatch) return [mismatch];
  const names = known(x.role.names) ?? [];
  const near = byLikeness(role, names).slice(0, 3);
  return [
    {
      cause: 'role-missing',
      certainty: 'certain',
      subject: patientRole(x),
      evidence: [
        ...refusalEvidence(x),
        ...(absent(x.role.stored) ? [{ experiment: 'auth-role', said: 'does not exist' }] : []),
        ...(near.length > 0 ? [{ experiment: 'auth-roles', said: `nearest: ${near.join(', ')}` }] : []),
      ],
      fix: ways(x, near),
    },
  ];
}

function ways(x: Examination, near: string[]): Fix[] {
  const meant = near.map((name) => ({ why: `log in with role ${name}, if that is the one that was meant` }));
  if (ownRole(x)) return [...written(x), ...meant];
  const why = `have whoever keeps ${authAddress(x.patient.mount)} write it: nobody here knows its policies and its audience; in a recipe both stand (vaultbind init makes one)`;
  return [...meant, { why }];
}

/** The role is there, binds this account, and belongs to another mount. */
function atAnotherMount(x: Examination): Suspected | undefined {
  const { mount, role, service_account: account } = x.patient;
  const found = [...x.role.elsewhere].find(([, stored]) => !account || binds(boundBy(stored), account));
  const [other] = found ?? [];
  if (other === undefined) return undefined;
  const said = `${authAddress(mount)} has no role ${role}, and ${authAddress(other)} has one that binds this account`;
  return {
    cause: 'recipe-mount-mismatch',
    certainty: 'certain',
    subject: patientRole(x),
    evidence: [...refusalEvidence(x), { experiment: 'auth-role', said }],
    fix: [
      ...(ownRole(x) ? written(x) : []),
      { why: `log in at ${authAddress(other)}, if that is the one that was meant` },
    ],
  };
}

function audience(x: Examination): Suspected[] {
  const wanted = String(known(x.role.stored)?.['audience'] ?? '');
  const claims = known(x.login)?.claims;
  const has = claims?.audiences ?? [];
  // With a token made here for a role that may not be read, only the guess was wrong.
  const guessed = !x.role.stored.known && !x.patient.jwt && x.patient.audience === undefined && !ownRole(x);
  const refused = reasonOf(x) === 'audience-mismatch' && !guessed;
  if (!refused && (wanted === '' || !x.patient.jwt || !claims || has.includes(wanted))) return [];
  return [
    {
      cause: ownReviewer(x) ? 'client-review-audience' : 'audience-mismatch',
      stage: 'token',
      certainty: 'certain',
      subject: patientRole(x),
      evidence: [
        ...refusalEvidence(x),
        {
          experiment: 'observed-login',
          said: `the token is for ${has.join(', ') || 'nobody in particular'}; the role wants ${wanted || '(may not be read)'}`,
        },
      ],
      fix: [...(audienceDrifted(x) ? written(x) : []), projectToken(wanted)],
    },
  ];
}

const written = (x: Examination): Fix[] => byRecipe(x, 'bind-role', 'write the role as the recipe has it');

/** In client review the login's token must be good for the API server too, so a role for another audience refuses them all. */
function ownReviewer(x: Examination): boolean {
  return reviewerOf(x).mode === 'client' && !x.patient.jwt;
}

/** The stored role is for another audience than the recipe's, or may not be read and refused the recipe's. */
function audienceDrifted(x: Examination): boolean {
  const ours = ownRole(x);
  return (
    ours !== undefined &&
    (!x.role.stored.known || (ours.audience ?? '') !== String(known(x.role.stored)?.['audience'] ?? ''))
  );
}

function cidr(x: Examination): Suspected[] {
  const cidrs = texts(known(x.role.stored)?.['token_bound_cidrs']);
  const login = known(x.login);
  if (cidrs.length === 0 || !login || !bareRefusal(x)) return [];
  const silent = login.overheard.listened && login.overheard.lines.length === 0;
  return [
    {
      cause: 'cidr-not-bound',
      certainty: silent ? 'likely' : 'possible',
      subject: patientRole(x),
      evidence: [
        ...refusalEvidence(x),
        {
          experiment: 'auth-role',
          said: `token_bound_cidrs ${cidrs.join(', ')}${silent ? "; Vault's log says nothing of this login, as it does for a refused address" : ''}`,
        },
      ],
      fix: [
        {
          why: `have whoever keeps ${x.patient.recipe ? 'the recipe' : patientRole(x)} add the address that the login comes from, as Vault sees it, to token_bound_cidrs, or clear them`,
        },
      ],
    },
  ];
}

/** Vault asks for the namespace's labels before anything else, and says so without its log. */
function selector(x: Examination): Suspected[] {
  const problem = /failed to get namespace|namespace lookup failed|bound_service_account_namespace_selector/;
  const stored = namespaceSelector(x);
  const line = (logOf(x) ?? []).find((one) => problem.test(one));
  const told = reasonOf(x) === 'namespace-selector-unusable' ? refusalEvidence(x) : [];
  if (line === undefined && told.length === 0) return [];
  const evidence = [...told, ...(line === undefined ? [] : [{ experiment: "Vault's log", said: line }])];
  const why = `${line}${saidOf(x)}`;
  return [
    {
      cause: 'namespace-selector-unusable',
      certainty: 'certain',
      subject: patientRole(x),
      evidence: [...evidence, { experiment: 'auth-role', said: `bound_service_account_namespace_selector: ${stored}` }],
      fix: [selectorFix(x, why)],
    },
  ];
}

/** That the recipe has no such selector is told by the drift, and mended by writing the role. */
function selectorFix(x: Examination, why: string): Fix {
  if (!/failed to get namespace/.test(why)) return { why: notRights(why) };
  const { account } = reviewerOf(x);
  const right = 'let the token reviewer get namespaces, which system:auth-delegator does not';
  const own = ownRole(x)?.bound_service_account_namespace_selector !== undefined;
  if (!own || !account) return { why: `${right}, or have the namespaces bound by name` };
  return { why: right, command: namespaceReader(account) };
}

function notRights(why: string): string {
  return /namespace lookup failed/.test(why)
    ? 'bind namespaces by name: a selector takes a stored reviewer token, and client review has none'
    : 'write the selector as a LabelSelector in JSON: {"matchLabels": {"team": "a"}}';
}

function namespaceReader({ namespace, name }: ServiceAccountName): Command {
  const reader = `${namespace}-${name}-namespaces`;
  const who = { clusterrole: reader, serviceaccount: `${namespace}:${name}` };
  return {
    ...kubectl('create clusterrole', [reader], { verb: 'get', resource: 'namespaces' }),
    and: kubectl('create clusterrolebinding', [reader], who),
  };
}

function secondFactor(x: Examination): Suspected[] {
  if (reasonOf(x) !== 'login-needs-mfa') return [];
  return [
    {
      cause: 'login-needs-mfa',
      certainty: 'certain',
      subject: authAddress(x.patient.mount),
      evidence: refusalEvidence(x),
      fix: [
        {
          why: `have whoever runs Vault take this auth method's accessor, or its group, out of the login enforcement: ${inWords(vault('list', ['identity/mfa/login-enforcement']))}`,
        },
      ],
    },
  ];
}
