import { stripVTControlCharacters } from 'node:util';
import { spawn } from '@lydell/node-pty';

export interface Conversation {
  /** Until this stands on the screen, after all that was waited for before. Fails when the program ends first. */
  until(text: string | RegExp): Promise<void>;
  press(keys: string): void;
  /** Without control sequences. */
  screen(): string;
  /** As it came. */
  raw(): string;
  ended: Promise<number>;
  kill(): void;
}

export interface ConversationOptions {
  env: Record<string, string>;
  cwd: string;
  columns?: number;
}

export const keys = { enter: '\r', down: '\u001b[B', up: '\u001b[A', interrupt: '\u0003' };

/** A script of ours in a terminal of its own, talked to as a person would: look, then type. */
export function converse(file: string, args: string[], options: ConversationOptions): Conversation {
  return converseWith(process.execPath, [file, ...args], options);
}

/** The same with any program. */
export function converseWith(program: string, args: string[], options: ConversationOptions): Conversation {
  const { env, cwd, columns = 120 } = options;
  const terminal = spawn(program, args, {
    cwd,
    env: { TERM: 'xterm-256color', LANG: 'C.UTF-8', ...env },
    cols: columns,
    rows: 200,
  });
  let raw = '';
  let seen = 0;
  let over = false;
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const one of waiting) one();
  };
  terminal.onData((data) => {
    raw += data;
    wake();
  });
  const ended = new Promise<number>((done) => {
    terminal.onExit(({ exitCode }) => {
      over = true;
      wake();
      done(exitCode);
    });
  });
  const screen = () => stripVTControlCharacters(raw).replaceAll('\r', '');
  return {
    until: (text) =>
      new Promise((done, fail) => {
        const look = () => {
          const now = screen();
          const found = typeof text === 'string' ? now.indexOf(text, seen) : searchFrom(now, text, seen);
          if (found === -1 && !over) return;
          waiting.delete(look);
          if (found === -1) fail(new Error(`the program ended without showing ${text}:\n${now.slice(-3000)}`));
          else seen = found + (typeof text === 'string' ? text.length : 1);
          done();
        };
        waiting.add(look);
        look();
      }),
    press: (typed) => terminal.write(typed),
    screen,
    raw: () => raw,
    ended,
    kill: () => {
      if (!over) terminal.kill('SIGKILL');
    },
  };
}

function searchFrom(text: string, pattern: RegExp, from: number): number {
  const at = text.slice(from).search(pattern);
  return at === -1 ? -1 : at + from;
}
