import type { Problem } from '../errors.ts';
import { type Tree, valueIn, withValue } from '../recipe/tree.ts';
import type { Ask, Turn } from './ask.ts';
import { pagesFor } from './pages/index.ts';
import type { Now, Page, Question, Verdict } from './question.ts';
import { type Step, stepBack } from './refused.ts';
import { answered, type Before, byHand, isDue, judged } from './still-asked.ts';

export interface Conversation {
  ask: Ask;
  before: Before;
  /** What can be looked up, as the answers stand. */
  facts(answers: Tree): Promise<Now>;
  /** Answers given as flags, by the flag's words. */
  given: ReadonlyMap<string, string[]>;
  /** Why the answers as a whole cannot be. */
  refusals(answers: Tree, left: string[]): Problem[];
  /** Ends a look that is under way. */
  interruptible<T>(look: Promise<T>): Promise<T>;
}

export interface Ended {
  answers: Tree;
  /** back: before the first question; stop: here, and the rest later. */
  turn: 'on' | 'back' | 'stop';
  /** What nobody could say, or what cannot be, all at once. */
  problems: Problem[];
  /** Titles of the pages that were not come to. */
  left: string[];
  /** Flags of the questions that a person answered in this run; all else stood in the recipe, or is a default. */
  said: ReadonlySet<string>;
}

/** Page by page. Each answer can be taken back. */
export async function converse(talk: Conversation): Promise<Ended> {
  const trail: Step[] = [];
  const problems = await mendedByHand(talk);
  let at: Step = { page: 0, question: 0, answers: talk.before.answers };
  for (;;) {
    const pages = pagesFor(at.answers);
    const page = pages[at.page];
    const { turn, answers } = page
      ? await walk(talk, page, pages.length, at, trail, problems)
      : { turn: 'on' as const, answers: at.answers };
    if (!page || turn === 'stop') {
      const left = pages.slice(at.page + 1).map(({ title }) => title);
      const refused = problems.length > 0 ? [] : talk.refusals(answers, left);
      const again = refused.length > 0 ? await stepBack(talk.ask, answers, trail, refused) : undefined;
      const said = saidIn(talk, answers, trail);
      if (!again) return { answers, turn: page ? 'stop' : 'on', problems: [...problems, ...refused], left, said };
      at = again;
    } else if (turn === 'back') {
      const before = trail.pop();
      if (!before) return { answers, turn, problems, left: [], said: new Set() };
      at = before;
    } else at = { page: at.page + 1, question: 0, answers: turn === 'another' ? oneMoreRole(answers) : answers };
  }
}

/** In a conversation it is said; without one it is all that can be done. */
async function mendedByHand({ ask, before, facts, given, interruptible }: Conversation): Promise<Problem[]> {
  if (before.wrong.length === 0) return [];
  const problems = byHand(before, withWrong(await interruptible(facts(before.answers)), before), given, ask.somebody);
  if (!ask.somebody) return problems;
  for (const { subject } of problems) ask.tell({ warning: `${subject}: mend it by hand, no answer is about it alone` });
  return [];
}

const withWrong = (now: Now, { wrong }: Before): Now => ({ ...now, wrong: wrong.map(({ subject }) => subject) });

function saidIn({ ask, given }: Conversation, answers: Tree, trail: Step[]): Set<string> {
  const pages = pagesFor(answers);
  const asked = trail.flatMap(({ page, question }) => pages[page]?.questions[question]?.flag ?? []);
  return new Set([...given.keys(), ...(ask.somebody ? asked : [])]);
}

function oneMoreRole(answers: Tree): Tree {
  const roles = valueIn(answers, ['roles']);
  return withValue(answers, ['roles', Array.isArray(roles) ? roles.length : 0], {});
}

