import { type Examination, known } from '../facts/examination.ts';
import { isRefusedRightly, refusalOf } from '../facts/refusal.ts';
import { type Family, type Stage, type Suspected, type Suspicion, stages } from './cause.ts';
import { literals } from './literals/index.ts';
import { clusterCauses } from './suspicions/cluster.ts';
import { driftCauses, withDrift } from './suspicions/drift.ts';
import { heldTokenCauses } from './suspicions/held-token.ts';
import { kubernetesCauses } from './suspicions/kubernetes.ts';
import { logCauses } from './suspicions/log.ts';
import { loginTokenCauses } from './suspicions/login-token.ts';
import { mountCauses } from './suspicions/mount.ts';
import { policyCauses } from './suspicions/policy.ts';
import { probeCauses } from './suspicions/probe.ts';
import { reviewerCauses } from './suspicions/reviewer.ts';
import { roleCauses } from './suspicions/role.ts';
import { secretCauses } from './suspicions/secret.ts';
import { silenceCauses } from './suspicions/silence.ts';
import { unexplained } from './suspicions/unexplained.ts';
import { operatorCauses, vaultCauses } from './suspicions/vault.ts';

const families: Family[] = [
  vaultCauses,
  operatorCauses,
  kubernetesCauses,
  mountCauses,
  roleCauses,
  logCauses,
  heldTokenCauses,
  loginTokenCauses,
  reviewerCauses,
  clusterCauses,
  silenceCauses,
  probeCauses,
  policyCauses,
  secretCauses,
];

/** A suspicion that nothing else explains. */
export type Diagnosis = Suspicion;

/** From facts to causes, best first. Pure. */
export function diagnose(x: Examination): Diagnosis[] {
  // What else may be broken, those meet who should be let in.
  if (isRefusedRightly(x) || (x.patient.stranger && isGone(x))) return driftCauses(x);
  const all = merged(ofItsCluster(x, families.flatMap((family) => family(x)).map(placed)));
  const seen = withoutAppearances(x.patient.stranger ? all.filter(isNoRefusal) : all);
  const kept = explaining(x, seen);
  // Neither the operator's own way to the servers nor what a token may do explains why the login was refused.
  const explained = kept.some(({ stage }) => !['operator', 'policy', 'secret'].includes(stage));
  const named = [...kept, ...(explained ? [] : unexplained(x).map(placed))].sort(byCertaintyThenStage);
  return named.length > 0 ? withDrift(x, named) : driftCauses(x).sort(byCertaintyThenStage);
}

/**
 * Who reviews for a mount of others is asked of our cluster. Where nothing shows that the mount reviews in that one, the
 * answer is of somebody else.
 */
function ofItsCluster({ patient, login }: Examination, all: Suspicion[]): Suspicion[] {
  const ours = patient.recipe !== undefined && patient.recipe.auth.manage !== 'none';
  const elsewhere = !login.known && login.because?.code === 'mount-not-vouched';
  return elsewhere && !ours ? all.filter(({ stage }) => stage !== 'reviewer') : all;
}

/** To an account that must be refused these are how it should be. */
function isNoRefusal({ cause }: Suspicion): boolean {
  return (
    cause !== 'service-account-not-bound' && cause !== 'namespace-not-bound' && cause !== 'service-account-missing'
  );
}

function isGone({ login, account }: Examination): boolean {
  return known(account.found)?.exists === false && known(login)?.login.account !== 'found';
}

const placed = (one: Suspected): Suspicion => ({ ...one, stage: one.stage ?? literals[one.cause].stage });

/** One cause of one stage is told once, with all that speaks for it, as certain as the surest says. */
function merged(suspicions: Suspicion[]): Suspicion[] {
  const byCause = new Map<string, Suspicion>();
  for (const one of suspicions) {
    const before = byCause.get(one.cause);
    if (!before) byCause.set(one.cause, one);
    else byCause.set(one.cause, join(before, one));
  }
  return [...byCause.values()];
}

/** What a certain cause looks like in Vault's log, and is not. */
function withoutAppearances(seen: Suspicion[]): Suspicion[] {
  const hidden = new Set(seen.flatMap((one) => (one.certainty === 'certain' ? (literals[one.cause].hides ?? []) : [])));
  return seen.filter(({ cause }) => !hidden.has(cause));
}

const strength = { certain: 0, likely: 1, possible: 2 };

/** Says more than the other of the same cause. */
export function isSurer(one: Suspicion, other: Suspicion): boolean {
  return strength[one.certainty] < strength[other.certainty];
}

function join(a: Suspicion, b: Suspicion): Suspicion {
  const [first, second] = strength[a.certainty] <= strength[b.certainty] ? [a, b] : [b, a];
  return { ...first, evidence: [...first.evidence, ...second.evidence] };
}

/** Stages whose faults a login that went through has disproved. */
const beforeToken: Stage[] = ['mount', 'role', 'config', 'token', 'binding', 'reviewer', 'cluster'];

/**
 * What is only likely explains a refusal; it is dropped when the login went through, or when something certain explains
 * the same refusal.
 */
function explaining(x: Examination, seen: Suspicion[]): Suspicion[] {
  const login = known(x.login)?.login;
  const accepted = login !== undefined && 'accepted' in login;
  const explained = seen.filter(({ certainty, stage }) => certainty === 'certain' && beforeToken.includes(stage));
  // Refused before anybody asked the API server: a handshake that failed then tells of a second fault.
  const early = explained.every(({ stage }) => stage === 'mount' || stage === 'role' || stage === 'binding');
  return seen.filter(({ certainty, stage, evidence }) => {
    if (certainty === 'certain' || !beforeToken.includes(stage)) return true;
    const apart = early && evidence.some(({ experiment }) => experiment === 'api-handshake');
    return !accepted && (apart || explained.length === 0 || !refusalOf(x));
  });
}

function byCertaintyThenStage(a: Suspicion, b: Suspicion): number {
  return strength[a.certainty] - strength[b.certainty] || stages.indexOf(a.stage) - stages.indexOf(b.stage);
}
