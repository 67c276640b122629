import type { Workload } from '../output/manifests/workload.ts';
import type { Recipe } from '../recipe/recipe.ts';

/** One for each role that names an account; a pattern names none. */
export function workloadsOf({ auth, roles }: Recipe, vault: Workload['vault']): Workload[] {
  return roles.flatMap(({ name, service_accounts: [account], audience }) =>
    account ? [{ account, role: name, mount: auth.path, audience, vault }] : [],
  );
}
