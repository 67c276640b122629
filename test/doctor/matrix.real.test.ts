import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { reportOf, runCli } from '../servers/cli.ts';
import { products } from '../servers/servers.ts';
import { type Bench, healthy } from './bench.ts';
import { type Call, expectedOf, type Fault } from './fault.ts';
import { faults } from './faults.ts';
import { pairs } from './pairs.ts';
import { type Surroundings, startSurroundings } from './surroundings.ts';
import { type Answers, keep } from './table.ts';
import { variants } from './variants.ts';

let around: Surroundings;
const answers: Answers = new Map();
let wrong = false;

beforeAll(async () => {
  around = await startSurroundings();
});

afterAll(async () => {
  await around?.stop();
  await keep(answers, !wrong);
});

describe.each(products)('%s', (product) => {
  const on = <T extends Pick<Fault, 'only'>>(all: T[]) => all.filter(({ only = product }) => only === product);

  it.concurrent.each(on(faults))('one thing is broken: $id', (fault) =>
    withBench(product, fault, async (bench) => {
      const found = await examined(bench, await broken(fault, bench));
      answers.set(`${fault.id} ${product}`, { said: found.causes[0] ?? 'nothing', milliseconds: found.milliseconds });
      const { cause, certainty, subject = /./ } = expectedOf(fault, product);
      expect(found.causes[0], found.words).toBe(`${cause} ${certainty}`);
      expect(found.report.causes[0]?.subject).toMatch(subject);
      expect(found.report.exit).not.toBe(0);
    }),
  );

  it.concurrent.each(pairs)('two things are broken: $first.id and $second.id', ({ first, second, told, next }) =>
    withBench(product, first, async (bench) => {
      await broken(first, bench);
      await broken(second, bench);
      const both = await examined(bench);
      answers.set(`${first.id} + ${second.id} ${product}`, { said: both.causes.join(', '), ...both });
      expect(both.report.causes.map(({ cause }) => cause).slice(0, told.length), both.words).toEqual(told);
      if (!first.mend) throw new Error(`${first.id} cannot be mended`);
      await first.mend(bench, around);
      const left = await examined(bench);
      const named = left.report.causes.map(({ cause }) => cause);
      expect(named[0], left.words).toBe(next);
      const mended = expectedOf(first, product).cause;
      if (mended !== next) expect(named, 'the first is gone').not.toContain(mended);
    }),
  );

  it.concurrent.each(on(variants))('nothing is broken: $id', (variant) =>
    withBench(product, variant, async (bench) => {
      const found = await examined(bench, await broken(variant, bench));
      answers.set(`${variant.id} ${product}`, { said: found.causes[0] ?? 'nothing', milliseconds: found.milliseconds });
      expect(found.report.causes, found.words).toEqual([]);
      expect(found.report.exit, found.words).toBe(0);
    }),
  );
});

/** What is to be cleaned away after a test, by its bench. */
const leftovers = new WeakMap<Bench, (() => Promise<unknown>)[]>();

async function withBench(
  product: Bench['product'],
  { recipe }: Pick<Fault, 'recipe'>,
  test: (bench: Bench) => Promise<void>,
): Promise<void> {
  const bench = await healthy(product, recipe);
  const after: (() => Promise<unknown>)[] = [];
  leftovers.set(bench, after);
  try {
    await test(bench);
  } catch (error) {
    wrong = true;
    throw error;
  } finally {
    for (const each of after) await each();
    await bench.remove();
  }
}

async function broken(fault: Partial<Pick<Fault, 'break'>>, bench: Bench): Promise<Call> {
  const call = ((await fault.break?.(bench, around)) ?? {}) as Call;
  if (call.after) leftovers.get(bench)?.push(call.after);
  return call;
}

interface Found {
  report: Report & { exit: number };
  /** `cause certainty`, best first. */
  causes: string[];
  /** Shown when a test fails. */
  words: string;
  milliseconds: number;
}

async function examined(bench: Bench, { args = ['-f', 'recipe.yaml'], env = {} }: Call = {}): Promise<Found> {
  const started = performance.now();
  const settings = { env: { ...bench.env, ...env }, cwd: bench.folder };
  const result = await runCli(['doctor', ...args, '-o', 'json'], settings);
  const report = { ...reportOf(result), exit: result.exit };
  return {
    report,
    causes: report.causes.map(({ cause, certainty }) => `${cause} ${certainty}`),
    words: JSON.stringify(report.causes, null, 1),
    milliseconds: Math.round(performance.now() - started),
  };
}
