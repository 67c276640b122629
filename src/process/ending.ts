import { setTimeout as delay } from 'node:timers/promises';
import type { Ledger } from '../model/ledger.ts';
import { endedInWords, endingOf, leftInWords, standingInWords } from '../model/left-in-words.ts';
import { boundToRun, inWords } from '../model/printed.ts';
import { tidyingEnds, type Work, workEnds, workUntil } from '../model/work.ts';

/** What of the process its end takes. */
export interface EndedProcess {
  /** Calls `heard` for SIGINT, SIGTERM and SIGHUP instead of their default action, until the answer is called. */
  listen(heard: () => void): () => void;
  /** Onto stderr, at once: what follows may be SIGKILL. */
  say(text: string): void;
  exit(code: 130): void;
}

/** Milliseconds from a second signal to the end, of which the last are for telling. */
const second = 700;
/** For a run that has nothing under way any more and does not end, as at a question; it may still be writing its report. */
const grace = 500;

/**
 * How signals end a run. While nothing is under way and nothing stands in Vault they keep their default action: they end
 * the process whatever it computes. Else the first stops what has not begun, what is under way may finish for two
 * seconds, and what was made is ended within ten more; the second tells what is left and ends within one.
 */
export function createEnding(ended: EndedProcess): { signal: AbortSignal; work: Work } {
  const stop = new AbortController();
  let underWay = 0;
  let signals = 0;
  let deafen: (() => void) | undefined;
  const leave = (told: Ledger) => {
    ended.say(leftText(told));
    ended.exit(130);
  };
  const heard = () => {
    const { ledger } = work;
    signals += 1;
    if (signals === 1) {
      ended.say(`\nstopping: what is in flight finishes (again to stop at once)\n${standingText(ledger)}`);
      stop.abort();
      void tidy(ledger, () => underWay > 0).then(() => leave(ledger));
    } else if (signals === 2) {
      ended.say(`\nstopping at once: what was made in Vault is ended, as far as that is done in a second\n`);
      void ledger.drain(second).then(() => leave(ledger));
    } else leave(ledger);
  };
  const begin = () => {
    underWay += 1;
    deafen ??= ended.listen(boundToRun(heard));
    let over = false;
    return () => {
      if (over) return;
      over = true;
      underWay -= 1;
      if (underWay > 0) return;
      deafen?.();
      deafen = undefined;
    };
  };
  const work = workUntil(stop.signal, begin);
  return { signal: stop.signal, work };
}

/** For a run that does not come to its end by itself. */
async function tidy(ledger: Ledger, isBusy: () => boolean): Promise<void> {
  const until = performance.now() + workEnds + tidyingEnds;
  await delay(workEnds);
  await ledger.drain(until - performance.now());
  do await delay(grace);
  while (isBusy() && performance.now() < until);
}

/** One line for each that was to be ended and is, and for each that may be left. */
export function leftText(ledger: Ledger): string {
  const ended = ledger.ended().map((left) => `ended: ${endedInWords(left)}\n`);
  const left = ledger.standing().map((one) => {
    const ending = endingOf(one);
    return `warning: ${leftInWords(one)}${ending?.command ? `; ${ending.why}: ${inWords(ending.command)}` : ''}\n`;
  });
  return [...ended, ...left].join('');
}

function standingText(ledger: Ledger): string {
  return ledger
    .announce()
    .map((left) => `to be ended: ${standingInWords(left)}\n`)
    .join('');
}
