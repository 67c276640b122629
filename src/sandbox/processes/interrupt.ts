import { setTimeout as sleep } from 'node:timers/promises';
import { InterruptedError } from '../../errors.ts';

export function throwIfInterrupted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw interrupted();
}

/** @throws InterruptedError as soon as the signal is aborted. */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  throwIfInterrupted(signal);
  await sleep(milliseconds, undefined, signal ? { signal } : {}).catch(() => throwIfInterrupted(signal));
}

function interrupted(): InterruptedError {
  return new InterruptedError({
    code: 'interrupted',
    subject: 'sandbox',
    message: 'stopped by a signal; what had been started is stopped again',
  });
}
