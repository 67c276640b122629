import type { ServiceAccountName } from '../model/account.ts';
import type { AccessClaim, Recipe } from '../recipe/recipe.ts';
import type { Secret } from '../secret.ts';

/** Whose login is looked at. Made of a recipe's expectation, or of flags. */
export interface Patient {
  /** Mount path without `auth/`. '': nobody knows, and only a token is looked at. */
  mount: string;
  /** Absent: only what holds for the whole mount is looked at. */
  role?: string;
  /** The application's account. Absent with `role`: the first literal account that the role binds. */
  service_account?: ServiceAccountName;
  /** The recipe says that this login must be refused, because the role does not bind the account. */
  stranger?: boolean;
  /** The recipe has no `expect`, so nobody asked for this login: its role names the account. */
  implied?: boolean;
  /** What the workload should be able to do. */
  can: AccessClaim[];
  /** What it should not. */
  cannot: AccessClaim[];
  /** What a fresh token is requested for. Absent: the audience of the recipe's role, else of the stored one. */
  audience?: string;
  /** Who reviews, for a probe without a recipe. */
  reviewer?: ServiceAccountName;
  /** A token somebody has, instead of a fresh one. */
  jwt?: Secret;
  /** What the recipe decides; absent without one: then who reviews is guessed from what is stored. */
  recipe?: Recipe;
}
