import { type Creatable, tokenSecretType } from '../kubernetes/api.ts';
import type { ServiceAccountName } from '../model/account.ts';
import { labelKey } from '../model/labels.ts';
import type { Recipe } from '../recipe/recipe.ts';

/** On what we create, and only there; never compared. */
export function recipeLabel({ name }: Recipe): Record<string, string> {
  return { [labelKey]: name };
}

/** A token Secret as it is made: the controller manager puts the data into it. */
export function tokenSecretObject(
  { namespace, name }: ServiceAccountName,
  account: ServiceAccountName,
  labels: Record<string, string>,
): Creatable {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: tokenSecretType,
    metadata: { name, namespace, labels, annotations: { 'kubernetes.io/service-account.name': account.name } },
  };
}
