import type { Problem } from '../errors.ts';
import type { Tree } from '../recipe/tree.ts';
import { shownOf } from './answer-row.ts';
import type { Ask, Person } from './ask.ts';
import { type Asked, mendedByHand, offerOf, type Proposal, type Proposing, propose } from './proposal.ts';
import type { WizardQuestion } from './question.ts';
import { judged } from './still-asked.ts';

export interface Conversation extends Proposing {
  ask: Ask;
  /** Why the answers as a whole cannot be. */
  refusals(answers: Tree): Problem[];
}

export interface Ended {
  answers: Tree;
  /** back: before the first question. */
  turn: 'on' | 'back';
  /** What nobody could say, or what cannot be, all at once. */
  problems: Problem[];
}

/** What only a person can decide is asked; then all answers are shown, and each can be changed. */
export async function converse(talk: Conversation): Promise<Ended> {
  const { ask } = talk;
  return ask.somebody ? await withPerson(talk, ask) : await alone(talk);
}

/** Everything that is missing or wrong at once. */
async function alone(talk: Conversation): Promise<Ended> {
  const byHand = await mendedByHand(talk);
  const { answers, rows, open } = await propose(talk);
  for (const { values, verdicts } of rows)
    for (const [index, verdict] of verdicts.entries())
      if (verdict && 'warning' in verdict) talk.ask.tell({ warning: `${values[index]}: ${verdict.warning}` });
  const problems = [...byHand, ...open.map(({ question, wrong }) => problemOf(question, wrong))];
  return { answers, turn: 'on', problems: problems.length > 0 ? problems : talk.refusals(answers) };
}

async function withPerson(talk: Conversation, ask: Person): Promise<Ended> {
  const { said } = talk;
  for (const { subject } of await mendedByHand(talk))
    ask.tell({ warning: `${subject}: mend it by hand, no answer is about it alone` });
  const told = new Set<string>();
  for (;;) {
    const proposal = await propose(talk);
    const { answers, rows, open } = proposal;
    tellNews(ask, proposal, told);
    const [first] = open;
    if (first) {
      if (first.wrong !== undefined) ask.tell({ warning: first.wrong });
      if ((await askOne(talk, ask, first)) === 'back' && !said.takeBack())
        return { answers, turn: 'back', problems: [] };
      continue;
    }
    const refused = talk.refusals(answers);
    if (rows.length === 0 || (refused.length === 0 && rows.every(({ by }) => by !== 'default')))
      return { answers, turn: 'on', problems: refused };
    const next = await ask.page(
      await talk.interruptible(Promise.all(rows.map(shownOf))),
      refused.map(({ message }) => message),
    );
    if (next === 'take') return { answers, turn: 'on', problems: refused };
    if (next === 'role') said.oneMoreRole();
    else if (next !== 'back') await change(talk, ask, proposal, next.change);
    else if (!said.takeBack()) return { answers, turn: 'back', problems: [] };
  }
}

/** Each once, however often the answers are worked through. */
function tellNews(ask: Ask, { facts }: Proposal, told: Set<string>): void {
  for (const { text, warning } of facts) {
    if (!told.has(text)) ask.tell(warning ? { warning: text } : { fact: text });
    told.add(text);
  }
}

async function change(talk: Conversation, ask: Person, { rows }: Proposal, at: number): Promise<void> {
  const row = rows[at];
  if (row) await askOne(talk, ask, row, row.values);
}

async function askOne(talk: Conversation, ask: Person, asked: Asked, held?: string[]): Promise<'said' | 'back'> {
  const { page, question, now } = asked;
  const offer = await talk.interruptible(offerOf(asked, held));
  const reply = await ask.question(question, offer, (value, chosen) =>
    judged(question, value, now, [...chosen, value]),
  );
  if (reply === 'back') return 'back';
  talk.said.say(page, question, reply.values);
  return 'said';
}

const flagName = ({ flag }: WizardQuestion) => flag.split(' ')[0] ?? flag;

function problemOf(question: WizardQuestion, wrong: string | undefined): Problem {
  if (wrong === undefined) return openQuestion(question);
  return { code: 'usage', subject: flagName(question), message: `${flagName(question)} ${wrong}` };
}

export function openQuestion(question: WizardQuestion): Problem {
  return {
    code: 'answer-missing',
    subject: flagName(question),
    message: `${question.message.replace(/\?$/, '')}: nobody is there to say`,
    fix: [{ why: `say it with ${question.flag}` }],
  };
}
