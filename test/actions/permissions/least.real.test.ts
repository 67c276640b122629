import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { withOpened } from '../../../src/actions/open.ts';
import { rightsOf } from '../../../src/actions/permissions/rights.ts';
import { apply } from '../../../src/engine/apply.ts';
import { plan, refusalsOf } from '../../../src/engine/plan.ts';
import { VaultbindError } from '../../../src/errors.ts';
import type { Io } from '../../../src/model/io.ts';
import type { PermissionCommand, Right } from '../../../src/model/rights.ts';
import { workUntil } from '../../../src/model/work.ts';
import { readRecipe } from '../../../src/recipe/read.ts';
import { steps } from '../../../src/steps/index.ts';
import { reportOf, runCli } from '../../servers/cli.ts';
import { operatorFor, operatorWith } from '../../servers/operator.ts';
import { kubernetes } from '../../servers/raw.ts';
import { products } from '../../servers/servers.ts';
import { notable, type RecipeData, type Workbench, workbench } from '../../servers/workbench.ts';

/** A recipe that uses every rule: with a description to tune, and an account to make. */
function recipeOf(bench: Workbench): RecipeData {
  const { auth, roles = [], ...rest } = bench.recipe();
  return {
    ...rest,
    auth: { ...auth, description: 'ours' },
    roles: [
      ...roles,
      {
        name: `${bench.role}-made`,
        service_accounts: [`${bench.namespace}/made`],
        create_service_accounts: true,
        token_policies: [bench.policy],
        audience: 'vault',
      },
    ],
  };
}

async function rightsFor(bench: Workbench, command: PermissionCommand): Promise<Right[]> {
  const { recipe } = await readRecipe(['recipe.yaml'], { cwd: bench.folder, env: {}, allowedEnv: [] });
  return rightsOf(command, recipe);
}

const report = async (bench: Workbench, env: Record<string, string>, ...args: string[]) => {
  const result = await runCli([...args, '-f', 'recipe.yaml', '-o', 'json'], { env, cwd: bench.folder });
  return { ...reportOf(result), exit: result.exit };
};

describe.each(products)('with exactly the rights that permissions prints, on %s', (product) => {
  it('each command does all of its work, from the files that it writes', async () => {
    const bench = await workbench(product);
    try {
      bench.write(recipeOf(bench));
      const planner = await operatorFor(bench, 'plan');
      const applier = await operatorFor(bench, 'apply');
      const verifier = await operatorFor(bench, 'verify');
      const doctor = await operatorFor(bench, 'doctor');
      const planned = await report(bench, planner.env, 'plan');
      expect([planned.exit, planned.summary.pending, planned.summary.failed]).toEqual([0, 9, 0]);
      const applied = await report(bench, applier.env, 'apply', '--yes');
      expect([applied.exit, ...notable(applied).filter((line) => !line.startsWith('created'))]).toEqual([0]);
      const again = await report(bench, applier.env, 'apply', '--yes');
      expect([again.exit, ...notable(again)]).toEqual([0]);
      const none = await report(bench, planner.env, 'plan', '--detailed-exitcode');
      expect([none.exit, ...notable(none)]).toEqual([0]);
      const verified = await report(bench, verifier.env, 'verify');
      expect([verified.exit, ...notable(verified)]).toEqual([0]);
      const looked = await report(bench, doctor.env, 'doctor');
      expect([looked.exit, ...notable(looked).filter((line) => !line.startsWith('warning '))]).toEqual([
        0,
        'skipped log-not-heard sys/monitor',
      ]);
      for (const one of [planner, applier, verifier, doctor]) await one.remove();
    } finally {
      await bench.remove();
    }
  });

  const walks: Record<PermissionCommand, (bench: Workbench, env: Record<string, string>) => Promise<string[]>> = {
    plan: async (bench, env) => [
      ...(await told(bench, env, 'plan')),
      ...(await afterApply(bench, () => told(bench, env, 'plan'))),
    ],
    apply: async (bench, env) => {
      const onEmpty = await walkUnchecked(bench, env);
      if (onEmpty.length > 0) return onEmpty;
      return await afterDrift(bench, async () => [
        ...(await walkUnchecked(bench, env)),
        ...(await told(bench, env, 'verify')),
      ]);
    },
    verify: async (bench, env) => await afterApply(bench, () => told(bench, env, 'verify')),
    doctor: async (bench, env) => await afterApply(bench, () => told(bench, env, 'doctor')),
  };

  it.each(Object.keys(walks) as PermissionCommand[])(
    '%s fails without any one rule, and names it',
    { timeout: 240_000 },
    async (command) => {
      const sample = await workbench(product);
      sample.write(recipeOf(sample));
      const count = (await rightsFor(sample, command)).filter(({ optional }) => optional === undefined).length;
      await sample.remove();
      const outcomes: string[] = [];
      // -1: with every rule nothing is amiss, so that a failure below is the missing rule's.
      const queue = Array.from({ length: count + 1 }, (_, index) => index - 1);
      const worker = async () => {
        for (let index = queue.shift(); index !== undefined; index = queue.shift())
          outcomes.push(...(await without(command, index)));
      };
      await Promise.all([worker(), worker(), worker(), worker()]);
      expect(outcomes).toEqual([]);
    },
  );

  /** What is amiss with the rule of this number: [] when nothing works without it and what is said names it. */
  async function without(command: PermissionCommand, index: number): Promise<string[]> {
    const bench = await workbench(product);
    try {
      bench.write(recipeOf(bench));
      const needed = (await rightsFor(bench, command)).filter(({ optional }) => optional === undefined);
      const [gone] = index < 0 ? [] : needed.splice(index, 1);
      const operator = await operatorWith(bench, needed);
      const said = await walks[command](bench, operator.env);
      await operator.remove();
      if (!gone) return said;
      const rule = JSON.stringify(gone.rule);
      if (said.length === 0) return [`${command} works without ${rule}`];
      return said.some((line) => words(gone).every((word) => line.includes(word)))
        ? []
        : [`not named: ${rule}\n${said.join('\n')}`];
    } finally {
      await bench.remove();
    }
  }
});

