import type { Problem } from '../errors.ts';
import { pathText } from '../recipe/source/place.ts';
import { type Tree, textIn, textsIn, valueIn, withValue } from '../recipe/tree.ts';
import { pagesFor } from './pages/index.ts';
import { isAt } from './places.ts';
import type { Now, Page, Verdict, WizardQuestion } from './question.ts';

/** The recipe as it was when the conversation began. */
export interface Before {
  answers: Tree;
  /** Mistakes of the recipe, as its reader names them. */
  wrong: Problem[];
}

function currentOf({ current, path }: WizardQuestion, answers: Tree): string[] {
  if (current) return current(answers);
  const text = textIn(answers, path);
  return text === undefined ? textsIn(answers, path) : [text];
}

export function answered(question: WizardQuestion, now: Now, values: string[]): Tree {
  if (question.put) return question.put(now, values);
  return withValue(now.answers, question.path, question.many ? values : values[0]);
}

export interface Due {
  /** What is wrong with the answer that the recipe has; absent: it has none. */
  wrong?: string;
}

/** Of a new recipe everything is to be answered; of an existing one what is missing or wrong. */
export async function dueFor(question: WizardQuestion, page: Page, now: Now, before: Before): Promise<Due | undefined> {
  if (question.applies && !(await question.applies(now))) return undefined;
  if (isFresh(page, before.answers)) return {};
  const mistake = before.wrong.find(({ subject }) => mends(question, subject, now, before));
  const values = currentOf(question, now.answers);
  if (mistake) return values.length > 0 ? { wrong: mistake.message } : {};
  if (values.length === 0 && !question.implied) return {};
  const said = values.length > 0 ? values : [question.implied?.(now) ?? ''];
  const verdicts = await Promise.all(
    said.map(async (value) =>
      (await question.left?.(value, now, before.answers)) ? undefined : await judged(question, value, now, said),
    ),
  );
  const bad = verdicts.findIndex((verdict) => verdict && ('wrong' in verdict || 'warning' in verdict));
  const verdict = verdicts[bad];
  if (!verdict || 'note' in verdict) return undefined;
  return values.length > 0 ? { wrong: `${said[bad]}: ${'wrong' in verdict ? verdict.wrong : verdict.warning}` } : {};
}

function mends(question: WizardQuestion, place: string, now: Now, before: Before): boolean {
  if (question.mends) return question.mends(place, now);
  return isAt(place, pathText([...question.path], before.answers));
}

const inList = /^(?:policies\[.*\]\.rules|roles\[.*\]\.token_policies|expect)\[/;

/** Mistakes in one of several rules, names or expectations that no answer is about alone. Nobody there: only flags answer. */
export function byHand(before: Before, now: Now, given: ReadonlyMap<string, string[]>, somebody: boolean): Problem[] {
  const questions = pagesFor(before.answers).flatMap((page) => page.questions);
  const answering = questions.filter(({ flag }) => somebody || given.has(flag));
  return before.wrong
    .filter(({ subject }) => inList.test(subject))
    .filter(({ subject }) => !answering.some((question) => mends(question, subject, now, before)))
    .map((problem) => ({
      ...problem,
      code: 'answer-missing',
      fix: [...(problem.fix ?? []), { why: 'mend it by hand: no answer that was given is about this mistake alone' }],
    }));
}

/** What stands in for an environment variable is known only when the recipe is read. */
export async function judged(
  question: WizardQuestion,
  value: string,
  now: Now,
  all: string[],
): Promise<Verdict | undefined> {
  const others = all.filter((one) => one !== value);
  return value.includes('${env:') ? undefined : await question.judge?.(value, now, others);
}

/** Nothing on the page was decided yet, nor on those after it: the conversation never came here. */
function isFresh(page: Page, answers: Tree): boolean {
  if (page.role !== undefined && page.role > 0 && valueIn(answers, ['roles', page.role]) === undefined) return true;
  const pages = pagesFor(answers);
  const at = pages.findIndex(({ title }) => title === page.title);
  return pages.slice(at).every(({ questions }) => questions.every((one) => currentOf(one, answers).length === 0));
}
