import type { Code } from '../../src/codes.ts';
import type { Cause } from '../../src/model/report.ts';
import type { VaultProduct } from '../../src/sandbox/servers/vault-options.ts';
import type { RecipeData, Workbench } from '../servers/workbench.ts';
import type { Bench } from './bench.ts';
import type { Surroundings } from './surroundings.ts';

export interface Expected {
  cause: Code;
  certainty: Cause['certainty'];
  /** Of the first cause's subject. */
  subject?: RegExp;
}

/** How the doctor is called, when not with `-f recipe.yaml` in the bench's own environment. */
export interface Call {
  args?: string[];
  env?: Record<string, string>;
  /** A Vault without the binding: with the cause mended, there is still none. */
  elsewhere?: true;
  /** Undoes what the bench's removal does not. */
  after?(): Promise<unknown>;
}

export interface Fault {
  id: string;
  /** Of the collected real failures. */
  cases: string[];
  /** Changes the recipe before it is applied. */
  recipe?(recipe: RecipeData, bench: Workbench): void | Promise<void>;
  /** By the servers' APIs, never by vaultbind. May resolve with a Call. */
  break(bench: Bench, around: Surroundings): Promise<unknown>;
  /** The other product does not let it happen: it refuses the write, or does not look. */
  only?: VaultProduct;
  /** Undone by the servers' APIs; only where a pair needs it. */
  mend?(bench: Bench, around: Surroundings): Promise<void>;
  expected: Expected | Record<VaultProduct, Expected>;
  /** The same looked at with flags alone, where that says something else: without a recipe there is no drift. `untold`: exit 4. */
  flags?: Expected | 'healthy' | 'untold';
}

export function expectedOf({ expected }: Fault, product: VaultProduct): Expected {
  return 'cause' in expected ? expected : expected[product];
}

/** The most common expectation. */
export const certain = (cause: Code, subject?: RegExp): Expected => ({
  cause,
  certainty: 'certain',
  ...(subject ? { subject } : {}),
});
