import type { Secret } from '../secret.ts';
import type { Offer, Verdict, WizardQuestion } from './question.ts';

/** Values, or: back to the answer before. */
export type Reply = { values: string[] } | 'back';

/** After all answers were looked at: go on with them, change the one at this place, or else. */
export type Next = 'take' | 'back' | 'role' | { change: number };

/** One answer as it is shown, in words. */
export interface Shown {
  label: string;
  value: string;
  /** What it means. */
  says?: string;
  warning?: string;
}

/** What is told beside the questions. */
export type Told = { fact: string } | { warning: string } | { heading: string; shown: Shown[] };

export interface NamedChoice<T extends string> {
  value: T;
  name: string;
  /** What it means, shown beside it. */
  says?: string;
}

interface Asking {
  tell(told: Told): void;
  /** Undefined: nobody can say. */
  text(message: string, why: string, byDefault: string | undefined): Promise<string | undefined>;
  /** Never shown while typed, and taken as it was typed. Undefined: nobody can say. */
  hidden(message: string, why: string): Promise<Secret | undefined>;
  /** One of these values; Enter alone takes `byDefault`, else the first. Without anybody: the first. */
  choice<T extends string>(message: string, choices: readonly NamedChoice<T>[], byDefault?: T): Promise<T>;
}

/** Defaults and flags answer, and what an error will say need not be told before. */
export interface Nobody extends Asking {
  somebody: false;
}

/** A person in a terminal. */
export interface Person extends Asking {
  somebody: true;
  question(
    question: WizardQuestion,
    offer: Offer,
    judge: (value: string, chosen: string[]) => Promise<Verdict | undefined>,
  ): Promise<Reply>;
  /** All answers at once. @param refused why they cannot be written so; then they cannot be taken */
  page(shown: Shown[], refused: string[]): Promise<Next>;
}

export type Ask = Nobody | Person;
