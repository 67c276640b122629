import type { ServerProduct } from '../model/server-product.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { ApiHost } from '../trust/api-host.ts';
import type { CaBundle } from '../trust/ca-bundle.ts';

/** What both systems are and what the recipe wants of them. Facts only: no clients, no secrets. */
export interface Target {
  recipe: Recipe;
  vault: {
    address: string;
    /** Vault namespace, '' for the root. */
    namespace: string;
    product: ServerProduct;
    version: string;
  };
  cluster: {
    /** The kubeconfig's own server; '' when there is none. Credentials go here and nowhere else. */
    server: ApiHost | '';
    /** The API server as Vault reaches it: goes into the auth config. */
    host: ApiHost | '';
    /** Absent when none was found: Vault then uses the system's roots. */
    ca?: CaBundle;
    /** Where host and CA came from, for the report. */
    source: { host: 'recipe' | 'kubeconfig'; ca: 'recipe' | 'kubeconfig' | 'kube-root-ca.crt' | 'none' };
    version: string;
    /** The host is the kubeconfig's server, or Vault will insist on the cluster's own CA there, or the operator vouches for it. */
    vouched: boolean;
  };
}
