import { createLedger, type Ledger } from './ledger.ts';

/** What a run has under way, as everything that speaks to a server sees it. */
export interface Work {
  ledger: Ledger;
  /** Aborted when what is under way must end: some time after a signal. What makes or tidies goes on. */
  cut: AbortSignal;
  /** Something is under way that must not just be broken off. Call the answer when it is not any more. */
  begin(): () => void;
}

/** Milliseconds after a signal: what is under way may finish for so long; */
export const workEnds = 2_000;
/** and for so long more what was made is ended. A run that no signal stops tidies as long, or longer for a slow Vault. */
export const tidyingEnds = 10_000;

/** @param begin who must be told of what is under way: the process, which else obeys a signal at once */
export function workUntil(signal: AbortSignal, begin: Work['begin'] = () => () => undefined): Work {
  const cut = new AbortController();
  signal.addEventListener('abort', () => setTimeout(() => cut.abort(), workEnds).unref(), { once: true });
  return { ledger: createLedger({ signal, begin }), cut: cut.signal, begin };
}
