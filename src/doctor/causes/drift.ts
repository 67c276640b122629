import type { Evidence } from '../../errors.ts';
import { accountAddress, roleAddress } from '../../model/addresses.ts';
import { vaultbind } from '../../model/commands.ts';
import type { FieldChange } from '../../model/report.ts';
import type { Family, Stage, Suspicion } from '../cause.ts';
import type { Drift, Examination } from '../examination.ts';
import { acceptedOf } from '../refusal.ts';
import { filesOf } from './mount.ts';

/**
 * What this login stands on and is not as the recipe has it. Only asked when nothing else is found: a drift that breaks
 * the login has a name of its own.
 */
export const driftCauses: Family = (x) => {
  const found = (x.drift ?? []).filter(({ address }) => concerns(x, address)).map((one) => driftOf(x, one));
  const letIn = welcomedStranger(x);
  if (!letIn) return found;
  const ofRole = found.find(({ subject }) => subject === letIn.subject);
  if (!ofRole) return [letIn, ...found];
  return found.map((one) => (one === ofRole ? { ...one, evidence: [...letIn.evidence, ...one.evidence] } : one));
};

/** As a warning or a cause of its own, wherever it is told. */
export function driftOf(x: Examination, { address, step, fields }: Drift): Suspicion {
  const evidence: Evidence[] = fields.map((field) => ({ experiment: 'plan', said: inWords(field) }));
  const command = vaultbind(`step ${step}`, { f: filesOf(x) });
  const fix = [{ why: 'write it as the recipe has it', command }];
  return { cause: 'drift', certainty: 'certain', stage: stageOf(address), subject: address, evidence, fix };
}

/** The recipe says that the role must refuse this account, and it does not. */
function welcomedStranger(x: Examination): Suspicion | undefined {
  const { patient, tried } = x;
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

/** Another role of the mount is nothing to this login. */
function concerns(x: Examination, address: string): boolean {
  if (address.startsWith('sys/policies/')) return x.policies.has(address.replace(/^.*\//, ''));
  return !address.includes('/role/') || address === roleAddress(x.patient.mount, x.patient.role);
}

function stageOf(address: string): Stage {
  if (address.startsWith('sys/policies/')) return 'policy';
  if (address.startsWith('sys/auth/')) return 'mount';
  return address.endsWith('/config') ? 'config' : 'role';
}

/** A policy or a certificate is too long to be shown here; a plan shows it line by line. */
function inWords({ field, before, after }: FieldChange): string {
  const [is, wanted] = [before, after].map((value) => JSON.stringify(value) ?? '(nothing)');
  if (`${is}${wanted}`.includes('\\n')) return `${field} differs from the recipe's`;
  return `${field} is ${is}, and the recipe has ${wanted}`;
}
