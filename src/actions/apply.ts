import type { StepCheck } from '../engine/verify.ts';
import { type ExitCode, VaultbindError } from '../errors.ts';
import { vaultbind } from '../model/commands.ts';
import { asReason } from '../model/error-values.ts';
import type { Io } from '../model/io.ts';
import { type Finding, finding } from '../model/report.ts';
import { chosenSteps, unknownSteps } from './choose-steps.ts';
import type { SelectRequest } from './requests.ts';
import { holdTo, refusedChoice } from './saved-plan/hold-plan.ts';
import { type WalkOptions, type WalkRequest, walk } from './walk.ts';

export interface ApplyRequest extends SelectRequest, WalkOptions {
  verify: 'changed' | 'all' | 'none';
  rewrite: string[];
}

export async function applyRecipe(io: Io, options: ApplyRequest): Promise<ExitCode> {
  const wrong = unknownSteps(options);
  return await walk(io, options, { ...requestOf(options, chosenSteps(options), options.file), wrong });
}

export async function applyPlan(io: Io, file: string, options: ApplyRequest): Promise<ExitCode> {
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

function requestOf(options: ApplyRequest, chosen: ReadonlySet<string>, files: string[]): WalkRequest {
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
  { verify, file }: ApplyRequest,
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
