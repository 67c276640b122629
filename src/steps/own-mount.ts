import type { Probing } from '../contracts/clients.ts';
import type { OwnMount } from '../contracts/mount-gate.ts';
import { clusterOf } from '../engine/cluster.ts';
import { diffFields } from '../engine/diff.ts';
import { configAddress, secretAddress } from '../model/addresses.ts';
import { tokenStates } from '../model/token-states.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { configDocument } from './config-fields.ts';
import { storedToken } from './stored-token.ts';

export interface OwnMountOptions {
  /** --cluster-host */
  clusterHost: string | undefined;
  /** This run itself has written the mount's config. */
  written: boolean;
}

/**
 * What shows that the recipe's mount is ours. `manage` does not: a recipe may come from anybody, and so may the mount.
 * Either this run has written its config, or a run before has: the config is whole as the recipe wants it, and the
 * reviewer's Secret in the cluster has the note that its token was written to the mount of this accessor. Without a
 * reviewer's Secret nothing is left of an earlier run.
 *
 * To forge it takes a mount of his own at that path and a token Secret in the cluster, of the account that the recipe
 * names, with the mount's accessor in its note: who may write that may write the token of the Secret's account anyhow.
 */
export function ownMount(recipe: Recipe, probing: Probing, { clusterHost, written }: OwnMountOptions): OwnMount {
  return {
    path: recipe.auth.path,
    files: recipe.files,
    isOurs: async () => written || (await wasWritten(recipe, probing, clusterHost)),
  };
}

async function wasWritten(recipe: Recipe, probing: Probing, clusterHost: string | undefined): Promise<boolean> {
  const { secret } = recipe.auth.reviewer;
  const stored = secret && (await probing.vault.reread(configAddress(recipe.auth.path)));
  if (!stored) return false;
  const token = await storedToken(probing, stored, recipe);
  if (token !== tokenStates.from(secretAddress(secret))) return false;
  const cluster = await clusterOf(recipe, probing.kubernetes, clusterHost);
  const wanted = configDocument({ recipe, cluster });
  return diffFields(recipe.auth.type.config, wanted, { ...stored, token_reviewer_jwt: token }).length === 0;
}
