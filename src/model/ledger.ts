import { setTimeout as delay } from 'node:timers/promises';
import { codes } from '../codes.ts';
import { InterruptedError } from '../errors.ts';

/**
 * The ledger of a run: everything it makes in Vault for a moment. A thing is entered when its making is sent, not when
 * the answer arrives, and struck out when it is known that it is gone or never was. Every end of the run drains the
 * ledger within bounds and names what may be left.
 *
 * A ServiceAccount's token of TokenRequest is not entered: it is no object that anybody could list or take back, nobody
 * but this process holds it, and it ends after ten minutes.
 */
export interface Ledger {
  /** For what one connection makes; drained before that is closed. */
  page(): LedgerPage;
  /** What is neither known to be gone nor known never to have been. */
  standing(): Left[];
  /** As standing, and remembers what it has told. */
  announce(): Left[];
  /** What was announced and does not stand any more; told once. */
  ended(): Left[];
  /**
   * Nothing new is made; what was asked for is waited for, and all that stands is ended, the youngest page first, since
   * an older one may hold the token that does it. Errors: none; it ends after that many milliseconds at the latest.
   */
  drain(milliseconds: number): Promise<void>;
}

export interface LedgerPage {
  /** To be called before the request goes out. Errors: InterruptedError after a signal, or when the page was drained. */
  enter(made: Made): LedgerEntry;
  /** As Ledger.drain, for this page alone. */
  drain(milliseconds: number): Promise<void>;
}

/** What is asked for. */
export interface Made {
  kind: 'workload token' | 'login token' | 'child token' | 'child policy' | 'scratch mount';
  /** API path: of the login for a token, of the object itself for everything else. */
  at: string;
  /** As whom: `ServiceAccount default/my-sa with role my-role`. '' for the operator. */
  who: string;
  /** How long it lives at most where no answer says it, in words; asked for late, when more may be known. */
  lives(): string;
}

/** What is known of something that may be left. */
export interface Left extends Omit<Made, 'lives'> {
  /** asked: its making was sent. lost: no answer came that rules it out, so it may be there. made: it is there. batch: nobody can end it. */
  state: 'asked' | 'lost' | 'made' | 'batch';
  /** Of a token; '' until it is known. */
  accessor: string;
  /** In words: `591 s`. */
  lives: string;
}

export interface LedgerEntry {
  /** It is there, and `end` ends it: true when it is gone. Absent: there is no way to end it. */
  made(known: { accessor?: string; lives?: string }, end?: () => Promise<boolean>): void;
  /** Whether it was made nobody knows, and no answer will come. */
  lost(): void;
  /** It never was, or it is gone. */
  strike(): void;
  /** Ends it; asked twice, it is ended once. False: it is still there. Errors: none. */
  end(): Promise<boolean>;
}

/** A failure to end a thing may have been the moment's; a second one is told. */
const attempts = 2;

export interface LedgerOptions {
  /** Once aborted nothing new is made. */
  signal: AbortSignal;
  /** Called when the first entry stands; the answer when none does any more. */
  begin(): () => void;
}

export function createLedger({ signal, begin }: LedgerOptions): Ledger {
  const pages: Set<Line>[] = [];
  const closed = new WeakSet<Set<Line>>();
  let release: (() => void) | undefined;
  let announced: Line[] = [];
  const standing = () => pages.flatMap((lines) => [...lines]);
  const drainPage = async (lines: Set<Line>, milliseconds: number) => {
    closed.add(lines);
    await Promise.race([Promise.all([...lines].map((line) => line.settle())), delay(milliseconds, undefined, unref)]);
  };
  return {
    standing: () => standing().map((line) => line.left()),
    announce: () => {
      announced = standing();
      return announced.map((line) => line.left());
    },
    ended: () => {
      const gone = announced.filter((line) => !standing().includes(line));
      announced = announced.filter((line) => !gone.includes(line));
      return gone.map((line) => line.left());
    },
    drain: async (milliseconds) => {
      const until = performance.now() + milliseconds;
      for (const [after, lines] of [...pages.entries()].reverse()) {
        // The older pages must get their turn: the operator's own token is on the first.
        const others = pages.slice(0, after).some((older) => older.size > 0);
        await drainPage(lines, (until - performance.now()) * (others ? 0.6 : 1));
      }
    },
    page: () => {
      const lines = new Set<Line>();
      pages.push(lines);
      return {
        drain: (milliseconds) => drainPage(lines, milliseconds),
        enter: (made) => {
          if (signal.aborted || closed.has(lines)) throw nothingNew(made);
          release ??= begin();
          const line: Line = lineOf(made, () => {
            lines.delete(line);
            if (standing().length > 0) return;
            release?.();
            release = undefined;
          });
          lines.add(line);
          return line;
        },
      };
    },
  };
}

const unref = { ref: false };

interface Line extends LedgerEntry {
  left(): Left;
  /** Waits for the answer to its making, and ends it. */
  settle(): Promise<void>;
}

function lineOf({ lives, ...made }: Made, strike: () => void): Line {
  const { promise: answered, resolve } = deferred();
  let known: Pick<Left, 'state' | 'accessor'> & { lives?: string } = { state: 'asked', accessor: '' };
  let ending: Promise<boolean> | undefined;
  let end: (() => Promise<boolean>) | undefined;
  let tries = 0;
  let gone = false;
  const become = (next: Partial<typeof known>) => {
    known = { ...known, ...next };
    resolve();
  };
  const line: Line = {
    left: () => ({ ...made, ...known, lives: known.lives ?? lives() }),
    made: (facts, how) => {
      end = how;
      become({ ...facts, state: how ? 'made' : 'batch' });
    },
    lost: () => known.state === 'asked' && become({ state: 'lost' }),
    strike: () => {
      gone = true;
      strike();
      resolve();
    },
    end: () => {
      if (ending || gone || !end || tries === attempts) return ending ?? Promise.resolve(gone);
      tries += 1;
      ending = end().then((ended) => {
        ending = undefined;
        if (ended) line.strike();
        return ended;
      });
      return ending;
    },
    settle: async () => {
      await answered;
      while (end && tries < attempts && !(await line.end()));
    },
  };
  return line;
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

function nothingNew({ at }: Made): InterruptedError {
  return new InterruptedError({ code: 'interrupted', subject: at, message: codes.interrupted });
}
