import type { Target } from '../contracts/target.ts';
import { secretAddress } from '../model/addresses.ts';
import { tokenStates } from '../model/token-states.ts';
import type { ConfigField } from '../recipe/auth-types/kubernetes.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { ApiHost } from '../trust/api-host.ts';
import type { CaPem } from '../trust/ca-bundle.ts';

/** Host and CA can only be what was judged. */
export type JudgedConfig = Partial<{ [field in Exclude<ConfigField, keyof Believed>]: unknown }> & Believed;

type Believed = {
  kubernetes_host: ApiHost | '';
  kubernetes_ca_cert: CaPem | '';
};

/** What the config should read back as. */
export function configDocument({
  recipe,
  cluster,
}: {
  recipe: Recipe;
  cluster: Pick<Target['cluster'], 'host' | 'ca'>;
}): JudgedConfig {
  const { secret, config } = recipe.auth.reviewer;
  return {
    kubernetes_host: cluster.host,
    kubernetes_ca_cert: cluster.ca?.pem ?? '',
    token_reviewer_jwt: secret ? tokenStates.from(secretAddress(secret)) : tokenStates.none,
    ...config,
    ...recipe.auth.config,
  };
}
