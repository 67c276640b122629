import { setTimeout as sleep } from 'node:timers/promises';

/** Runs at most `parallel` jobs at once, in the order they came, and starts at most `rate` a second. */
export function createQueue(parallel: number, rate?: number): <T>(job: () => Promise<T>) => Promise<T> {
  let free = Math.max(1, parallel);
  let nextStart = 0;
  const waiting: (() => void)[] = [];
  const enter = () => {
    if (free > 0) {
      free--;
      return undefined;
    }
    return new Promise<void>((resolve) => waiting.push(resolve));
  };
  const leave = () => {
    const next = waiting.shift();
    if (next) next();
    else free++;
  };
  const pace = async () => {
    if (rate === undefined) return;
    const start = Math.max(performance.now(), nextStart);
    nextStart = start + 1000 / rate;
    await sleep(start - performance.now());
  };
  return async (job) => {
    await enter();
    try {
      await pace();
      return await job();
    } finally {
      leave();
    }
  };
}
