import type { Target } from '../contracts/target.ts';
import type { Plan, Planned } from '../engine/plan.ts';
import { FailedError, type Problem } from '../errors.ts';
import type { RecipeSources } from '../recipe/source/saved-sources.ts';
import { version } from '../version.ts';
import type { Identity } from './identity.ts';
import { format, type SavedObject, type SavedPlan, schemaVersion } from './schema.ts';
import { digest } from './seal.ts';

export interface PlanParts {
  recipe: { name: string };
  sources: RecipeSources;
  target: Target;
  identity: Identity;
  /** Names of the chosen steps. */
  chosen: ReadonlySet<string>;
  planned: Plan;
  now: Date;
}

/** Errors: FailedError when the plan is not whole, so that there is nothing to keep. */
export function savedPlan({ recipe, sources, target, identity, chosen, planned, now }: PlanParts): SavedPlan {
  const { address, namespace, product, version: vaultVersion } = target.vault;
  const body: Omit<SavedPlan, 'sha256'> = {
    format,
    schema_version: schemaVersion,
    vaultbind: version,
    made: now.toISOString(),
    vault: { address, namespace, product, version: vaultVersion, cluster_id: identity.vault },
    cluster: { server: target.cluster.server, version: target.cluster.version, kube_system_uid: identity.cluster },
    recipe: { name: recipe.name, sha256: digest(sources), ...sources },
    steps: [...chosen],
    objects: objectsOf(planned),
  };
  return { ...body, sha256: digest(body) };
}

/** Errors: FailedError when something could not be decided. */
export function objectsOf({ planned }: Plan): SavedObject[] {
  const objects = planned.flatMap((one) => objectOf(one) ?? []);
  FailedError.throwAny(planned.filter((one) => !objectOf(one)).map(undecided));
  return objects;
}

function objectOf(planned: Planned): SavedObject | undefined {
  const { step, resource, decision, chosen } = planned;
  const { action } = decision;
  if (action === 'blocked' || action === 'skipped' || action === 'unreadable') return undefined;
  return {
    step: step.name,
    system: resource.system,
    address: resource.address,
    chosen,
    decision: action,
    fields: action === 'create' || action === 'update' ? decision.fields.map(({ field }) => field) : [],
    desired: resource.desired,
    observed: observedOf(planned),
  };
}

/** What a step that never writes looks at (a handshake, a clock) is new each time; its decision is what counts. */
function observedOf({ step, observed }: Planned): SavedObject['observed'] {
  if (!step.writes || !observed) return null;
  const fields = Object.entries(observed).filter(([, value]) => value !== undefined);
  return Object.fromEntries(fields.map(([name, value]) => [name, digest(value)]));
}

function undecided({ resource, decision }: Planned): Problem {
  const why = decision.action === 'blocked' ? `: ${decision.reason}` : '';
  return {
    code: 'plan-not-saved',
    subject: resource.address,
    message: `is ${decision.action}${why}; a plan is saved only when it is whole`,
    at: resource.at,
  };
}
