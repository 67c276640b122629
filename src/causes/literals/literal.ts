import type { CauseId } from '../../codes.ts';
import type { Fix } from '../../errors.ts';
import type { Examination } from '../../facts/examination.ts';
import type { Stage } from '../cause.ts';

/** What a person needs to know of one cause. Its title is the text in codes.ts. Markdown without links. */
export interface Explanation {
  /** What the user sees, before the doctor was asked. */
  looksLike: string;
  why: string;
  /** Causes that look alike, and how this one is told from them. */
  tellApart: Partial<Record<CauseId, string>>;
  mend: string;
}

/** All that is known of a cause but how it is suspected, in one place. */
export interface CauseLiteral extends Explanation {
  /** Place in the pipeline of a login, unless whoever suspects it saw it at another. */
  stage: Stage;
  /** The ways out of this case, best first; absent: whoever suspects it knows them. */
  fix?(x: Examination): Fix[];
  /** A line of Vault's log that says it: texts of Go, of Kubernetes and of the auth method, on OpenBao 2.7 and Vault 1.21. */
  logLine?: RegExp;
  /** The line alone does not decide: who reviewed does (suspicions/reviewer-refused.ts). */
  ofWhoReviewed?: true;
  /** What it looks like in Vault's log and is not, once it is certain. */
  hides?: CauseId[];
  /** The stored reviewer token is at fault, which shows in no plan: only a rewrite mends it. */
  ofStoredToken?: true;
}

export type Causes = Partial<Record<CauseId, CauseLiteral>>;
