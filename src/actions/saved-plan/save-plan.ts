import { FailedError, InputError } from '../../errors.ts';
import { vaultbind } from '../../model/commands.ts';
import type { Io } from '../../model/io.ts';
import { inWords } from '../../model/printed.ts';
import { type Finding, finding } from '../../model/report.ts';
import { jsonText } from '../../output/json.ts';
import { appliesNothing } from '../../saved-plan/order.ts';
import { type PlanParts, savedPlan } from '../../saved-plan/save.ts';
import { hasSecretShape, scrub } from '../../secret.ts';
import { steps } from '../../steps/index.ts';
import { type Product, replaceFile, unwritable } from '../reports/files.ts';

/** Only for its owner: it says what a Vault and a cluster hold, if not their secrets. */
const aPlan: Product = { code: 'plan-unwritable', what: 'plan', mode: 0o600 };

/** Why a plan cannot be saved there. */
export async function cannotKeep(io: Io, out: string, files: string[]): Promise<InputError | undefined> {
  if (out === '-') return stdoutIsTheReports(files);
  const problem = await unwritable(io.cwd, out, aPlan);
  return problem && new InputError(problem);
}

function stdoutIsTheReports(files: string[]): InputError {
  return new InputError({
    code: 'usage',
    subject: '--out -',
    message: 'stdout carries the report, so the plan needs a file',
    fix: [
      { why: 'name one', command: vaultbind('plan', { f: files.length === 0 ? 'RECIPE' : files, out: 'plan.json' }) },
    ],
  });
}

/** Writes the plan, and says so; or says that it is not whole. */
export async function keepPlan(io: Io, out: string, parts: Omit<PlanParts, 'now'>): Promise<Finding> {
  const wanted = parts.planned.planned.map(({ step, chosen }) => ({ step: step.name, chosen }));
  if (appliesNothing(wanted, steps)) return nothingToSave(out);
  const text = textOf(parts);
  if (text === undefined) return notSaved(out, 'a plan is saved only when all of it could be decided');
  if (io.signal.aborted) return notSaved(out, 'the run was interrupted');
  if (hasSecretShape(text) || scrub(text) !== text) throw holdsSecret(out);
  await replaceFile(io.cwd, out, text, aPlan);
  return finding({
    code: 'plan-saved',
    subject: out,
    status: 'ok',
    message: `saved; to make exactly this: ${inWords(vaultbind('apply', {}, out))}`,
  });
}

function notSaved(out: string, why: string): Finding {
  return finding({ code: 'plan-not-saved', subject: out, status: 'skipped', message: `not saved: ${why}` });
}

function nothingToSave(out: string): Finding {
  return finding({
    code: 'plan-not-saved',
    subject: out,
    status: 'failed',
    message: 'not saved: the chosen steps have nothing in this recipe that could be applied',
    fix: [{ why: 'choose others with --only and --skip' }],
  });
}

function textOf(parts: Omit<PlanParts, 'now'>): string | undefined {
  try {
    return jsonText(savedPlan({ ...parts, now: new Date() }));
  } catch (error) {
    if (error instanceof FailedError) return undefined;
    throw error;
  }
}

function holdsSecret(out: string): InputError {
  return new InputError({
    code: 'plan-not-saved',
    subject: out,
    message: 'the plan was not saved: the recipe holds what looks like a token or a key',
    fix: [{ why: 'take it out of the recipe and of the variables that it reads' }],
  });
}
