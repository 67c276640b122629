import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';

/** Runs at most `parallel` jobs at once, in the order they came, and starts at most `rate` a second. */
export function createQueue(parallel: number, rate?: number): <T>(job: () => Promise<T>) => Promise<T> {
  const limit = pLimit(Math.max(1, parallel));
  if (rate === undefined) return limit;
  let nextStart = 0;
  return (job) =>
    limit(async () => {
      const start = Math.max(performance.now(), nextStart);
      nextStart = start + 1000 / rate;
      await sleep(start - performance.now());
      return await job();
    });
}
