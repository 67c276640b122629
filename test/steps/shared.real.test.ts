import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Opened, withOpened } from '../../src/actions/open.ts';
import type { Io } from '../../src/model/io.ts';
import { workUntil } from '../../src/model/work.ts';
import { readRecipe } from '../../src/recipe/read.ts';
import { steps } from '../../src/steps/index.ts';
import { type Between, between, reachedDirectly } from '../servers/between.ts';
import { reportOf, runCli } from '../servers/cli.ts';
import type { Seen } from '../servers/faults.ts';
import { applyAs, kubernetes, proposeAs } from '../servers/raw.ts';
import { notable, type RecipeData, type Workbench, workbench } from '../servers/workbench.ts';

/**
 * Recipes that share an object of Kubernetes lose nothing to each other, whoever is faster: each write of one is held
 * back until the other has finished. Vault is not asked for more here than to be there, so one product will do.
 */
let bench: Workbench;
let proxies: Between;
beforeAll(async () => {
  bench = await workbench('openbao');
  proxies = await between(bench);
});
afterAll(async () => {
  for (const path of ['a', 'b']) await bench.vault('DELETE', `sys/auth/${bench.mount}-${path}`);
  await proxies.close();
  await bench.remove();
});

const rounds = Array.from({ length: 50 }, (_, index) => index);
/** Rounds at once: each has objects of its own. */
const atOnce = 10;
const bindings = '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings';
const delegator = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:auth-delegator' };
const secrets = () => `/api/v1/namespaces/${bench.namespace}/secrets`;
const subject = (name: string) => ({ kind: 'ServiceAccount', name, namespace: bench.namespace });

/** The recipe of one of the two, with a mount of its own; what they share is for the test to say. */
function recipeOf(who: 'a' | 'b', reviewer: Record<string, unknown>): RecipeData {
  const recipe = reachedDirectly(bench.recipe());
  return {
    ...recipe,
    name: who,
    auth: { path: `${bench.mount}-${who}`, reviewer },
    policies: recipe.policies?.map((one) => ({ ...one, name: `${bench.policy}-${who}` })) ?? [],
    roles: recipe.roles?.map((one) => ({ ...one, token_policies: [`${bench.policy}-${who}`] })) ?? [],
  };
}

/** Holds back the next write that fits, until the other's work is done. */
async function heldBack(fits: (write: Seen) => boolean, first: () => Promise<unknown>, other: () => Promise<unknown>) {
  let release = () => {};
  let reached = () => {};
  const until = new Promise<void>((done) => (release = done));
  const arrived = new Promise<void>((done) => (reached = done));
  proxies.kubernetes.inject({
    fault: { kind: 'hold', until },
    times: 1,
    when: (request) => {
      const now = request.method !== 'GET' && fits(request);
      if (now) reached();
      return now;
    },
  });
  const slow = first();
  await Promise.race([arrived, slow]);
  await other().finally(release);
  await slow;
}

