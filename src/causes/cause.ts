import type { CauseId } from '../codes.ts';
import type { Evidence, Fix } from '../errors.ts';
import type { Examination } from '../facts/examination.ts';
import type { Cause } from '../model/report.ts';

/** How much the facts say for a cause: `certain` when they leave nothing else. */
export type Certainty = Cause['certainty'];

/** What one family says of the facts. */
export interface Suspicion {
  cause: CauseId;
  certainty: Certainty;
  /** The object by its address. */
  subject: string;
  /** Address of the object that decides it, whose part of the recipe is shown; absent: the subject. */
  about?: string;
  evidence: Evidence[];
  fix: Fix[];
  /** Addresses of what is not as the recipe has it and is told with this; absent: nothing. */
  explains?: string[];
  /** Place in the pipeline of a login: what comes first hides what waits behind it. */
  stage: Stage;
}

/** In the order in which a login meets them. */
export const stages = [
  'vault',
  'operator',
  'mount',
  'role',
  'config',
  'token',
  'binding',
  'reviewer',
  'cluster',
  'policy',
  'secret',
] as const;

export type Stage = (typeof stages)[number];

/** As a family says it: at the place that the cause itself has, unless it was seen at another. */
export type Suspected = Omit<Suspicion, 'stage'> & { stage?: Stage };

/** One family of causes: a pure function of the facts, in a file of its own. */
export type Family = (examination: Examination) => Suspected[];
