import type { Code, exits } from './codes.ts';
import type { Command } from './command.ts';

/** Where in a recipe something was said. Line and column count from 1. */
export interface Position {
  /** As the user gave it to `-f`, or the path of a file the recipe names. */
  file: string;
  line: number;
  column: number;
}

/** One way out. */
export interface Fix {
  /** What the command achieves, or whom to ask for what when no command helps. One sentence. */
  why: string;
  /** To copy into a shell. Made by the builders of model/commands.ts; its text stands in reports, quoted there. */
  command?: Command;
}

/** What an experiment tried and what came back, in words fit to show. Scrubbed. */
export interface Evidence {
  experiment: string;
  said: string;
}

/** The strongest of several is chosen by `strongest`. */
export type ExitCode = keyof typeof exits;

const byStrength: ExitCode[] = [70, 130, 3, 4, 1, 74, 2, 0];

export function strongest(...codes: ExitCode[]): ExitCode {
  return byStrength.find((code) => codes.includes(code)) ?? 0;
}

/** What is the case; the report's finding is made of it. */
export interface Problem {
  code: Code;
  /** The object by its address, e.g. `auth/kube-policy/config` or `ServiceAccount default/my-sa`. '' when there is none. */
  subject: string;
  /** What is the case, one sentence. Never holds a secret. */
  message: string;
  fix?: Fix[];
  evidence?: Evidence[];
  at?: Position;
  /** No mistake by itself, told beside those that are. Default: a mistake. */
  severity?: 'warning';
}

/**
 * Everything vaultbind refuses or cannot do. Foreign errors become one of these at the gateway that understands
 * them (vault/errors.ts, kubernetes/errors.ts), so the top needs only `instanceof`.
 * `problems` holds all that is wrong at once; there is at least one.
 */
export abstract class VaultbindError extends Error {
  abstract readonly exit: ExitCode;
  readonly problems: Problem[];

  constructor(...problems: Problem[]) {
    super(problems.map((problem) => problem.message).join('\n'));
    this.name = new.target.name;
    this.problems = problems;
  }

  /** Throws all that is wrong at once, when anything is. */
  static throwAny(this: new (...problems: Problem[]) => VaultbindError, problems: readonly Problem[]): void {
    if (problems.length > 0) throw new this(...problems);
  }

  get code(): Code | undefined {
    return this.problems[0]?.code;
  }
}

/** Arguments, recipe, missing context or token, no terminal and no --yes. */
export class InputError extends VaultbindError {
  readonly exit = 3;
}

/** A system does not answer, or refuses the operator. */
export class SystemError extends VaultbindError {
  readonly exit = 4;
}

/** The login went through, and what was asked with its token was not answered: it says nothing about the login. */
export class AfterLoginError extends SystemError {}

/** The systems answered, and the answer is that it is not so: blocked, failed, stale. */
export class FailedError extends VaultbindError {
  readonly exit = 1;
}

/** Ctrl-C, SIGTERM, SIGHUP or "no" at the question. */
export class InterruptedError extends VaultbindError {
  readonly exit = 130;
}

/** Something that cannot happen did: the message holds the scrubbed stack. */
export class BugError extends VaultbindError {
  readonly exit = 70;
}
