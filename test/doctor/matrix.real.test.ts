import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isCause } from '../../src/codes.ts';
import type { Report } from '../../src/model/report.ts';
import { type BundledProgram, bundleProgram } from '../sandbox/bundled.ts';
import { reportOf, runCli } from '../servers/cli.ts';
import { products } from '../servers/servers.ts';
import { type Bench, healthy } from './bench.ts';
import { type Call, expectedOf, type Fault } from './fault.ts';
import { faults } from './faults.ts';
import { pairs } from './pairs.ts';
import { typed } from './shell.ts';
import { type Surroundings, startSurroundings } from './surroundings.ts';
import { type Answers, keep } from './table.ts';
import { variants } from './variants.ts';

let around: Surroundings;
let program: BundledProgram;
const answers: Answers = new Map();
let wrong = false;

beforeAll(async () => {
  [around, program] = await Promise.all([startSurroundings(), bundleProgram()]);
});

afterAll(async () => {
  await Promise.all([around?.stop(), program?.remove()]);
  await keep(answers, !wrong);
});

describe.each(products)('%s', (product) => {
  const on = <T extends Pick<Fault, 'only'>>(all: T[]) => all.filter(({ only = product }) => only === product);

  it.concurrent.each(on(faults))('one thing is broken: $id', (fault) =>
    withBench(product, fault, async (bench) => {
      const call = await broken(fault, bench);
      const asked = product === 'hashicorp' && isPlain(call, fault) ? byFlags(bench) : call;
      const expected = (asked !== call && fault.flags) || expectedOf(fault, product);
      const found = await examined(bench, asked);
      const command = found.report.causes[0]?.fix.find((one) => one.command !== undefined)?.command;
      const mends = found.causes.length === 0 ? '-' : command === undefined ? 'by hand' : 'its command';
      answers.set(`${fault.id} ${product}`, { said: said(found), mends, milliseconds: found.milliseconds });
      if (asked.args === undefined) expect(await isBadToVerify(bench, asked), 'verify says the same').toBe(true);
      if (typeof expected === 'string')
        return expect(found.report.exit, found.words).toBe(expected === 'healthy' ? 0 : 4);
      const { cause, certainty, subject = /./ } = expected;
      expect(found.causes[0]?.split(' ')[0], found.words).toBe(cause);
      if (asked === call) expect(found.causes[0], found.words).toBe(`${cause} ${certainty}`);
      if (asked === call) expect(found.report.causes[0]?.subject).toMatch(subject);
      expect(found.report.exit).not.toBe(0);
      const isRun = command !== undefined && (hasKubectl || !command.includes('kubectl '));
      if (isRun) await mended(bench, asked, cause, command);
    }),
  );

  it.concurrent.each(pairs)('two things are broken: $first.id and $second.id', ({ first, second, told, next }) =>
    withBench(product, first, async (bench) => {
      await broken(first, bench);
      await broken(second, bench);
      const both = await examined(bench);
      answers.set(`${first.id} + ${second.id} ${product}`, {
        said: both.causes.join(', '),
        mends: '-',
        milliseconds: both.milliseconds,
      });
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
      const call = await broken(variant, bench);
      const found = await examined(bench, call);
      answers.set(`${variant.id} ${product}`, { said: said(found), mends: '-', milliseconds: found.milliseconds });
      expect(found.report.causes, found.words).toEqual([]);
      expect(found.report.exit, found.words).toBe(0);
      if (call.args === undefined) expect(await isBadToVerify(bench, call), 'verify says the same').toBe(false);
    }),
  );
});

const said = ({ causes }: Found) => causes[0] ?? 'nothing';

/** Whether kubectl, which some commands are of, is there. */
const hasKubectl = spawnSync('kubectl', ['version', '--client']).status === 0;

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

/** No word of its own: then flags alone can say the same. */
function isPlain(call: Call, { only }: Fault): boolean {
  return call.args === undefined && call.env === undefined && only === undefined;
}

/** What somebody types who has no recipe. */
function byFlags(bench: Bench): Call {
  const { namespace, mount, role } = bench;
  const recipe = bench.stored();
  const can = recipe.expect?.[0]?.['can'] as string[];
  const secrets = can.map((claim) => claim.replace(/^read /, '').replace(/^list (.*)$/, '$1/'));
  const who = ['--service-account', `${namespace}/my-sa`, '--reviewer', `${namespace}/vault-reviewer`];
  return { args: ['--mount', mount, '--role', role, ...who, ...secrets.flatMap((path) => ['--secret', path])] };
}

/** What verify finds in the same state: anything that is not good, a warning about the login too. */
async function isBadToVerify(bench: Bench, { env = {} }: Call): Promise<boolean> {
  const settings = { env: { ...bench.env, ...env }, cwd: bench.folder };
  const result = await runCli(['verify', '-f', 'recipe.yaml', '-o', 'json'], settings);
  if (result.exit !== 0) return true;
  // A stranger who does not exist has no login to be refused: both say so, and neither calls it broken.
  const harmless = 'service-account-missing';
  return reportOf(result).findings.some(
    ({ status, code }) => status === 'warning' && code !== harmless && isCause(code),
  );
}

/** The command as it is printed, typed into a shell; after it nothing is wrong. */
async function mended(bench: Bench, call: Call, cause: string, command: string): Promise<void> {
  const ran = await typed(bench, program.file, command, call.env);
  const left = await examined(bench, { ...call, env: ran.env });
  const words = `${command}\n${ran.status}\n${ran.screen}\n${left.words}`;
  if (call.elsewhere)
    return expect(
      left.report.causes.map(({ cause }) => cause),
      words,
    ).not.toContain(cause);
  expect(left.report.causes, words).toEqual([]);
  expect(left.report.exit, words).toBe(0);
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
