import type { Command } from '../command.ts';
import type { Fix } from '../errors.ts';
import { type Examination, known } from '../facts/examination.ts';
import { authAddress, configAddress, roleAddress } from '../model/addresses.ts';
import { vaultbind, vaultWrite } from '../model/commands.ts';
import { configByHand, ownCluster } from './config-by-hand.ts';

/** The volume source in the Pod that makes a token for this audience. */
export const projectToken = (audience: string): Fix => ({
  why: `project a token for the audience ${audience || 'of the role'} into the Pod: serviceAccountToken: {audience: ${JSON.stringify(audience || 'vault')}, path: token}`,
});

/** Nobody but its owner configures a mount of others (manage: none). Undefined: it is not such a one. */
export function askOwner({ patient }: Examination, why: string): Fix | undefined {
  if (patient.recipe?.auth.manage !== 'none') return undefined;
  return { why: `ask the team that owns ${authAddress(patient.mount)}: ${why}` };
}

export const patientConfig = ({ patient: { mount } }: Examination): string => configAddress(mount);

export const patientRole = ({ patient: { mount, role } }: Examination): string => roleAddress(mount, role);

const selectorField = 'bound_service_account_namespace_selector';

/** Of the stored role; '' where it has none or may not be read. */
export const namespaceSelector = (x: Examination): string => String(known(x.role.stored)?.[selectorField] ?? '');

/** Some fields of the stored role by hand. Vault keeps the others, but clears a selector that the write does not name. */
export function roleWrite(x: Examination, fields: Record<string, string>): Command {
  const selector = namespaceSelector(x);
  return vaultWrite(patientRole(x), { ...fields, ...(selector === '' ? {} : { [selectorField]: selector }) });
}

/**
 * By a step of the recipe; none without one. Where that step would be blocked, its own ways out instead: a command that
 * does not mend is not printed.
 */
export function byRecipe(x: Examination, step: string, why: string): Fix[] {
  const { recipe } = x.patient;
  if (!recipe) return [];
  const blocked = (known(x.drift) ?? []).find((one) => one.step === step && one.action === 'blocked');
  if (blocked?.action === 'blocked') return blocked.fix;
  return [{ why, command: vaultbind(`step ${step}`, { f: recipe.files }) }];
}

/** All that the recipe decides, for what takes more than one step. */
export function applied(x: Examination, why: string, rewrite?: string): Fix[] {
  const { recipe } = x.patient;
  if (!recipe) return [];
  const blocked = (known(x.drift) ?? []).find((one) => one.action === 'blocked');
  if (blocked?.action === 'blocked') return blocked.fix;
  return [{ why, command: vaultbind('apply', { f: recipe.files, rewrite }) }];
}

/** The config as the recipe has it; without a recipe, by hand. Only its owner writes that of others. */
export function rewritten(x: Examination, why: string, changes: Record<string, unknown> = {}): Fix[] {
  const owner = askOwner(x, why);
  if (owner) return [owner];
  if (!x.patient.recipe) return [configByHand(x, why, changes)];
  const config = patientConfig(x);
  const drift = known(x.drift);
  if (drift && !drift.some(({ address }) => address === config))
    return [{ why: `${config} is as the recipe has it: have whoever runs the API server look at it` }];
  return byRecipe(x, 'write-config', why);
}

export function writeHost(x: Examination): Fix[] {
  return rewritten(x, `write host and CA of ${patientConfig(x)} anew, as Vault reaches the API server`, ownCluster(x));
}

/** What no comparison shows is written all the same. */
export function sendAgain(x: Examination): Fix[] {
  const why = "send the reviewer's token to Vault again";
  const owner = askOwner(x, why);
  if (owner) return [owner];
  return x.patient.recipe ? applied(x, why, patientConfig(x)) : [configByHand(x, why)];
}

export function bindReviewer(x: Examination): Fix[] {
  const why =
    'bind the token reviewer to system:auth-delegator with a ClusterRoleBinding (a RoleBinding is not enough)';
  const owner = askOwner(x, why);
  if (owner) return [owner];
  return x.patient.recipe ? byRecipe(x, 'bind-delegator', why) : [{ why }];
}

export function bindClients(x: Examination): Fix[] {
  const why = "bind the application's account to system:auth-delegator with a ClusterRoleBinding";
  const { reviewer } = x.patient.recipe?.auth ?? {};
  if (reviewer?.whoReviews !== 'client') return [{ why }];
  if (!reviewer.binding) return [{ why: 'set reviewer.bind_clients: true in the recipe, and apply it' }];
  return byRecipe(x, 'bind-delegator', why);
}
