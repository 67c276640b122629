import type { Report } from '../../model/report.ts';

/** What a report for other machines is made of. Its texts are clean (see clean.ts); each kind escapes its own syntax. */
export interface Reported {
  /** Its places are relative to the repository, with `/`. */
  report: Report;
  /** The recipe's files, also when they could not be read; findings without a place are shown at the first. */
  files: string[];
}

export type Renderer = (reported: Reported) => string;
