import type { z } from 'zod';
import type { Manage, Reviewer, Role } from '../recipe.ts';
import type { Objection } from '../rules/objection.ts';
import type { RoleDocument } from '../schema/role.ts';
import type { Path } from '../source/place.ts';

export const reviewerPath: Path = ['auth', 'reviewer'];

/** What stands around the reviewer in a recipe. */
export interface Around {
  manage: Manage;
  roles: readonly RoleDocument[];
}

/** One more thing that the mode must be told. The conversation and its flags are made of this. */
export type ReviewerInput = {
  /** Of auth.reviewer. */
  field: string;
  /** In a word or two. */
  label: string;
  /** As the help shows it: `--reviewer <namespace/name>`. */
  flag: string;
  message: string;
  /** One line: why this is asked. */
  why: string;
} & (
  | {
      /** A ServiceAccount, whose token Vault may keep. */
      kind: 'account';
      proposed: string;
      /** Said of an account that every Pod runs as. */
      shared: string;
    }
  | {
      kind: 'yes-no';
      yes: string;
      no: string;
      /** Said of a no. */
      warning: string;
    }
);

/** A way to have tokens reviewed: all that is its own, so that everything else asks for a trait and never which one it is. */
export interface ReviewerMode {
  /** What it is, in few words. */
  means: string;
  /** Whose token Vault shows to Kubernetes with a TokenReview. */
  whoReviews: Exclude<Reviewer['whoReviews'], 'others'>;
  /** Whether Vault keeps that token. */
  storesToken: boolean;
  /** What it decides of auth/<path>/config. */
  config: Reviewer['config'];
  /** Keys of auth.reviewer that it has. */
  fields: Record<string, z.ZodType>;
  /** Why keys of other modes mean nothing in it. */
  because: string;
  /** What else is chosen with it, said in a conversation; '' for nothing. */
  note: string;
  inputs: readonly ReviewerInput[];
  /** Switches of a ceiling without which it is refused. */
  ceiling: Record<string, z.ZodType>;
  /** What is wrong or doubtful with the recipe's words. */
  judge(given: Record<string, unknown>, around: Around): Objection[];
  /** Its objects. Rules have passed. `prefix`: of the names that vaultbind gives, for this mount. */
  build(
    given: Record<string, unknown>,
    around: { roles: readonly Role[]; prefix: string },
  ): Pick<Reviewer, 'account' | 'secret' | 'binding'>;
}
