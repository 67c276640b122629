import type { Readable, Writable } from 'node:stream';
import type { Environment } from './environment.ts';
import type { Work } from './work.ts';

/** The process as a command sees it; tests pass their own. */
export interface Io {
  env: Environment;
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
  /** When the run began, by performance.now(). Absent: how long it took is not told. */
  started?: number;
  /** What is under way, and the ledger of what was made in Vault for this run. */
  work: Work;
}

/** As the process or a test gives it; a run without work of its own gets that which the signal ends. */
export type GivenIo = Omit<Io, 'work'> & Partial<Pick<Io, 'work'>>;

/** May a line on stderr be drawn again? A dumb terminal shows what would move the cursor. */
export function canRedraw({ env, stderr }: Pick<Io, 'env' | 'stderr'>): boolean {
  return stderr.isTTY === true && env['TERM'] !== 'dumb';
}

/** Is there a person to ask? */
export function canAsk({ ci, stdin, stderr }: Io): boolean {
  return ci !== true && stdin.isTTY === true && stderr.isTTY === true;
}