async function inTurns(work: (round: number) => Promise<void>): Promise<void> {
  const queue = [...rounds];
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await work(next);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/** Two operators, the first behind the proxy, each connected once for all rounds. */
async function withBoth(work: (first: Opened, second: Opened) => Promise<void>): Promise<void> {
  bench.write(recipeOf('a', { service_account: `${bench.namespace}/vault-reviewer` }), 'plain.yaml');
  const stream = () => new PassThrough().resume();
  const { signal } = new AbortController();
  const io = (env: Io['env']): Io => ({
    ...{ env, cwd: bench.folder, stdin: new PassThrough(), stdout: stream(), stderr: stream() },
    ...{ signal, work: workUntil(signal) },
  });
  const shared = { env: [], output: 'json' as const, verbose: 0, quiet: true, parallel: 16, report: [] };
  const options = { ...shared, file: ['plain.yaml'] };
  await withOpened(io(proxies.env), options, 'apply', (first) =>
    withOpened(io(bench.env), options, 'apply', (second) => work(first, second)),
  );
}

/** One step of a recipe alone, as apply walks it. */
async function walk({ session, target }: Opened, name: string, recipe: RecipeData): Promise<void> {
  const file = bench.write(recipe, `${Math.random()}.yaml`);
  const read = await readRecipe([file], { cwd: bench.folder, env: {}, allowedEnv: [] });
  const mine = { ...target, recipe: read.recipe };
  const step = steps.find((one) => one.name === name);
  for (const resource of step?.resources(mine) ?? []) await step?.apply(session, resource, mine);
}

describe('50 rounds with the first writer held back', () => {
  it('a binding: the subjects of both are in it, and those that were', async () => {
    await withBoth(async (first, second) => {
      await inTurns(async (round) => {
        const name = `${bench.binding}-${round}`;
        const before = round % 2 === 0 ? [] : ['early'];
        const labels = { 'vaultbind.dev/recipe': 'earlier' };
        const body = { metadata: { name, labels }, roleRef: delegator, subjects: before.map(subject) };
        if (before.length > 0) await kubernetes('POST', `${bindings}?fieldManager=vaultbind`, body);
        const bind = (opened: Opened, who: 'a' | 'b') =>
          walk(
            opened,
            'bind-delegator',
            recipeOf(who, { service_account: `${bench.namespace}/${who}`, binding: name }),
          );
        const fits = ({ path, body: sent }: Seen) =>
          path.includes(`/${name}?`) || (path.startsWith(`${bindings}?`) && sent.includes(`"${name}"`));
        await heldBack(
          fits,
          () => bind(first, 'a'),
          () => bind(second, 'b'),
        );
        const { subjects } = (await kubernetes('GET', `${bindings}/${name}`)).body;
        expect(subjects.map((one: { name: string }) => one.name)).toEqual([...before, 'b', 'a']);
        await kubernetes('DELETE', `${bindings}/${name}`);
      });
    });
  });

  it('an account and its token Secret: made once, and the notes of both mounts stay on it', async () => {
    for (const who of ['a', 'b']) await bench.vault('POST', `sys/auth/${bench.mount}-${who}`, { type: 'kubernetes' });
    const { data: mounts } = (await bench.vault('GET', 'sys/auth')).body;
    await withBoth(async (first, second) => {
      await inTurns(async (round) => {
        const account = `reviewer-${round}`;
        const named = (who: 'a' | 'b') => recipeOf(who, { service_account: `${bench.namespace}/${account}` });
        const both = (step: string, fits: (write: Seen) => boolean) =>
          heldBack(
            fits,
            () => walk(first, step, named('a')),
            () => walk(second, step, named('b')),
          );
        const what = round % 2 === 0 ? 'serviceaccounts' : 'secrets';
        await both('service-account', ({ path, body }) => path.includes(`/${what}?`) && body.includes(`"${account}`));
        await both('write-config', ({ path }) => path.includes(`/secrets/${account}-token?`));
        const { metadata } = (await kubernetes('GET', `${secrets()}/${account}-token`)).body;
        for (const who of ['a', 'b'])
          expect(metadata.annotations).toMatchObject({
            [`written-to.vaultbind.dev/${mounts[`${bench.mount}-${who}/`].accessor}`]: metadata.uid,
          });
        expect(metadata.labels).toEqual({ 'vaultbind.dev/recipe': 'b' });
      });
    });
    for (const who of ['a', 'b']) await bench.vault('DELETE', `sys/auth/${bench.mount}-${who}`);
  });
});

describe('the whole program', () => {
  const run = async (env: Record<string, string>, ...args: string[]) => {
    const result = await runCli([...args, '-o', 'json'], { env, cwd: bench.folder });
    return { ...reportOf(result), exit: result.exit };
  };

  it.each<[what: string, fits: (write: Seen) => boolean]>([
    ['the binding', ({ path }) => path.startsWith(`${bindings}?`)],
    ['the note on the Secret', ({ method, path }) => method === 'PATCH' && path.includes('/secrets/')],
  ])(
    'two recipes share all they can, and the first writer of %s is late: both end well and hold',
    async (what, fits) => {
      const reviewer = {
        service_account: `${bench.namespace}/shared-${what.length}`,
        binding: `${bench.binding}-${what.length}`,
      };
      for (const who of ['a', 'b'] as const) bench.write(recipeOf(who, reviewer), `${who}.yaml`);
      const ends: number[] = [];
      const apply = async (env: Record<string, string>, who: string) =>
        ends.push((await run(env, 'apply', '-f', `${who}.yaml`, '--yes')).exit);
      await heldBack(
        fits,
        () => apply(proxies.env, 'a'),
        () => apply(bench.env, 'b'),
      );
      expect(ends).toEqual([0, 0]);
      for (const who of ['a', 'b']) {
        const planned = await run(bench.env, 'plan', '-f', `${who}.yaml`, '--detailed-exitcode');
        expect([planned.exit, ...notable(planned)]).toEqual([0]);
        expect((await run(bench.env, 'verify', '-f', `${who}.yaml`)).exit).toBe(0);
      }
      await kubernetes('DELETE', `${bindings}/${reviewer.binding}`);
      for (const who of ['a', 'b']) await bench.vault('DELETE', `sys/auth/${bench.mount}-${who}`);
    },
  );

  it.each<[what: string, path: () => string, body: () => object, code: string]>([
    [
      'a binding',
      () => bindings,
      () => ({ metadata: { name: `${bench.binding}-late` }, roleRef: delegator, subjects: [subject('theirs')] }),
      'binding-foreign',
    ],
    [
      'a Secret',
      secrets,
      () => ({ metadata: { name: 'late-token-secret-wrong-type-token' }, type: 'Opaque' }),
      'token-secret-wrong-type',
    ],
  ])('%s that somebody else makes meanwhile is left as it is, and told', async (_what, path, body, code) => {
    const reviewer = { service_account: `${bench.namespace}/late-${code}`, binding: `${bench.binding}-late` };
    const file = bench.write(recipeOf('a', reviewer), 'late.yaml');
    const { metadata } = body() as { metadata: { name: string } };
    const before: unknown[] = [];
    await heldBack(
      (write) => write.path.startsWith(`${path()}?`) && write.body.includes(`"${metadata.name}"`),
      async () => {
        const applied = await run(proxies.env, 'apply', '-f', file, '--yes');
        const failed = notable(applied).filter((line) => line.startsWith('failed'));
        expect([applied.exit, ...failed]).toEqual([1, expect.stringContaining(`failed ${code} `)]);
      },
      async () => before.push((await kubernetes('POST', path(), body())).body),
    );
    expect([(await kubernetes('GET', `${path()}/${metadata.name}`)).body]).toEqual(before);
    await kubernetes('DELETE', `${path()}/${metadata.name}`);
  });

  it('an account that somebody else makes meanwhile is left as it is, and not passed off as ours', async () => {
    const name = 'late-account';
    const reviewer = { service_account: `${bench.namespace}/${name}`, binding: `${bench.binding}-late` };
    const file = bench.write(recipeOf('a', reviewer), 'late.yaml');
    const path = `/api/v1/namespaces/${bench.namespace}/serviceaccounts`;
    const before: unknown[] = [];
    await heldBack(
      (write) => write.path.startsWith(`${path}?`) && write.body.includes(`"${name}"`),
      async () => {
        const applied = await run(proxies.env, 'step', 'service-account', '-f', file, '--yes');
        const told = applied.findings.find(({ subject }) => subject === `ServiceAccount ${bench.namespace}/${name}`);
        expect([applied.exit, told]).toMatchObject([
          0,
          { status: 'ok', message: expect.stringContaining('somebody else') },
        ]);
      },
      async () => before.push((await kubernetes('POST', path, { metadata: { name } })).body.metadata.uid),
    );
    const now = (await kubernetes('GET', `${path}/${name}`)).body.metadata;
    expect([now.uid, now.labels]).toEqual([...before, undefined]);
    await kubernetes('DELETE', `${path}/${name}`);
  });

  it('subjects that helm took over are not taken back: told, and the next apply of helm meets no conflict', async () => {
    const name = `${bench.binding}-helm`;
    const reviewer = (who: string) => ({ service_account: `${bench.namespace}/${who}`, binding: name });
    for (const who of ['a', 'b'] as const) bench.write(recipeOf(who, reviewer(who)), `${who}.yaml`);
    expect((await run(bench.env, 'step', 'bind-delegator', '-f', 'a.yaml', '--yes')).exit).toBe(0);
    const theirs = (...names: string[]) => ({
      ...{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRoleBinding', metadata: { name } },
      ...{ roleRef: delegator, subjects: names.map(subject) },
    });
    expect((await applyAs('helm', `${bindings}/${name}`, theirs('a', 'helm-made'))).status).toBe(200);
    for (const command of ['plan', 'apply']) {
      const args = command === 'apply' ? ['--yes'] : [];
      const said = await run(bench.env, command, '-f', 'b.yaml', ...args);
      expect(said.exit).toBe(1);
      const found = said.findings.find((one) => one.subject === `ClusterRoleBinding ${name}`);
      expect(found).toMatchObject({ status: 'blocked', code: 'field-conflict' });
      expect(found?.message).toContain('decided by helm');
    }
    expect((await run(bench.env, 'plan', '-f', 'a.yaml')).exit).toBe(0);
    const next = await proposeAs('helm', `${bindings}/${name}`, theirs('a', 'helm-made', 'more'));
    expect([next.status, next.body.subjects.length]).toEqual([200, 3]);
    await kubernetes('DELETE', `${bindings}/${name}`);
    await bench.vault('DELETE', `sys/auth/${bench.mount}-b`);
  });
});
