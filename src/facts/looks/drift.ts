import type { Reading } from '../../contracts/clients.ts';
import type { Resource, Step } from '../../contracts/step.ts';
import type { Target } from '../../contracts/target.ts';
import { clusterOf } from '../../engine/cluster.ts';
import { configAddress } from '../../model/addresses.ts';
import { quietly } from '../../model/error-values.ts';
import type { Recipe } from '../../recipe/recipe.ts';
import type { Drift } from '../examination.ts';

/** What the comparison needs besides a recipe. */
export interface DriftOptions {
  steps: readonly Step[];
  /** --cluster-host: the operator's own word for the recipe's cluster.host. */
  clusterHost: string | undefined;
}

/**
 * What is not as the recipe has it, by the comparison of plan. What lies in something that is missing is not told beside
 * it, and what may not be read is told by the looks that stumbled over it.
 */
export async function lookForDrift(
  recipe: Recipe,
  reading: Reading,
  { steps, clusterHost }: DriftOptions,
): Promise<Drift[]> {
  const health = await quietly(() => reading.vault.health());
  if (!health) return [];
  const { product, version } = health;
  const { address, namespace } = reading.vault;
  const cluster = await quietly(() => clusterOf(recipe, reading.kubernetes, clusterHost));
  const vault = { address, namespace, product, version };
  const target: Target = { recipe, vault, cluster: { ...(cluster ?? nowhere), version: '' } };
  // Host and CA come from the cluster: without it nobody knows what the config should hold.
  const comparable = ({ system, address }: Resource) =>
    cluster !== undefined || (system === 'vault' && address !== configPath(recipe));
  const found = await Promise.all(
    steps
      .filter(({ writes }) => writes)
      .flatMap((step) => step.resources(target).map((resource) => ({ step, resource })))
      .filter(({ resource }) => comparable(resource))
      .map(async ({ step, resource }) => ({
        resource,
        drift: await quietly(() => driftOf(step, resource, reading, target)),
      })),
  );
  const missing = new Set(found.flatMap(({ drift }) => (drift && drift.action !== 'update' ? [drift.address] : [])));
  return found.flatMap(({ resource: { inside }, drift }) =>
    drift && (inside === undefined || !missing.has(inside)) ? [drift] : [],
  );
}

async function driftOf(step: Step, resource: Resource, reading: Reading, target: Target): Promise<Drift | undefined> {
  const observed = await step.observe(reading, resource, target);
  const change = step.diff(resource, observed, target);
  if (change.action === 'none') return undefined;
  return { address: resource.address, step: step.name, ...change };
}

const nowhere = { server: '', host: '', source: { host: 'kubeconfig', ca: 'none' }, vouched: false } as const;

function configPath({ auth }: Recipe): string {
  return configAddress(auth.path);
}
