import { pathText } from '../recipe/source/place.ts';
import { type Tree, textIn, textsIn, valueIn, withValue } from '../recipe/tree.ts';
import { pagesFor } from './pages/index.ts';
import type { Now, Page, Question, Verdict } from './question.ts';

/** The recipe as it was when the conversation began. */
export interface Before {
  answers: Tree;
  /** Places of the recipe with a mistake, as its reader names them. */
  wrong: string[];
}

function currentOf({ current, path }: Question, answers: Tree): string[] {
  if (current) return current(answers);
  const text = textIn(answers, path);
  return text === undefined ? textsIn(answers, path) : [text];
}

export function answered(question: Question, now: Now, values: string[]): Tree {
  if (question.put) return question.put(now, values);
  return withValue(now.answers, question.path, question.many ? values : values[0]);
}

/** Of a new recipe everything is asked; of an existing one what is missing or wrong. */
export async function isDue(question: Question, page: Page, now: Now, before: Before): Promise<boolean> {
  if (question.applies && !(await question.applies(now))) return false;
  if (isFresh(page, before.answers)) return true;
  if (before.wrong.some((place) => isAt(place, pathText([...question.path], before.answers)))) return true;
  const values = currentOf(question, now.answers);
  if (values.length === 0 && !question.implied) return true;
  const said = values.length > 0 ? values : [question.implied?.(now) ?? ''];
  const verdicts = await Promise.all(said.map((value) => judged(question, value, now, said)));
  return verdicts.some((verdict) => verdict && ('wrong' in verdict || 'warning' in verdict));
}

/** What stands in for an environment variable is known only when the recipe is read. */
export async function judged(question: Question, value: string, now: Now, all: string[]): Promise<Verdict | undefined> {
  const others = all.filter((one) => one !== value);
  return value.includes('${env:') ? undefined : await question.judge?.(value, now, others);
}

export function isAt(place: string, own: string): boolean {
  return place === own || place.startsWith(`${own}.`) || place.startsWith(`${own}[`);
}

/** Nothing on the page was decided yet, nor on those after it: the conversation never came here. */
function isFresh(page: Page, answers: Tree): boolean {
  if (page.role !== undefined && page.role > 0 && valueIn(answers, ['roles', page.role]) === undefined) return true;
  const pages = pagesFor(answers);
  const at = pages.findIndex(({ title }) => title === page.title);
  return pages.slice(at).every(({ questions }) => questions.every((one) => currentOf(one, answers).length === 0));
}
