import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { VaultProduct } from '../../src/sandbox/servers/vault-options.ts';
import { bundleMain } from '../cli/program.ts';
import { type Conversation, type ConversationOptions, converse, keys } from '../servers/conversation.ts';
import { type Workbench, workbench } from '../servers/workbench.ts';

/** What to wait for, on the screen or elsewhere, and what to type then. */
export type Move = [shown: string | RegExp | Promise<void>, typed?: string];

/** Sign before what Enter takes. */
const cursor = '❯';

/** Enter on what is pointed at. */
export const take = (...choices: string[]): Move[] => choices.map((choice) => [`${cursor} ${choice}`, keys.enter]);

/** Typed and taken at once, as a paste comes. */
export const type = (shown: string, text: string): Move[] => [[shown, `${text}${keys.enter}`]];

/** From a question to the answer before. */
export const back = (shown: string): Move[] => type(shown, '<');

/** The page of all answers, and what is typed there. */
export const atPage = (typed: string): Move => ['Enter: take it', `${typed}${keys.enter}`];

const open = new Set<Conversation>();

/** `vaultbind …` in a terminal, of a program that is bundled for the file's tests; killed when it outlives its test. */
export function terminal() {
  let program: Awaited<ReturnType<typeof bundleMain>>;
  beforeAll(async () => {
    program = await bundleMain();
  });
  afterEach(killOpen);
  afterAll(() => program?.remove());
  return (args: string[], moves: Move[], options: ConversationOptions) => play(program.file, args, moves, options);
}

interface Setting {
  env?: Record<string, string>;
  columns?: number;
  args?: string[];
}

/** `vaultbind init` in a terminal, in the folder of a workbench that each test gets anew. */
export function wizardScene(product: VaultProduct) {
  let bench: Workbench;
  const run = terminal();
  beforeEach(async () => {
    bench = await workbench(product);
    // Beside the bench's own: where there is one alone, nothing is asked.
    await bench.vault('POST', `secret/data/${bench.namespace}/other`, { data: { key: 'value' } });
  });
  afterEach(() => bench?.remove());
  return {
    bench: () => bench,
    init: (moves: Move[], { env = {}, columns = 120, args = [] }: Setting = {}) =>
      run(['init', ...args], moves, { env: { ...bench.env, ...env }, cwd: bench.folder, columns }),
    files: () => readdirSync(bench.folder),
    written: (file: string) => readFileSync(join(bench.folder, file), 'utf8'),
  };
}

async function play(file: string, args: string[], moves: Move[], options: ConversationOptions) {
  const talk = converse(file, args, options);
  open.add(talk);
  for (const [shown, typed] of moves) {
    await (shown instanceof Promise ? shown : talk.until(shown));
    if (typed !== undefined) talk.press(typed);
  }
  const exit = await talk.ended;
  open.delete(talk);
  return { exit, screen: talk.screen(), raw: talk.raw() };
}

function killOpen(): void {
  for (const talk of open) {
    // Only one that hangs is still open.
    process.stderr.write(`${talk.screen().slice(-2500)}\n`);
    talk.kill();
  }
  open.clear();
}

/** What a workbench's names leave to be asked: whose access, and to what. */
export const namesOf = ({ mount, namespace, role, policy }: Workbench): string[] => [
  ...['--mount', mount, '--reviewer', `${namespace}/vault-reviewer`, '--role', role, '--policy', policy],
  ...['--name', 'app'],
];

export const who = ({ namespace }: Workbench): Move[] => type('Which ServiceAccounts log in', `${namespace}/my-sa`);
export const which = ({ secret }: Workbench): Move[] => type('secrets may they', `secret/data/${secret}`);