/** The questions of one page from one on; then what came of it, and where to. */
async function walk(
  talk: Conversation,
  page: Page,
  of: number,
  start: Step,
  trail: Step[],
  problems: Problem[],
): Promise<{ turn: Turn; answers: Tree }> {
  const { ask, facts, interruptible } = talk;
  let { answers } = start;
  let titled = false;
  const title = () => {
    if (!titled) ask.tell({ page: page.title, number: start.page + 2, of: of + 1 });
    titled = true;
  };
  for (const [index, question] of page.questions.entries()) {
    if (index < start.question) continue;
    const now = withWrong(await interruptible(facts(answers)), talk.before);
    const settled = await settle(talk, page, question, now, title);
    if (settled === undefined) continue;
    if (settled === 'back') return { turn: 'back', answers };
    if ('problem' in settled) problems.push(settled.problem);
    else {
      if (settled.asked) trail.push({ page: start.page, question: index, answers });
      answers = answered(question, now, settled.values);
    }
  }
  if (!titled) return { turn: 'on', answers };
  const now = await interruptible(facts(answers));
  for (const { text, warning } of await interruptible(page.facts?.(now) ?? Promise.resolve([])))
    ask.tell(warning ? { warning: text } : { fact: text });
  return { turn: await ask.choice('And now?', turnsAfter(page, answers)), answers };
}

function turnsAfter(page: Page, answers: Tree): { value: Turn; name: string }[] {
  const roles = valueIn(answers, ['roles']);
  const isLast = page.last && page.role === (Array.isArray(roles) ? roles.length - 1 : 0);
  return [
    { value: 'on', name: 'go on' },
    ...(isLast ? [{ value: 'another' as const, name: 'go on with one more role' }] : []),
    { value: 'back', name: 'back' },
    { value: 'stop', name: 'stop here, and write what there is' },
  ];
}

type Settled = { values: string[]; asked: boolean } | { problem: Problem } | 'back' | undefined;

/** Undefined: it was not to be asked. */
async function settle(
  talk: Conversation,
  page: Page,
  question: Question,
  now: Now,
  title: () => void,
): Promise<Settled> {
  const { ask, given, before, interruptible } = talk;
  const judge = (value: string, all: string[]) => judged(question, value, now, all);
  const flagged = page.role ? undefined : given.get(question.flag);
  if (flagged) {
    const verdicts = await interruptible(Promise.all(flagged.map((one) => judge(one, flagged))));
    const wrong = verdicts.flatMap((verdict) => (verdict && 'wrong' in verdict ? [verdict.wrong] : []));
    if (wrong.length === 0) {
      warn(ask, flagged, verdicts);
      return { values: flagged, asked: false };
    }
    return { problem: mistake(question, flagged.join(','), wrong.join('; ')) };
  }
  if (!(await interruptible(isDue(question, page, now, before)))) return undefined;
  title();
  const offer = await interruptible(Promise.resolve(question.offer(now)));
  const reply = await ask.question(question, offer, judge);
  if (reply === 'back') return 'back';
  if (reply === 'unknown') return { problem: openQuestion(question) };
  const verdicts = await interruptible(Promise.all(reply.values.map((one) => judge(one, reply.values))));
  const wrong = verdicts.flatMap((verdict) => (verdict && 'wrong' in verdict ? [verdict.wrong] : []));
  if (wrong.length > 0) return { problem: mistake(question, reply.values.join(','), wrong.join('; ')) };
  warn(ask, reply.values, verdicts);
  return { values: reply.values, asked: true };
}

function warn(ask: Ask, values: string[], verdicts: (Verdict | undefined)[]): void {
  for (const [index, verdict] of verdicts.entries())
    if (verdict && 'warning' in verdict) ask.tell({ warning: `${values[index]}: ${verdict.warning}` });
}

const flagName = ({ flag }: Question) => flag.split(' ')[0] ?? flag;

function mistake(question: Question, value: string, wrong: string): Problem {
  return { code: 'usage', subject: flagName(question), message: `${flagName(question)} ${value}: ${wrong}` };
}

export function openQuestion(question: Question): Problem {
  return {
    code: 'answer-missing',
    subject: flagName(question),
    message: `${question.message.replace(/\?$/, '')}: nobody is there to say`,
    fix: [{ why: `say it with ${question.flag}` }],
  };
}
