import type { CauseId } from '../../codes.ts';
import type { Fix } from '../../errors.ts';
import { type Examination, known } from '../../facts/examination.ts';
import { acceptedOf, ownRole } from '../../facts/refusal.ts';
import { vault } from '../../model/commands.ts';
import { inWords } from '../../model/printed.ts';
import { keyOf } from '../../policy/requests.ts';
import { Good, type Proof, proofThatItCan } from '../../proof/access.ts';
import { cappedIn } from '../../proof/judge-claims.ts';
import type { Family, Suspected } from '../cause.ts';
import { patientRole, roleWrite } from '../fixes.ts';
import type { PolicyClaim } from './policy-rules.ts';

/** What lies where the workload reads, and how long and how often its token may. */
export const secretCauses: Family = (x) => [
  ...x.patient.can.flatMap((claim) => [...engineCauses(x, claim), ...emptyCauses(x, claim), ...refusedRead(x, claim)]),
  ...capped(x),
  ...usedUp(x),
];

function suspicion(cause: CauseId, subject: string, experiment: string, said: string, fix: Fix[]): Suspected {
  return { cause, certainty: 'certain', stage: 'secret', subject, evidence: [{ experiment, said }], fix };
}

const halves = /^(data|metadata|delete|undelete|destroy|subkeys|config)(\/|$)/;

/**
 * The path leads to no secrets engine, or is written for the other version of it. The login's own answer decides, as it
 * does for verify: a list of mounts shows one Vault namespace as one token sees it, and only gives the evidence its names.
 */
export function engineCauses(x: Examination, claim: PolicyClaim): Suspected[] {
  const proof = proofOf(x, claim);
  if (proof instanceof Good) return [];
  const wrong = wrongVersion(x, claim);
  if (wrong.length > 0) return wrong;
  if (proof?.proof === 'bad') return proof.code === 'secrets-engine-missing' ? [missing(x, claim, proof.said)] : [];
  return proof?.proof === 'empty' ? [] : unlisted(x, claim);
}

/** Undefined: no login went through. */
function proofOf(x: Examination, claim: PolicyClaim): Proof | undefined {
  const tries = acceptedOf(x);
  return tries && proofThatItCan(tries, claim);
}

function wrongVersion(x: Examination, claim: PolicyClaim): Suspected[] {
  const { path } = claim;
  const { engine } = known(x.secrets.get(path)) ?? {};
  if (engine?.type !== 'kv') return [];
  const rest = path.slice(engine.mount.length);
  if (engine.version === 2 && !halves.test(rest)) {
    const right = `${engine.mount}data/${rest}`;
    const said = `${engine.mount} is KV version 2: the API path is ${right}`;
    return [suspicion('secrets-engine-version', path, 'stored-secret', said, [{ why: `write ${right}` }])];
  }
  if (engine.version === 1 && /^(data|metadata)\//.test(rest) && answerTo(x, claim)?.status === 404) {
    const right = `${engine.mount}${rest.replace(/^(data|metadata)\//, '')}`;
    const said = `${engine.mount} is KV version 1, which has no data/: the API path is ${right}`;
    return [suspicion('secrets-engine-version', path, 'stored-secret', said, [{ why: `write ${right}` }])];
  }
  return [];
}

const noEngine: Fix = {
  why: `use the path of one that is (${inWords(vault('secrets list'))}), or have whoever runs Vault enable one there`,
};

function missing(x: Examination, { path }: PolicyClaim, answered: string): Suspected {
  const { mounts = [], partial } = known(x.secrets.get(path)) ?? {};
  const all = mounts.length > 0 && !partial;
  const said = all ? `${answered}; there are ${mounts.join(', ')}` : answered;
  return suspicion('secrets-engine-missing', path, 'observed-login', said, [noEngine]);
}

