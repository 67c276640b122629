import { createPromptModule } from 'inquirer';
import type { Io } from '../model/io.ts';
import { wordWrapped } from '../output/layout/wrap.ts';
import { Secret } from '../secret.ts';
import type { Next, Person } from './ask.ts';
import { entriesOf } from './entries.ts';
import { atKeyboard } from './keyboard.ts';
import { pick } from './pick.ts';
import { back } from './picking.ts';
import { type Looks, themeOf } from './theme.ts';

type Prompt = ReturnType<typeof createPromptModule>;

/** A person in a terminal. Questions go to stderr. Errors: InterruptedError on Ctrl-C. */
export function terminal(io: Io, looks: Looks, tell: Person['tell']): Person {
  const theme = themeOf(looks);
  const fitting = (message: string) => wordWrapped(message, looks.width - 3);
  const typed = async (message: string, more: { default?: string; validate?: (answer: string) => true | string }) =>
    await asked(io, async (prompt) => {
      const answers = await prompt([{ type: 'input', name: 'answer', message: fitting(message), theme, ...more }]);
      return String(answers.answer).trim();
    });
  return {
    somebody: true,
    tell,
    question: async ({ why, message, many }, offer, judge) => {
      tell({ fact: why });
      if (offer.note !== undefined) tell({ warning: `nothing to choose from: ${offer.note}` });
      const values = await picked(io, {
        ...{ message, looks, typing: true, many: many === true, total: offer.choices.length },
        ...(offer.default === undefined ? {} : { default: offer.default }),
        entries: async (term, chosen) => await entriesOf(offer, (value) => judge(value, chosen), term.trim(), chosen),
      });
      return values[0] === back ? 'back' : { values };
    },
    page: async (shown, refused) => {
      tell({ heading: 'This is what I would do', shown });
      for (const one of refused) tell({ warning: one });
      const bad = refused.length > 0;
      const way = bad ? 'It cannot be written so.' : 'Enter: take it.';
      const message = `${way} A number: change that answer. +: one more role. <: back`;
      const next = (text: string) => nextOf(text.trim(), shown.length, bad);
      const only = bad
        ? 'Enter alone takes it not: a number of the list, + or <'
        : 'Enter, a number of the list, + or <';
      return next(await typed(message, { validate: (text) => next(text) !== undefined || only })) ?? 'take';
    },
    text: async (message, why, byDefault) => {
      tell({ fact: why });
      return await typed(message, byDefault === undefined ? {} : { default: byDefault });
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
    choice: async (message, choices, byDefault = choices[0]?.value) => {
      const values = await picked(io, {
        ...{ message, looks, total: choices.length },
        ...(byDefault === undefined ? {} : { default: byDefault }),
        entries: async () => [...choices],
      });
      const chosen = choices.find(({ value }) => value === values[0]);
      if (!chosen) throw new Error('bug: an answer that was not to choose');
      return chosen.value;
    },
  };
}

/** Undefined: it means nothing. */
export function nextOf(text: string, rows: number, refused: boolean): Next | undefined {
  if (text === '') return refused ? undefined : 'take';
  if (text === '+') return 'role';
  if (text === '<') return 'back';
  const number = /^\d+$/.test(text) ? Number(text) : 0;
  return number >= 1 && number <= rows ? { change: number - 1 } : undefined;
}

const stopped = 'stopped; nothing was written';

async function picked(io: Io, config: Parameters<typeof pick>[0]): Promise<string[]> {
  return await atKeyboard(io, stopped, (keyboard) => pick(config, keyboard));
}

async function asked<T>(io: Io, ask: (prompt: Prompt) => Promise<T>): Promise<T> {
  return await atKeyboard(io, stopped, (keyboard) => ask(createPromptModule(keyboard)));
}
