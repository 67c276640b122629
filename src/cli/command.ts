import type { Command } from 'commander';
import type { ExitCode } from '../errors.ts';
import type { Io } from '../model/io.ts';

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
