import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Experiment, question } from '../../src/contracts/experiment.ts';
import { laboratory } from '../../src/proof/laboratory.ts';

/** The law: an experiment has as long as all of its requests, each within --timeout, may take. */
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const taking = (milliseconds: number, requests?: number): Experiment<null, string> => ({
  id: `${milliseconds} ms`,
  title: () => 'something slow',
  cost: 'login',
  access: () => [],
  ...(requests !== undefined && { requests: () => requests }),
  run: () => new Promise((done) => setTimeout(() => done('done'), milliseconds)),
});

it.each<[string, number, number | undefined, boolean]>([
  ['twelve requests that each take nearly all of their time', 11_900, 12, true],
  ['twelve requests, and more time than they have', 12_100, 12, false],
  ['one request that is late', 1_100, 1, false],
  ['by default two requests', 1_900, undefined, true],
])('%s', async (_what, milliseconds, requests, known) => {
  const asked = question(taking(milliseconds, requests), null);
  const nobody = {} as Parameters<typeof laboratory>[0];
  const lab = laboratory(nobody, { deadline: 1_000 });
  const running = lab.run(asked as Parameters<typeof lab.run>[0]);
  await vi.advanceTimersByTimeAsync(20_000);
  await running;
  expect(lab.of(asked)).toMatchObject(known ? { value: 'done' } : { because: { code: 'timeout' } });
});
