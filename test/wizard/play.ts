import { type Conversation, type ConversationOptions, converse, keys } from '../servers/conversation.ts';

/** What to wait for, and what to type then. Typing ends with Enter unless it says otherwise. */
export type Move = [shown: string | RegExp, typed?: string];

/** Sign before what Enter takes. */
const cursor = '❯';

/** Enter on what is pointed at. */
export const take = (...choices: string[]): Move[] => choices.map((choice) => [`${cursor} ${choice}`, keys.enter]);

/** Types it, waits until it alone is left to choose, and takes it: before that, Enter would come too early. */
export const type = (shown: string, text: string): Move[] => [
  [shown, text],
  [new RegExp(`[❯>] ${text.replace(/[.*+?^$(){}|[\]\\]/g, '\\$&')}\\s*\\n\\s*\\n`), keys.enter],
];

/** From a question to the one before. */
export const back = (shown: string): Move[] => [
  [shown, '<'],
  [/[❯>] \(back\)\s*\n\s*\n/, keys.enter],
];

const open = new Set<Conversation>();

/** `vaultbind …` in a terminal; killed after the test when it still runs. */
export async function play(file: string, args: string[], moves: Move[], options: ConversationOptions) {
  const talk = converse(file, args, options);
  open.add(talk);
  for (const [shown, typed] of moves) {
    await talk.until(shown);
    if (typed !== undefined) talk.press(typed);
  }
  const exit = await talk.ended;
  open.delete(talk);
  return { exit, screen: talk.screen(), raw: talk.raw() };
}

export function killOpen(): void {
  for (const talk of open) {
    // Only one that hangs is still open.
    process.stderr.write(`${talk.screen().slice(-2500)}\n`);
    talk.kill();
  }
  open.clear();
}
