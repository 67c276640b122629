import type { Target } from '../../contracts/target.ts';
import { connectAccess } from '../../engine/connect.ts';
import { doctorAccess } from '../../facts/looks/access.ts';
import type { Access, PermissionCommand, Right } from '../../model/rights.ts';
import type { Recipe } from '../../recipe/recipe.ts';
import { identityAccess } from '../../saved-plan/identity.ts';
import { steps } from '../../steps/index.ts';

interface Declared {
  access: Access;
  by: string;
}

/** Commands that write or take a saved plan. */
const savedPlanCommands: readonly PermissionCommand[] = ['plan', 'apply'];

/**
 * The least that a command of this recipe needs, from what its steps and experiments declare. Asks nobody.
 *
 * @param saved Whether plan saves its plan, and apply takes a saved one; says nothing to other commands.
 */
export function rightsOf(command: PermissionCommand, recipe: Recipe, saved = false): Right[] {
  const target = offlineTarget(recipe);
  const connecting = connectAccess(target).map((access) => ({ access: { ...access, optional: noCa }, by: 'connect' }));
  const identity = saved && savedPlanCommands.includes(command) ? [{ access: identityAccess, by: 'saved-plan' }] : [];
  const declared = steps.flatMap((step) => step.access(target).map((access) => ({ access, by: step.name })));
  return together([...connecting, ...identity, ...wantedBy[command](declared, recipe)]);
}

const noCa = 'the CA of the cluster is not found where the kubeconfig has none';
const unseen = 'what is missing cannot be told from what is hidden';

const wantedBy: Record<PermissionCommand, (declared: Declared[], recipe: Recipe) => Declared[]> = {
  plan: (declared) => declared.filter(({ access: { phase } }) => phase === 'plan'),
  apply: (declared) => declared,
  verify: (declared) => declared.filter(({ access: { phase } }) => phase !== 'apply').map(whereAllIsThere),
  doctor: (declared, recipe) => [
    ...declared.filter(isOnBehalf),
    ...doctorAccess(recipe).map((access) => ({ access, by: 'doctor' })),
  ],
};

/** What holds is there: what is only asked where something is missing does not fail it. */
function whereAllIsThere({ access, by }: Declared): Declared {
  return { by, access: access.when === 'create' && !access.optional ? { ...access, optional: unseen } : access };
}

/** What a login needs besides its token, whoever makes it. */
function isOnBehalf({ access }: Declared): boolean {
  return access.phase === 'verify' && access.system === 'vault';
}

/** Nothing is asked, so the facts that only servers tell are left open; no rule depends on them but that of the CA. */
function offlineTarget(recipe: Recipe): Target {
  const { host = '', ca } = recipe.cluster;
  const known = ca !== undefined && host === '';
  return {
    recipe,
    vault: { address: '', namespace: recipe.vault.namespace ?? '', product: 'vault', version: '' },
    cluster: {
      server: '',
      host,
      source: { host: 'kubeconfig', ca: known ? 'kubeconfig' : 'kube-root-ca.crt' },
      vouched: true,
      version: '',
    },
  };
}

/** One right a rule; a rule that anybody cannot do without is not optional. */
function together(declared: Declared[]): Right[] {
  const rights = new Map<string, Right>();
  for (const { access, by } of declared.flatMap(singly)) {
    const { optional } = access;
    const rule = ruleOf(access);
    const key = JSON.stringify(rule);
    const before = rights.get(key);
    if (!before) rights.set(key, { rule, neededBy: [by], optional });
    else {
      if (!before.neededBy.includes(by)) before.neededBy.push(by);
      if (!optional) delete before.optional;
    }
  }
  return [...rights.values()];
}

function ruleOf(access: Access): Right['rule'] {
  if (access.system === 'vault') return { system: 'vault', path: access.path, capabilities: access.capabilities };
  const { verb, group, resource, namespace, name } = access;
  return { system: 'kubernetes', verb, group, resource, namespace, name };
}

function singly({ access, by }: Declared): Declared[] {
  if (access.system === 'kubernetes') return [{ access, by }];
  return access.capabilities.map((capability) => ({ access: { ...access, capabilities: [capability] }, by }));
}
