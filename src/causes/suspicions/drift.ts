import { isCause } from '../../codes.ts';
import type { Evidence, Fix } from '../../errors.ts';
import { type Drift, type Examination, known } from '../../facts/examination.ts';
import { acceptedOf } from '../../facts/refusal.ts';
import { accountAddress, policyAddress, roleAddress } from '../../model/addresses.ts';
import type { FieldChange } from '../../model/report.ts';
import type { Stage, Suspicion } from '../cause.ts';
import { applied, byRecipe, patientRole } from '../fixes.ts';

/**
 * What this login stands on and is not as the recipe has it. Only asked when nothing else is found: a drift that breaks
 * the login has a name of its own.
 */
export const driftCauses = (x: Examination): Suspicion[] => {
  const found = (known(x.drift) ?? []).filter((one) => concerns(x, one)).map((one) => driftOf(x, one));
  const letIn = welcomedStranger(x);
  if (!letIn) return found;
  const ofRole = found.find(({ subject }) => subject === letIn.subject);
  if (!ofRole) return [letIn, ...found];
  return found.map((one) => (one === ofRole ? { ...one, evidence: [...letIn.evidence, ...one.evidence] } : one));
};

/** As a warning or a cause of its own, wherever it is told. */
export function driftOf(x: Examination, one: Drift): Suspicion {
  const { address, step } = one;
  const base = { certainty: 'certain', stage: stageOf(address), subject: address } as const;
  const evidence = evidenceOf(one);
  if (one.action !== 'blocked')
    return { ...base, cause: 'drift', evidence, fix: byRecipe(x, step, 'write it as the recipe has it') };
  return { ...base, cause: isCause(one.code) ? one.code : 'drift', evidence, fix: one.fix };
}

function evidenceOf(one: Drift): Evidence[] {
  if (one.action === 'blocked') return [{ experiment: 'plan', said: one.reason }];
  if (one.action === 'create') return [{ experiment: 'plan', said: `${one.address} does not exist` }];
  return one.fields.map((field) => ({ experiment: 'plan', said: inWords(field) }));
}

/** What else differs from the recipe is told with the cause that it explains, and mended first. */
export function withDrift(x: Examination, causes: Suspicion[]): Suspicion[] {
  return causes.map((cause) => {
    const drifts = (known(x.drift) ?? []).filter((one) => concerns(x, one) && explains(x, one, cause));
    if (drifts.length === 0) return cause;
    const written = drifts.filter(({ action }) => action === 'update');
    const [first] = written;
    const why = 'write it as the recipe has it';
    const ways = !first ? [] : written.length > 1 ? applied(x, why) : byRecipe(x, first.step, why);
    return {
      ...cause,
      evidence: [...cause.evidence, ...drifts.flatMap(evidenceOf)],
      fix: added(ways, cause.fix),
      explains: drifts.map(({ address }) => address),
    };
  });
}

/** The same command is told once, in the words of the cause. */
function added(ways: Fix[], fix: Fix[]): Fix[] {
  const command = (one: Fix | undefined) => JSON.stringify(one?.command);
  if (ways.length === 0 || command(fix[0]) === command(ways[0])) return fix;
  return [...ways, ...fix.filter((one) => command(one) !== command(ways[0]))];
}

function explains(x: Examination, { address, action }: Drift, { subject, about, stage, cause }: Suspicion): boolean {
  if (address === subject || address === about) return true;
  if (address === patientRole(x) || isPolicy(address)) return stage === 'policy' && action === 'update';
  if (stage === 'reviewer') return /^(ServiceAccount|Secret|ClusterRoleBinding) /.test(address);
  return cause === 'cidr-not-bound' && address === patientRole(x);
}

/** The recipe says that the role must refuse this account, and it does not. */
function welcomedStranger(x: Examination): Suspicion | undefined {
  const {
    patient,
    account: { tried },
  } = x;
  if (!patient.stranger || !acceptedOf(x) || !tried) return undefined;
  const said = `${accountAddress(tried)} logs in, and the recipe says that it must be refused`;
  return {
    cause: 'drift',
    certainty: 'certain',
    stage: 'binding',
    subject: roleAddress(x.patient.mount, x.patient.role),
    evidence: [{ experiment: 'observed-login', said }],
    fix: [{ why: 'let the role bind fewer accounts, or take login: refused out of the expectation' }],
  };
}

/** Another role of the mount is nothing to this login, nor the account of another application. */
function concerns(x: Examination, { address }: Drift): boolean {
  if (isPolicy(address)) return x.role.policies.has(address.slice(policyAddress('').length));
  if (address.startsWith('ServiceAccount ')) return accountsOf(x).some((one) => accountAddress(one) === address);
  return !address.includes('/role/') || address === patientRole(x);
}

/** This login's own, and the reviewer's, on whom all stand. */
const accountsOf = ({ patient: { recipe }, account: { tried } }: Examination) =>
  [tried, recipe?.auth.reviewer.account].filter((one) => one !== undefined);

const isPolicy = (address: string): boolean => address.startsWith('sys/policies/');

function stageOf(address: string): Stage {
  if (isPolicy(address)) return 'policy';
  if (address.startsWith('sys/auth/')) return 'mount';
  if (!address.startsWith('auth/')) return 'reviewer';
  return address.endsWith('/config') ? 'config' : 'role';
}

/** A policy or a certificate is too long to be shown here; a plan shows it line by line. */
function inWords({ field, before, after }: FieldChange): string {
  const [is, wanted] = [before, after].map((value) => JSON.stringify(value) ?? '(nothing)');
  if (`${is}${wanted}`.includes('\\n')) return `${field} differs from the recipe's`;
  return `${field} is ${is}, and the recipe has ${wanted}`;
}
