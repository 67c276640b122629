import { Command, Option } from 'commander';
import { chosenSteps, unknownSteps } from '../actions/choose-steps.ts';
import { asReason } from '../actions/input-errors.ts';
import { holdTo, refusedChoice } from '../actions/saved-plan/hold-plan.ts';
import { type WalkOptions, type WalkRequest, walk } from '../actions/walk.ts';
import type { StepCheck } from '../engine/verify.ts';
import { type ExitCode, VaultbindError } from '../errors.ts';
import { vaultbind } from '../model/commands.ts';
import type { Io } from '../model/io.ts';
import { type Finding, finding } from '../model/report.ts';
import type { CommandBuilder } from './command.ts';
import { examples } from './help/layout.ts';
import { mintFlags } from './mint-flags.ts';
import { type SelectOptions, selectOptions } from './options.ts';

interface ApplyOptions extends SelectOptions, WalkOptions {
  verify: 'changed' | 'all' | 'none';
  rewrite: string[];
}

export const applyCommand: CommandBuilder = ({ io, action }) =>
  mintFlags(selectOptions(new Command('apply'), io))
    .summary('make it so: plan, confirm, walk the steps, prove')
    .description(
      'Plans, asks, walks the steps in order, reads every write back and proves what changed by a real login. With a plan that was saved it plans again, and does nothing unless that comes out the same.',
    )
    .argument('[plan]', 'a plan saved by plan --out, in place of -f')
    .option('-y, --yes', 'do not ask; needed without a terminal')
    .addOption(
      new Option('--verify <which>', 'what to prove afterwards').choices(['changed', 'all', 'none']).default('changed'),
    )
    .addOption(
      new Option('--rewrite <address>', 'write this object although it looks equal; repeatable')
        .default([], 'none')
        .argParser((value: string, before: string[]) => [...before, value]),
    )
    .configureHelp(
      examples(
        'vaultbind apply -f article.yaml',
        'vaultbind apply -f article.yaml --yes -o json',
        'vaultbind apply -f article.yaml --rewrite auth/kube-policy/config',
        'vaultbind apply plan.json --yes',
      ),
    )
    .action(
      action((plan: string | undefined, options: ApplyOptions) =>
        plan === undefined ? applyRecipe(io, options) : applyPlan(io, plan, options),
      ),
    );

async function applyRecipe(io: Io, options: ApplyOptions): Promise<ExitCode> {
  const wrong = unknownSteps(options);
  return await walk(io, options, { ...requestOf(options, chosenSteps(options), options.file), wrong });
}

async function applyPlan(io: Io, file: string, options: ApplyOptions): Promise<ExitCode> {
  const wrong = refusedChoice(options);
  const held = await holdTo(io, file, options).catch(asReason);
  if (held instanceof VaultbindError)
    return await walk(io, options, {
      ...requestOf(options, chosenSteps(options), []),
      unheld: held,
      wrong,
      typed: file,
    });
  const { address, namespace } = held.plan.vault;
  const recipes = held.read.recipe.files;
  return await walk(
    io,
    { ...options, file: recipes, plannedFor: { plan: file, address, namespace } },
    { ...requestOf(options, new Set(held.plan.steps), recipes), held, wrong, typed: file },
  );
}

function requestOf(options: ApplyOptions, chosen: ReadonlySet<string>, files: string[]): WalkRequest {
  return {
    command: 'apply',
    chosen,
    rewrite: new Set(options.rewrite),
    checks: (all, changed) => checksAfter(all, changed, chosen, { ...options, file: files }),
  };
}

/** A login costs a token request, a login and its questions; after a large apply a sample tells enough. */
const mostLogins = 20;

function checksAfter(
  all: StepCheck[],
  changed: ReadonlySet<string>,
  chosen: ReadonlySet<string>,
  { verify, file }: ApplyOptions,
) {
  const mine = all.filter(({ step }) => chosen.has(step));
  if (verify === 'none') return { run: [], left: [] };
  if (verify === 'all') return { run: mine, left: [] };
  const touched = mine.filter(({ check }) => check.about.some((address) => changed.has(address)));
  const left = touched.length - mostLogins;
  return { run: touched.slice(0, mostLogins), left: left > 0 ? [notTried(left, file)] : [] };
}

function notTried(count: number, files: string[]): Finding {
  return finding({
    step: 'login',
    code: 'not-reached',
    subject: '',
    status: 'skipped',
    message: `${count} more logins were not tried`,
    fix: [{ why: 'to prove them all', command: vaultbind('verify', { f: files }) }],
  });
}