/** Nothing was tried, and a whole list does not have it: it may lie in a Vault namespace below. */
function unlisted(x: Examination, { path }: PolicyClaim): Suspected[] {
  const { engine, mounts = [], partial } = known(x.secrets.get(path)) ?? {};
  if (engine || partial || mounts.length === 0) return [];
  const said = `no secrets engine of this Vault namespace is mounted there; there are ${mounts.join(', ')}`;
  const one = suspicion('secrets-engine-missing', path, 'stored-secret', said, [noEngine]);
  return [{ ...one, certainty: 'likely' }];
}

function answerTo(x: Examination, claim: PolicyClaim): { status: number; said: string } | undefined {
  return acceptedOf(x)?.answers[keyOf(claim)];
}

function emptyCauses(x: Examination, claim: PolicyClaim): Suspected[] {
  const { path } = claim;
  const answer = answerTo(x, claim);
  if (!answer || proofOf(x, claim)?.proof !== 'empty' || engineCauses(x, claim).length > 0) return [];
  const short = path.replace('/data/', '/');
  const version = /version (\d+) was deleted/.exec(answer.said)?.[1];
  const undelete = { why: 'bring it back', command: vault('kv undelete', [short], { versions: version }) };
  const store = { why: `have whoever keeps the secret store it: ${inWords(vault('kv put', [short, 'KEY=VALUE']))}` };
  const said = `404: allowed, but ${answer.said === '' ? 'nothing is stored there' : answer.said}`;
  return [suspicion('secret-missing', path, 'observed-login', said, version ? [undelete, store] : [store])];
}

/** The token may, and the request is refused all the same: a rule asks for parameters, or for a wrapped answer. */
function refusedRead(x: Examination, claim: PolicyClaim): Suspected[] {
  const answer = answerTo(x, claim);
  const proof = proofOf(x, claim);
  const isFailed = proof?.proof === 'bad' && proof.code === 'read-failed';
  if (!answer || !isFailed || engineCauses(x, claim).length > 0) return [];
  const said = `${answer.status} ${answer.said}`.trim();
  if (answer.status !== 403) {
    const fix = { why: `see what the secrets engine says to you: ${inWords(vault('read', [claim.path]))}` };
    return [suspicion('vault-error', claim.path, 'observed-login', said, [fix])];
  }
  const why = 'look in its policies for required_parameters, denied_parameters, min_wrapping_ttl or control groups';
  return [
    suspicion('policy-denied-by-other', claim.path, 'observed-login', `${said}, although the token may`, [{ why }]),
  ];
}

function capped(x: Examination): Suspected[] {
  const { warnings = [] } = acceptedOf(x) ?? {};
  return cappedIn(warnings).map((said) =>
    suspicion('token-ttl-capped', patientRole(x), 'observed-login', said, [
      {
        why: "raise the mount's limit, or ask for less in the role",
        ...tuned(x),
      },
    ]),
  );
}

/** To what the role asks. What the recipe says of the limit is told as drift. */
function tuned(x: Examination): Pick<Fix, 'command'> {
  const role = known(x.role.stored) ?? {};
  const asked = Math.max(...['token_ttl', 'token_max_ttl', 'token_period'].map((field) => Number(role[field] ?? 0)));
  if (asked <= 0) return {};
  return { command: vault('auth tune', [x.patient.mount], { 'max-lease-ttl': `${asked}s` }) };
}

function usedUp(x: Examination): Suspected[] {
  const uses = Number(known(x.role.stored)?.['token_num_uses'] ?? 0);
  const needed = new Set(x.patient.can.map(keyOf)).size;
  const isEnough = x.patient.can.every((claim) => proofOf(x, claim) instanceof Good);
  if (uses === 0 || isEnough || needed <= uses || !acceptedOf(x)) return [];
  const said = `token_num_uses: ${uses}; the workload makes ${needed} requests`;
  const subject = patientRole(x);
  return [suspicion('token-used-up', subject, 'auth-role', said, [moreUses(x, needed)])];
}

function moreUses(x: Examination, needed: number): Fix {
  const why = 'set token_num_uses to what the workload needs, or to 0, any number';
  if (ownRole(x)) return { why: `${why}, in the recipe` };
  return { why, command: roleWrite(x, { token_num_uses: String(needed) }) };
}
