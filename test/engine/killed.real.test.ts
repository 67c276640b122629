import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Between, between, reachedDirectly } from '../servers/between.ts';
import { buildProgram, startProgram } from '../servers/child.ts';
import { reportOf, runCli } from '../servers/cli.ts';
import { products } from '../servers/servers.ts';
import { notable, type Workbench, workbench } from '../servers/workbench.ts';

beforeAll(buildProgram);

/** The article's: mount, policy, account, Secret, binding, config, the note on the Secret, role. */
const allWrites = 8;
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

let bench: Workbench;
let proxies: Between;
const begin = async (product: (typeof products)[number]) => {
  bench = await workbench(product);
  proxies = await between(bench);
  bench.write(reachedDirectly(bench.recipe()));
};
const end = async () => {
  await proxies.close();
  await bench.remove();
};
const start = () =>
  startProgram(['apply', '-f', 'recipe.yaml', '--yes', '-o', 'json'], { env: proxies.env, cwd: bench.folder });

async function nextApplyFinishes(): Promise<void> {
  const next = await bench.report('apply', '-f', 'recipe.yaml', '--yes');
  expect(notable(next).filter((line) => /^(failed|blocked|skipped)/.test(line))).toEqual([]);
  expect(next.exit).toBe(0);
  expect((await bench.report('plan', '-f', 'recipe.yaml', '--detailed-exitcode')).exit).toBe(0);
  expect((await bench.report('verify', '-f', 'recipe.yaml')).exit).toBe(0);
}

describe.each(products)('killed right after a write, the next apply finishes the job, on %s', (product) => {
  beforeEach(() => begin(product));
  afterEach(end);

  it.each(upTo(allWrites))('write %i', async (last) => {
    const child = start();
    proxies.onWrite((number) => {
      if (number === last) child.kill('SIGKILL');
      return 'pass';
    });
    expect(await child.ended).toMatchObject({ signal: 'SIGKILL' });
    expect(proxies.writes()).toHaveLength(last);
    await nextApplyFinishes();
  });

  it('there is no further write', async () => {
    const child = start();
    expect(await child.ended).toMatchObject({ exit: 0 });
    expect(proxies.writes()).toHaveLength(allWrites);
  });
});

describe('the connections break right after a write: the address is named, and the next apply finishes the job', () => {
  beforeEach(() => begin('openbao'));
  afterEach(end);

  it.each([1, 3, 6, 7])('write %i', async (last) => {
    let broken = false;
    proxies.onWrite((number) => {
      if (broken) return 'reset';
      broken = number === last;
      return broken ? 'lose-answer' : 'pass';
    });
    for (const faults of [proxies.vault, proxies.kubernetes])
      faults.inject({ fault: { kind: 'reset' }, when: () => broken });
    const args = ['apply', '-f', 'recipe.yaml', '--yes', '-o', 'json', '--timeout', '5s'];
    const result = await runCli(args, { env: proxies.env, cwd: bench.folder });
    expect(result.exit, result.stdout).toBe(4);
    const failed = reportOf(result).findings.filter(({ status }) => status === 'failed');
    const addresses = new RegExp(`${proxies.vault.url}|${proxies.kubernetes.url}`);
    expect(failed.map(({ message }) => message).join('\n')).toMatch(addresses);
    await nextApplyFinishes();
  });
});

describe('Ctrl-C while a write is under way', () => {
  beforeEach(() => begin('openbao'));
  afterEach(end);

  const cases: [write: number, finishes: (bench: Workbench) => string, all: number][] = [
    [1, ({ mount }) => `sys/auth/${mount}`, 1],
    [3, ({ namespace }) => `ServiceAccount ${namespace}/vault-reviewer`, 3],
    [6, ({ mount }) => `auth/${mount}/config`, 7],
    [8, ({ mount, role }) => `auth/${mount}/role/${role}`, 8],
  ];
  it.each(cases)('write %i: it finishes, nothing new begins, exit 130', async (last, finishes, all) => {
    const child = start();
    proxies.onWrite((number) => {
      if (number !== last) return 'pass';
      child.kill('SIGINT');
      return 'slow';
    });
    const { exit, stdout, stderr } = await child.ended;
    expect(exit).toBe(130);
    expect(stderr).toContain('stopping: what is in flight finishes');
    expect(proxies.writes()).toHaveLength(all);
    const { findings } = JSON.parse(stdout);
    expect(notable({ findings })).toContain(`created created ${finishes(bench)}`);
    const reached = notable({ findings }).filter((line) => line.startsWith('skipped not-reached'));
    expect(reached.length > 0).toBe(all < allWrites);
    await nextApplyFinishes();
  });

  it('twice: it ends at once, and the next apply finishes the job', async () => {
    const child = start();
    proxies.onWrite((number) => {
      if (number !== 6) return 'pass';
      child.kill('SIGINT');
      setTimeout(() => child.kill('SIGINT'), 100);
      return 'slow';
    });
    expect(await child.ended).toMatchObject({ exit: 130, stdout: '' });
    await vi.waitUntil(async () => (await bench.vault('GET', `auth/${bench.mount}/config`)).status === 200);
    await nextApplyFinishes();
  });
});
