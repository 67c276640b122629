import type { StepCheck } from '../engine/verify.ts';
import { type ExitCode, VaultbindError } from '../errors.ts';
import { asReason } from '../model/error-values.ts';
import type { Io } from '../model/io.ts';
import { chosenSteps, unknownSteps } from './choose-steps.ts';
import type { SelectRequest } from './requests.ts';
import { holdTo, refusedChoice } from './saved-plan/hold-plan.ts';
import { walk } from './walk.ts';
import type { WalkOptions, WalkRequest } from './walk-request.ts';

export interface ApplyRequest extends SelectRequest, WalkOptions {
  verify: 'changed' | 'all' | 'none';
  rewrite: string[];
}

export async function applyRecipe(io: Io, options: ApplyRequest): Promise<ExitCode> {
  const wrong = unknownSteps(options);
  return await walk(io, options, { ...requestOf(options, chosenSteps(options)), wrong });
}

export async function applyPlan(io: Io, file: string, options: ApplyRequest): Promise<ExitCode> {
  const wrong = refusedChoice(options);
  const held = await holdTo(io, file, options).catch(asReason);
  if (held instanceof VaultbindError)
    return await walk(io, options, {
      ...requestOf(options, chosenSteps(options)),
      unheld: held,
      wrong,
      typed: file,
    });
  const { address, namespace } = held.plan.vault;
  const recipes = held.read.recipe.files;
  return await walk(
    io,
    { ...options, file: recipes, plannedFor: { plan: file, address, namespace } },
    { ...requestOf(options, new Set(held.plan.steps)), held, wrong, typed: file },
  );
}

function requestOf(options: ApplyRequest, chosen: ReadonlySet<string>): WalkRequest {
  return {
    command: 'apply',
    chosen,
    rewrite: new Set(options.rewrite),
    checks: (all, changed) => checksAfter(all, changed, chosen, options.verify),
  };
}

function checksAfter(
  all: StepCheck[],
  changed: ReadonlySet<string>,
  chosen: ReadonlySet<string>,
  verify: ApplyRequest['verify'],
): StepCheck[] {
  if (verify === 'none') return [];
  const mine = all.filter(({ step }) => chosen.has(step));
  return verify === 'all' ? mine : mine.filter(({ check }) => check.about.some((address) => changed.has(address)));
}
