/** Runs at most `parallel` jobs at once, in the order they came. */
export function createQueue(parallel: number): <T>(job: () => Promise<T>) => Promise<T> {
  let free = Math.max(1, parallel);
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
  return async (job) => {
    await enter();
    try {
      return await job();
    } finally {
      leave();
    }
  };
}
