import { createPromptModule } from 'inquirer';
import { InterruptedError } from '../errors.ts';
import type { Io } from '../model/io.ts';
import { wrapped } from '../output/wrap.ts';
import { Secret } from '../secret.ts';
import type { Ask, NamedChoice, Reply } from './ask.ts';
import type { Choice, Offer, Question, Verdict } from './question.ts';
import { choiceThemeOf, type Looks, themeOf } from './theme.ts';

type Prompt = ReturnType<typeof createPromptModule>;
type Judge = (value: string, chosen: string[]) => Promise<Verdict | undefined>;

/** No value looks like these. */
const back = '\u0000back';
const enough = '\u0000enough';

/** A person in a terminal. Questions go to stderr. Errors: InterruptedError on Ctrl-C. */
export function terminal(io: Io, looks: Looks, tell: Ask['tell']): Ask {
  const theme = themeOf(looks);
  const choiceTheme = choiceThemeOf(looks);
  const fitting = (message: string) => wrapped(message, looks.width - 3);
  const search = async (message: string, offer: Offer, judge: Judge, extra: Entry[]): Promise<string> =>
    asked(io, async (prompt) => {
      const source = async (term: string | undefined) =>
        (await entries(offer, judge, extra, term?.trim() ?? '')).map(({ description, ...entry }) => ({
          ...entry,
          ...(description === undefined ? {} : { description: wrapped(description, looks.width) }),
        }));
      const first = offer.default === undefined ? {} : { default: extra[0]?.first ? extra[0].value : offer.default };
      const question = {
        type: 'search' as const,
        name: 'answer',
        message: fitting(message),
        source,
        theme,
        pageSize: 8,
        ...first,
      };
      return String((await prompt([question])).answer);
    });
  return {
    somebody: true,
    tell,
    question: async (question, offer, judge) => {
      tell({ fact: question.why });
      if (offer.note !== undefined) tell({ warning: `nothing to choose from: ${offer.note}` });
      return question.many
        ? await several(question, offer, judge, search)
        : one(await search(question.message, offer, judge, [backEntry]));
    },
    text: async (message, why, byDefault) => {
      tell({ fact: why });
      const initial = byDefault === undefined ? {} : { default: byDefault };
      return await asked(io, async (prompt) => {
        const answers = await prompt([{ type: 'input', name: 'answer', message: fitting(message), theme, ...initial }]);
        return String(answers.answer).trim();
      });
    },
    hidden: async (message, why) => {
      tell({ fact: why });
      return await asked(io, async (prompt) => {
        const answers = await prompt([
          { type: 'password', name: 'answer', message: fitting(message), theme, toggleMask: false },
        ]);
        return new Secret(String(answers.answer));
      });
    },
    choice: async <T extends string>(message: string, choices: readonly NamedChoice<T>[], byDefault?: T) =>
      await asked(io, async (prompt) => {
        const shown = choices.map(({ says, ...one }) => ({
          ...one,
          ...(says === undefined ? {} : { description: wrapped(says, looks.width) }),
        }));
        const initial = byDefault === undefined ? {} : { default: byDefault };
        const question = { type: 'select' as const, name: 'answer', message: fitting(message), choices: shown };
        return (await prompt([{ ...question, theme: choiceTheme, loop: false, ...initial }])).answer as T;
      }),
  };
}

interface Entry {
  value: string;
  name: string;
  short?: string;
  description?: string;
  disabled?: string;
  /** Stands above all others, and Enter takes it. */
  first?: true;
}

/** Typed at any question: the way back, however long the list is. */
const backKey = '<';

const backEntry: Entry = { value: back, name: '(back)' };

function one(value: string): Reply {
  return value === back ? 'back' : { values: [value] };
}

/** One after the other, until it is enough. */
async function several(
  { message }: Question,
  offer: Offer,
  judge: Judge,
  search: (message: string, offer: Offer, judge: Judge, extra: Entry[]) => Promise<string>,
): Promise<Reply> {
  const values: string[] = [];
  for (;;) {
    const left = { ...offer, choices: offer.choices.filter(({ value }) => !values.includes(value)) };
    const done: Entry = { value: enough, name: '(no more)', first: true };
    const extra = values.length > 0 ? [done, backEntry] : [backEntry];
    const answer = await search(
      values.length > 0 ? 'One more?' : message,
      left,
      (value) => judge(value, values),
      extra,
    );
    if (answer === back && values.length > 0) values.pop();
    else if (answer === back) return 'back';
    else if (answer === enough) return { values };
    else if (!values.includes(answer)) values.push(answer);
  }
}

/** What matches what was typed; that itself, where anything may be typed; and the way back while nothing is typed. */
async function entries(
  { choices, open, default: first }: Offer,
  judge: Judge,
  extra: Entry[],
  term: string,
): Promise<Entry[]> {
  if (term === backKey) return extra.filter(({ value }) => value === back);
  const ordered = [...choices].sort((a, b) => Number(b.value === first) - Number(a.value === first));
  const matching = ordered.filter(({ value, label }) =>
    `${value} ${label ?? ''}`.toLowerCase().includes(term.toLowerCase()),
  );
  const typed = open && term !== '' && !choices.some(({ value }) => value === term) ? [{ value: term }] : [];
  const shown = await Promise.all([...matching, ...typed].slice(0, mostShown).map((choice) => entryOf(choice, judge)));
  if (term !== '') return shown;
  return [...extra.filter((entry) => entry.first), ...shown, ...extra.filter((entry) => !entry.first)];
}

/** Each is judged, so a list is not endless: who looks for more types a part of it. */
const mostShown = 50;

async function entryOf({ value, label, says }: Choice, judge: Judge): Promise<Entry> {
  const verdict = await judge(value, []);
  const name = label ?? value;
  if (verdict && 'wrong' in verdict) return { value, name, disabled: `(${verdict.wrong})` };
  const warning = verdict && 'warning' in verdict ? `! ${verdict.warning}` : undefined;
  const note = verdict && 'note' in verdict ? verdict.note : undefined;
  const description = [warning, says, note].filter((text) => text !== undefined).join('; ');
  return {
    value,
    name: warning === undefined ? name : `${name} (!)`,
    short: name,
    ...(description === '' ? {} : { description }),
  };
}

async function asked<T>(io: Io, ask: (prompt: Prompt) => Promise<T>): Promise<T> {
  const { signal } = io;
  const input = io.stdin as NodeJS.ReadStream;
  const output = io.stderr as NodeJS.WriteStream;
  try {
    // A signal may come in the moment before the question takes the keyboard.
    return await ask(createPromptModule({ input, output, signal }));
  } catch (error) {
    if (error instanceof Error && /^(ExitPrompt|AbortPrompt)Error$/.test(error.name)) throw stopped();
    throw error;
  }
}

function stopped(): InterruptedError {
  return new InterruptedError({ code: 'interrupted', subject: '', message: 'stopped; nothing was written' });
}
