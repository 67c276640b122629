import { setTimeout as sleep } from 'node:timers/promises';
import { TransportError } from './transport.ts';

/** The time one request has, with all its retries. */
export interface Deadline {
  signal: AbortSignal;
  /** Milliseconds. */
  left(): number;
  /** False when it was cut short. */
  sleep(milliseconds: number): Promise<boolean>;
  /** The time is no longer limited; only the caller's signal still ends it. */
  headersArrived(): void;
  /** Why the signal fired, if it did. */
  reason(): TransportError | undefined;
  /** Ends what is still open, without a reason. */
  cut(): void;
  /** No more limits; what is open stays open. */
  end(): void;
}

/** `outer` ends it before its time. */
export function startDeadline(milliseconds: number, outer: AbortSignal | undefined): Deadline {
  const started = performance.now();
  const controller = new AbortController();
  let reason: TransportError | undefined;
  const stop = (kind: TransportError['kind'], detail: string) => {
    reason ??= new TransportError(kind, detail);
    controller.abort(reason);
  };
  const late = () => stop('timeout', `no answer within ${milliseconds / 1000} s`);
  const stopWaiting = after(milliseconds, late);
  const interrupted = () => stop('aborted', 'interrupted');
  if (outer?.aborted) interrupted();
  outer?.addEventListener('abort', interrupted);
  return {
    signal: controller.signal,
    left: () => milliseconds - (performance.now() - started),
    sleep: (wait) => sleep(wait, true, { signal: controller.signal }).catch(() => false),
    headersArrived: stopWaiting,
    reason: () => reason,
    cut: () => controller.abort(),
    end: () => {
      stopWaiting();
      outer?.removeEventListener('abort', interrupted);
    },
  };
}

const parts = 10;

/**
 * Calls `late` after so much time in which this process could have heard an answer: a stretch in which it was busy itself,
 * with ten thousand roles say, counts as one part of ten. Returns what ends the waiting.
 */
export function after(milliseconds: number, late: () => void): () => void {
  let passed = 0;
  const timer = setInterval(() => {
    passed += 1;
    if (passed < parts) return;
    clearInterval(timer);
    late();
  }, milliseconds / parts);
  return () => clearInterval(timer);
}
