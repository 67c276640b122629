import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { products } from '../servers/servers.ts';
import { type Workbench, workbench } from '../servers/workbench.ts';
import { type Hand, handOf, watched } from './hand.ts';

type Kind = keyof Hand['address'];

/** The walk, and what is there after each step that was not there before. */
const walk: [step: string, makes: Kind[]][] = [
  ['enable-auth', ['mount']],
  ['write-policy', ['policy']],
  ['service-account', ['account', 'secret']],
  ['bind-delegator', ['binding']],
  ['fetch-credentials', []],
  ['write-config', ['config']],
  ['bind-role', ['role']],
  ['review-token', []],
  ['login', []],
];

const writing = new Set([
  'enable-auth',
  'write-policy',
  'service-account',
  'bind-delegator',
  'write-config',
  'bind-role',
]);
const yes = (step: string) => (writing.has(step) ? ['--yes'] : []);

describe.each(products)('each step alone, in order, on %s', (product) => {
  let bench: Workbench;
  let hand: Hand;
  beforeAll(async () => {
    bench = await workbench(product);
    hand = handOf(bench);
    bench.write(bench.recipe());
  });
  afterAll(() => bench.remove());

  const there = async (): Promise<Kind[]> => {
    const world = await hand.world();
    const kinds = Object.keys(hand.address) as Kind[];
    return kinds.filter((kind) => world[hand.address[kind]] !== undefined);
  };

  it.each(walk)('%s makes %j and nothing else', async (step, makes) => {
    const before = await hand.world();
    const first = await watched(bench, 'step', step, '-f', 'recipe.yaml', ...yes(step));
    expect(first.report.findings.filter(({ status }) => status === 'failed' || status === 'blocked')).toEqual([]);
    expect(first.exit).toBe(0);
    expect(new Set(first.report.findings.map((one) => one.step))).toEqual(new Set([step]));
    const done = walk.slice(0, walk.findIndex(([name]) => name === step) + 1).flatMap(([, made]) => made);
    expect((await there()).sort()).toEqual(done.sort());
    const after = await hand.world();
    // It notes on the Secret that its token was sent; the API server, that its token was used.
    const noted: Kind[] = step === 'write-config' || step === 'review-token' ? ['secret'] : [];
    for (const kind of [...makes, ...noted]) delete after[hand.address[kind]];
    for (const kind of [...makes, ...noted]) delete before[hand.address[kind]];
    expect(after).toEqual(before);

    const second = await watched(bench, 'step', step, '-f', 'recipe.yaml', ...yes(step));
    expect(second.exit).toBe(0);
    expect(second.writes).toEqual([]);
  });

  it('then nothing is left to do', async () => {
    expect((await bench.report('plan', '-f', 'recipe.yaml', '--detailed-exitcode')).exit).toBe(0);
  });
});

interface Lack {
  step: string;
  /** Steps done before. */
  after: string[];
  /** What it says is not in place, and which command makes it. */
  names: Kind;
  fix: string;
}

const lacks: Lack[] = [
  { step: 'fetch-credentials', after: [], names: 'secret', fix: 'service-account' },
  { step: 'write-config', after: [], names: 'mount', fix: 'enable-auth' },
  { step: 'write-config', after: ['enable-auth'], names: 'secret', fix: 'service-account' },
  { step: 'bind-role', after: [], names: 'mount', fix: 'enable-auth' },
  { step: 'bind-role', after: ['write-policy', 'service-account'], names: 'mount', fix: 'enable-auth' },
];

describe('a step whose need is not in place says which command makes it, and writes nothing', () => {
  let bench: Workbench;
  let hand: Hand;
  beforeEach(async () => {
    bench = await workbench('openbao');
    hand = handOf(bench);
    bench.write(bench.recipe());
  });
  afterEach(() => bench.remove());

  it.each(lacks)('$step after $after', async ({ step, after, names, fix }) => {
    for (const earlier of after)
      expect((await bench.report('step', earlier, '-f', 'recipe.yaml', ...yes(earlier))).exit).toBe(0);
    const tried = await watched(bench, 'step', step, '-f', 'recipe.yaml', ...yes(step));
    expect(tried.exit).toBe(1);
    const [blocked] = tried.report.findings.filter(({ code }) => code === 'need-missing');
    expect(blocked?.message).toContain(`${hand.address[names]} is not in place`);
    expect(blocked?.fix).toContainEqual({
      why: expect.any(String),
      command: `vaultbind step ${fix} -f recipe.yaml`,
    });
    expect(tried.writes).toEqual([]);
  });

  it('write-policy, when a policy names the accessor of the mount', async () => {
    const recipe = bench.recipe();
    const hcl = 'path "secret/data/{{identity.entity.aliases.${accessor}.name}}" { capabilities = ["read"] }';
    bench.write({ ...recipe, policies: [{ name: bench.policy, hcl }] });
    const tried = await watched(bench, 'step', 'write-policy', '-f', 'recipe.yaml', '--yes');
    expect(tried.exit).toBe(1);
    expect(tried.report.findings.map(({ fix }) => fix[0]?.command)).toContain(
      'vaultbind step enable-auth -f recipe.yaml',
    );
    expect(tried.writes).toEqual([]);
  });

  it.each(['review-token', 'login'])('%s, on an empty system', async (step) => {
    const tried = await watched(bench, 'step', step, '-f', 'recipe.yaml');
    expect(tried.exit).toBe(1);
    expect(tried.writes).toEqual([]);
    const commands = tried.report.findings.flatMap(({ fix }) => fix.map(({ command }) => command));
    expect(commands).toEqual(
      expect.arrayContaining([expect.stringMatching(/vaultbind (step|apply) .*-f recipe\.yaml/)]),
    );
  });
});
