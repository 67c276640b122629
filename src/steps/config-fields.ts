import type { Target } from '../contracts/target.ts';
import type { FieldTable } from '../engine/diff.ts';
import { secretAddress } from '../model/addresses.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { ApiHost } from '../trust/api-host.ts';
import type { CaPem } from '../trust/ca-bundle.ts';

/** What is said of the stored reviewer token, which Vault never returns. */
export const tokenStates = {
  none: '(not set)',
  unknown: '(set, unknown)',
  from: (secret: string) => `(from ${secret})`,
};

/**
 * The fields of auth/<path>/config that a recipe owns, with the servers' defaults (as read back from OpenBao 2.7 and
 * Vault 1.21). A write replaces the whole document, so all of them are sent each time.
 */
export const configFields = {
  kubernetes_host: { kind: 'host', default: '' },
  kubernetes_ca_cert: { kind: 'ca', default: '' },
  token_reviewer_jwt: { kind: 'text', default: tokenStates.none, sensitive: true },
  disable_local_ca_jwt: { kind: 'boolean', default: false },
  issuer: { kind: 'text', default: '' },
  disable_iss_validation: { kind: 'boolean', default: true },
  pem_keys: { kind: 'pems', default: [] },
  use_annotations_as_alias_metadata: { kind: 'boolean', default: false },
} as const satisfies FieldTable;

/** Host and CA can only be what was judged. */
export type ConfigFields = Partial<{ [field in Exclude<keyof typeof configFields, keyof Believed>]: unknown }> &
  Believed;

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
}): ConfigFields {
  const { secret, config } = recipe.auth.reviewer;
  return {
    kubernetes_host: cluster.host,
    kubernetes_ca_cert: cluster.ca?.pem ?? '',
    token_reviewer_jwt: secret ? tokenStates.from(secretAddress(secret)) : tokenStates.none,
    ...config,
    ...recipe.auth.config,
  };
}
