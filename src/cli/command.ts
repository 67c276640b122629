import type { Readable, Writable } from 'node:stream';
import type { Command } from 'commander';
import type { ExitCode } from '../errors.ts';
import type { Work } from '../model/work.ts';

/** The process as a command sees it; tests pass their own. */
export interface Io {
  env: Record<string, string | undefined>;
  /** Folder that relative paths of arguments start from. */
  cwd: string;
  stdin: Readable & { isTTY?: boolean };
  /** The result and nothing else. */
  stdout: Writable & { isTTY?: boolean; columns?: number };
  /** Progress, questions, errors. */
  stderr: Writable & { isTTY?: boolean; columns?: number };
  /** --ci: never ask, as without a terminal. */
  ci?: boolean;
  /** Aborted by the first Ctrl-C, SIGTERM or SIGHUP: finish what is in flight, then stop. */
  signal: AbortSignal;
  /** What is under way, and the ledger of what was made in Vault for this run. */
  work: Work;
}

/** As the process or a test gives it; a run without work of its own gets that which the signal ends. */
export type GivenIo = Omit<Io, 'work'> & Partial<Pick<Io, 'work'>>;

/** What a command file gets: the process, and where to leave its exit code. */
export interface CommandContext {
  io: Io;
  /** Wraps an action so that its result becomes the exit code of this run. */
  action<A extends unknown[]>(run: (...args: A) => Promise<ExitCode>): (...args: A) => Promise<void>;
  /** The program with every command loaded. */
  program(): Promise<Command>;
  /** Another call of the program, for commands that show it at work. */
  run(argv: string[], io: Io): Promise<ExitCode>;
}

/** One file of cli/ exports one of these; it builds its commander command anew for each call of the program. */
export type CommandBuilder = (context: CommandContext) => Command;

/** Is there a person to ask? */
export function canAsk({ ci, stdin, stderr }: Io): boolean {
  return ci !== true && stdin.isTTY === true && stderr.isTTY === true;
}
