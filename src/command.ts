/** Marks what a shell shall read as more than text. Nothing that comes from a file or a server can have it. */
export const shell: unique symbol = Symbol('shell');

/** A variable of the shell that a command expands. Only these: no name comes from outside. */
export interface Variable {
  [shell]: 'variable';
  name: 'SA_TOKEN' | 'SA_CA_CRT' | 'SA_JWT' | 'ACCESSOR' | 'HOME';
}

/** What another command prints: `"$(…)"`. */
export interface Output {
  [shell]: 'output';
  of: Command;
}

/** A file that holds this text while the command runs: `<(…)`. Not in a POSIX shell; bash, zsh and ksh have it. */
export interface Held {
  [shell]: 'held';
  text: Word;
}

/** Several in a row, without a blank between them. */
export interface Joined {
  [shell]: 'joined';
  parts: readonly Part[];
}

/** `name=value`, with the name as it is: of letters, digits and `_`. */
export interface Pair {
  [shell]: 'pair';
  name: string;
  value: Word;
}

export type Part = string | Variable | Output | Held;

/** One word of a command, whatever is in it. A string is taken as it is. */
export type Word = string | Variable | Output | Held | Joined | Pair;

/** A command to copy. Holds no secret: a `Variable` names it instead. */
export interface Command {
  /** Variables for this command alone. */
  env?: Record<string, Word>;
  argv: readonly [Word, ...Word[]];
  /** What it reads from standard input. Absent: nothing is said of it. '' for nothing at all. */
  stdin?: Word;
  /** Takes what it prints. */
  into?: Command;
  /** A word of ours on it, printed above as a comment. */
  note?: string;
  /** What runs after it, if it went well. */
  and?: Command;
}
