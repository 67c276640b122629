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

/** The pages after the connection one by one, with a workbench's names. */
export const pagesOf = ({ mount, namespace, role, secret, policy }: Workbench): Record<string, Move[]> => ({
  cluster: take('sandbox', 'https://', 'go on'),
  auth: [
    ...type('mount path shall', mount),
    ...take('token_secret'),
    ...type('Which ServiceAccount reviews', `${namespace}/vault-reviewer`),
    ...take('go on'),
  ],
  accounts: [
    ...type('Which ServiceAccounts log in', `${namespace}/my-sa`),
    ...take('(no more)'),
    ...type('role called', role),
    ...take('vault', '1h', 'go on'),
  ],
  secrets: [
    ...type('secrets may they', `secret/data/${secret}`),
    ...take('(no more)', 'read'),
    ...type('policy called', policy),
    ...take('go on'),
  ],
  expect: take('access', 'none', 'go on'),
  recipe: [...type('binding called', 'app'), ...take('yes', 'app.yaml', 'go on')],
});
