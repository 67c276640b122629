import type { CaBundle } from '../../trust/ca-bundle.ts';
import type { PemFault } from '../../trust/pem.ts';
import type { PolicyText } from '../policies.ts';
import type { Recipe } from '../recipe.ts';
import type { RecipeDocument } from '../schema/index.ts';
import type { RoleDocument } from '../schema/role.ts';
import type { Path } from '../source/place.ts';
import type { Objection } from './objection.ts';

/** What a rule looks at: the shape is right, files are read, environment variables are filled in. */
export interface Draft {
  document: RecipeDocument;
  /** One for each entry of `policies`, in order. */
  policies: PolicyText[];
  /** The file of cluster.ca, read. */
  ca?: CaBundle | PemFault;
}

/** One thing a careful reader checks. Pure. */
export type Rule = (draft: Draft) => Objection[];

/** The rule that judges each role by itself. */
export function eachRole(judge: (role: RoleDocument, path: Path, draft: Draft) => Objection[]): Rule {
  return (draft) => (draft.document.roles ?? []).flatMap((role, index) => judge(role, ['roles', index], draft));
}

/** A recipe that is without mistakes. */
export interface Finished {
  recipe: Recipe;
  /** One for each policy of the recipe, in order. */
  policies: PolicyText[];
}

/** What an operator allows of what recipes can say; paths are those of the recipe's files. */
export type Limit = (finished: Finished) => Objection[];

const indexes = new WeakMap<readonly object[], Map<string, object>>();

/** The first part of that name, as Vault folds names. A list is indexed once: rules ask for each of a thousand. */
export function partNamed<T extends { name: string }>(list: readonly T[] = [], name: string): T | undefined {
  const index = indexes.get(list) ?? new Map(list.toReversed().map((one) => [one.name.toLowerCase(), one]));
  indexes.set(list, index);
  return index.get(name.toLowerCase()) as T | undefined;
}
