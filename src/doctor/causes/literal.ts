import type { CauseId } from '../../codes.ts';

/** What a person needs to know of one cause. Its title is the text in codes.ts. Markdown without links. */
export interface Explanation {
  /** What the user sees, before the doctor was asked. */
  looksLike: string;
  why: string;
  /** Causes that look alike, and how this one is told from them. */
  tellApart: Partial<Record<CauseId, string>>;
  mend: string;
}

export type Explanations = Partial<Record<CauseId, Explanation>>;
