import type { Problem } from '../errors.ts';
import { type Tree, valueIn, withValue } from '../recipe/tree.ts';
import type { Ask } from './ask.ts';
import type { GivenAnswers } from './given-answers.ts';
import { pagesFor } from './pages/index.ts';
import type { Now, Offer, Page, SeenFact, Verdict, WizardQuestion } from './question.ts';
import { answered, type Before, byHand, type Due, dueFor, judged } from './still-asked.ts';

export interface Proposing {
  ask: Pick<Ask, 'somebody'>;
  before: Before;
  /** What can be looked up, as the answers stand. */
  facts(answers: Tree): Promise<Now>;
  /** Answers given as flags, by the flag's words. */
  given: ReadonlyMap<string, string[]>;
  said: GivenAnswers;
  /** Ends a look that is under way. */
  interruptible<T>(look: Promise<T>): Promise<T>;
}

/** A question as the answers before it leave it. */
export interface Asked {
  page: Page;
  question: WizardQuestion;
  now: Now;
}

/** One answer, and where it came from. */
export interface Row extends Asked {
  values: string[];
  by: 'said' | 'flag' | 'default';
  /** What there is to say of each value. */
  verdicts: (Verdict | undefined)[];
}

/** All that is to be answered, with what holds unless somebody says otherwise. */
export interface Proposal {
  answers: Tree;
  rows: Row[];
  /** What was found out on the way. */
  facts: SeenFact[];
  /** What nobody decides but a person, in order; `wrong`: why the answer that there is will not do. */
  open: (Asked & { wrong?: string })[];
}

/** Works through all questions. The answers behind an open one are a guess. */
export async function propose(talk: Proposing): Promise<Proposal> {
  const proposal: Proposal = { answers: withRoles(talk), rows: [], facts: [], open: [] };
  for (const page of pagesFor(proposal.answers)) {
    const before = proposal.rows.length + proposal.open.length;
    for (const question of page.questions) {
      const now = await nowOf(talk, proposal.answers);
      const settled = await talk.interruptible(settle(talk, { page, question, now }));
      if (settled === undefined) continue;
      if ('values' in settled) proposal.rows.push(settled);
      else proposal.open.push(settled);
      if ('values' in settled) proposal.answers = answered(question, now, settled.values);
    }
    if (proposal.rows.length + proposal.open.length === before || !page.facts) continue;
    proposal.facts.push(...(await talk.interruptible(page.facts(await nowOf(talk, proposal.answers)))));
  }
  return proposal;
}

function withRoles({ before, said }: Proposing): Tree {
  const { answers } = before;
  const more = Array.from({ length: said.roles() }, () => ({}));
  const roles = valueIn(answers, ['roles']);
  return more.length === 0
    ? answers
    : withValue(answers, ['roles'], [...(Array.isArray(roles) ? roles : [{}]), ...more]);
}

async function nowOf({ facts, before, interruptible }: Proposing, answers: Tree): Promise<Now> {
  return { ...(await interruptible(facts(answers))), wrong: before.wrong.map(({ subject }) => subject) };
}

/** Mistakes of the recipe that no answer is about alone. */
export async function mendedByHand(talk: Proposing): Promise<Problem[]> {
  const { ask, before, given } = talk;
  return before.wrong.length === 0 ? [] : byHand(before, await nowOf(talk, before.answers), given, ask.somebody);
}

/** Undefined: it is not to be answered. */
async function settle(talk: Proposing, asked: Asked): Promise<Row | Proposal['open'][number] | undefined> {
  const { page, question, now } = asked;
  const said = talk.said.of(page, question);
  if (said && (await applies(asked))) return await judgedRow(asked, said, 'said');
  const flagged = page.role ? undefined : talk.given.get(question.flag);
  if (flagged) return await judgedRow(asked, flagged, 'flag');
  const due: Due | undefined = await dueFor(question, page, now, talk.before);
  if (!due) return undefined;
  const { default: value } = await question.offer(now);
  const decided = talk.ask.somebody ? due.wrong === undefined : !question.choose;
  if (value === undefined || !decided) return { ...asked, ...(talk.ask.somebody ? due : {}) };
  return await judgedRow(asked, [value], 'default');
}

const applies = async ({ question, now }: Asked) => (await question.applies?.(now)) ?? true;

async function judgedRow(asked: Asked, values: string[], by: Row['by']) {
  const verdicts = await Promise.all(values.map((one) => judged(asked.question, one, asked.now, values)));
  const wrong = verdicts.flatMap((verdict) => (verdict && 'wrong' in verdict ? [verdict.wrong] : []));
  if (wrong.length > 0) return { ...asked, wrong: `${values.join(',')}: ${wrong.join('; ')}` };
  return { ...asked, values, by, verdicts };
}

/** What there is to choose from, with the answer that there is first, also where it was typed. */
export async function offerOf({ question, now }: Asked, held: string[] = []): Promise<Offer> {
  const offer = await question.offer(now);
  const [first = offer.default] = held;
  const typed = held.filter((one) => !offer.choices.some(({ value }) => value === one));
  const choices = [...typed.map((value) => ({ value })), ...offer.choices];
  return { ...offer, choices, ...(first === undefined ? {} : { default: first }) };
}
