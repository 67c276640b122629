import type { Code } from '../codes.ts';
import type { Evidence, Fix, Position } from '../errors.ts';
import type { Chain } from '../model/report.ts';
import type { Facts, Question } from './experiment.ts';

/** What a check concludes. Pure: made of facts. */
export interface Outcome {
  status: 'ok' | 'warning' | 'failed' | 'skipped';
  code: Code;
  message: string;
  evidence?: Evidence[];
  fix?: Fix[];
  /** Fields shown under the message, e.g. the TokenReview's user and groups. */
  details?: [field: string, value: unknown][];
  chain?: Chain;
  /** What was asked only and not tried: told by a finding of its own, whatever the rest comes to. */
  asked?: { message: string };
}

/** One thing that must be true. */
export interface Check {
  /** What is true when it passes. */
  title: string;
  /** The object it is about. */
  subject: string;
  /** Addresses of resources whose change makes this check worth running again after apply. */
  about: string[];
  /** The experiments whose facts `judge` looks at. */
  needs: Question[];
  judge(facts: Facts): Outcome;
  /** Milliseconds from the end of an apply's writes in which a failure may only mean that a server has not caught up; default 0. */
  retryFor?: number;
  at?: Position;
}
