import type { Secret } from '../secret.ts';
import type { Offer, Question, Verdict } from './question.ts';

/** Values, or: back to the question before; or: nobody can say (only where there is no terminal). */
export type Reply = { values: string[] } | 'back' | 'unknown';

/** What to do after a page. */
export type Turn = 'on' | 'back' | 'stop' | 'another';

/** What is told beside the questions. */
export type Told = { page: string; number: number; of: number } | { fact: string } | { warning: string };

export interface NamedChoice<T extends string> {
  value: T;
  name: string;
  /** More about it, shown while it is pointed at. */
  says?: string;
}

/** Who answers: a person in a terminal, or nobody, and then defaults and flags alone. */
export interface Ask {
  /** False: nobody, and what an error will say need not be told before. */
  somebody: boolean;
  tell(told: Told): void;
  question(
    question: Question,
    offer: Offer,
    judge: (value: string, chosen: string[]) => Promise<Verdict | undefined>,
  ): Promise<Reply>;
  /** Undefined: nobody can say. */
  text(message: string, why: string, byDefault: string | undefined): Promise<string | undefined>;
  /** Never shown while typed, and taken as it was typed. Undefined: nobody can say. */
  hidden(message: string, why: string): Promise<Secret | undefined>;
  /** One of these values; Enter alone takes `byDefault`, else the first. Without anybody: the first. */
  choice<T extends string>(message: string, choices: readonly NamedChoice<T>[], byDefault?: T): Promise<T>;
}
