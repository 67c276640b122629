import type { Page, WizardQuestion } from './question.ts';

/** What a person said, one after the other, so that each can be taken back. */
export interface GivenAnswers {
  /** Of the question on this page; undefined: not said. */
  of(page: Page, question: WizardQuestion): string[] | undefined;
  say(page: Page, question: WizardQuestion, values: string[]): void;
  oneMoreRole(): void;
  /** Takes the last back. False: there is nothing. */
  takeBack(): boolean;
  /** Roles beside those of the recipe. */
  roles(): number;
  /** By the flag's words, as far as flags can say it again: they are about the first role. */
  flags(): Map<string, string[]>;
}

type Word = 'role' | { flag: string; role: number; values: string[] };

export function createGivenAnswers(): GivenAnswers {
  const words: Word[] = [];
  const answers = () => words.filter((word) => word !== 'role');
  return {
    of: (page, { flag }) => answers().findLast((one) => one.flag === flag && one.role === (page.role ?? 0))?.values,
    say: (page, { flag }, values) => void words.push({ flag, role: page.role ?? 0, values }),
    oneMoreRole: () => void words.push('role'),
    takeBack: () => words.pop() !== undefined,
    roles: () => words.length - answers().length,
    flags: () => new Map(answers().flatMap(({ flag, role, values }) => (role === 0 ? [[flag, values]] : []))),
  };
}