function words({ rule }: Right): string[] {
  if (rule.system === 'vault') return [rule.path, ...rule.capabilities];
  return [rule.verb, rule.resource, rule.name ?? ''];
}

/** What a command says of what it could not do. */
async function told(bench: Workbench, env: Record<string, string>, command: string): Promise<string[]> {
  const { findings, exit } = await report(bench, env, command);
  const amiss = findings.filter(({ status, code, message }) => {
    if (status === 'skipped') return code !== 'log-not-heard' && !message.startsWith('after apply of ');
    return status === 'failed';
  });
  return exit === 0 && amiss.length === 0 ? [] : [`exit ${exit}`, ...amiss.map((one) => JSON.stringify(one))];
}

async function afterApply(bench: Workbench, look: () => Promise<string[]>): Promise<string[]> {
  expect((await bench.report('apply', '-f', 'recipe.yaml', '--yes', '--verify=none')).exit).toBe(0);
  return await look();
}

async function afterDrift(bench: Workbench, look: () => Promise<string[]>): Promise<string[]> {
  for (const role of [bench.role, `${bench.role}-made`])
    await bench.vault('POST', `auth/${bench.mount}/role/${role}`, { token_ttl: 77 });
  await bench.vault('POST', `sys/auth/${bench.mount}/tune`, { description: 'theirs' });
  const binding = `/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/${bench.binding}`;
  await kubernetes('PATCH', binding, { subjects: null });
  return await look();
}

/** Plan and apply without the check of rights between them: what the servers themselves refuse. */
async function walkUnchecked(bench: Workbench, env: Record<string, string>): Promise<string[]> {
  const stream = () => new PassThrough().resume();
  const signal = new AbortController().signal;
  const io: Io = {
    env,
    cwd: bench.folder,
    stdin: new PassThrough(),
    stdout: stream(),
    stderr: stream(),
    signal,
    work: workUntil(signal),
  };
  const options = {
    file: ['recipe.yaml'],
    env: [],
    output: 'json' as const,
    verbose: 0,
    quiet: true,
    parallel: 16,
    report: [],
  };
  try {
    return await withOpened(io, options, 'apply', async ({ target, reading, session }) => {
      const observer = () => undefined;
      const planned = await plan(steps, target, reading, { chosen: new Set(steps.map(({ name }) => name)), observer });
      const refused = refusalsOf(planned);
      if (refused.length > 0) return refused.map((error) => JSON.stringify(error.problems));
      const applied = await apply(planned, session, target, { observer, signal, parallel: 16, rewrite: new Set() });
      return applied.flatMap(({ outcome }) =>
        outcome.result === 'failed' ? [JSON.stringify(outcome.error.problems)] : [],
      );
    });
  } catch (error) {
    if (error instanceof VaultbindError) return [JSON.stringify(error.problems)];
    throw error;
  }
}
