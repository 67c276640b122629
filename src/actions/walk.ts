import type { Command } from '../command.ts';
import { type Applied, apply } from '../engine/apply.ts';
import { applyFindings, serverWarnings } from '../engine/findings.ts';
import { type Plan, plan, refusalsOf } from '../engine/plan.ts';
import { checkRights } from '../engine/rights/check.ts';
import { type ExitCode, InputError, strongest, type VaultbindError } from '../errors.ts';
import { vaultbind } from '../model/commands.ts';
import type { Io } from '../model/io.ts';
import { type Report, report } from '../model/report.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { identityOf } from '../saved-plan/identity.ts';
import { expectSamePlan, expectSameServers, expectStillSo } from '../saved-plan/stale.ts';
import { steps } from '../steps/index.ts';
import { confirm, nobodyToAsk, toWrite } from './confirm.ts';
import { type Opened, withOpened } from './open.ts';
import { prove } from './prove.ts';
import { show } from './show.ts';
import type { WalkOptions, WalkRequest } from './walk-request.ts';
import { tellPods } from './workloads.ts';

export interface Walked {
  report: Report;
  /** What kept the report from being whole; they weigh in the exit code. */
  errors: VaultbindError[];
  exit: ExitCode;
  /** Something was to be written, and the answer was yes. */
  worked: boolean;
  /** The plan was shown with its question. */
  shown: boolean;
}

export async function walk(io: Io, options: WalkOptions, request: WalkRequest): Promise<ExitCode> {
  const { held, unheld, chosen, wrong } = request;
  const read = unheld ?? held?.read;
  const writes = steps.some((step) => step.writes && chosen.has(step.name));
  const unasked = writes ? nobodyToAsk(io, options, request) : undefined;
  return await withOpened(
    io,
    options,
    'apply',
    async (opened) => {
      const walked = await walkOpened(io, options, opened, request);
      const exit = strongest(await show(io, walked.report, options, walked), walked.exit);
      if (exit === 0) tellPods(io, walked.report, opened.recipe);
      return exit;
    },
    { wrong: [unasked, wrong], read },
  );
}

/** The same without showing what came of it. */
export async function walkOpened(io: Io, options: WalkOptions, opened: Opened, request: WalkRequest): Promise<Walked> {
  const { target, reading, progress, recipe } = opened;
  const { held } = request;
  if (held) expectSameServers(held.plan, held.file, await identityOf(reading, held.read.recipe.files));
  const planned = await plan(steps, target, reading, { chosen: request.chosen, observer: progress.observer });
  if (held) expectSamePlan(held.plan, held.file, planned);
  checkRewrites(request.rewrite, planned);
  const work = toWrite(planned, request.rewrite);
  const worked = work.length > 0;
  if (worked) await checkRights(work, opened.session, target, permissionsCommand(recipe));
  const asked = worked && (await confirm(io, options, opened, planned, request));
  // From here on a signal is heard between two requests too: what was written is told.
  const done = io.work.begin();
  try {
    return { ...(await writeAndProve(io, options, opened, request, { planned, asked })), worked, shown: asked };
  } finally {
    done();
  }
}

async function writeAndProve(
  io: Io,
  options: WalkOptions,
  opened: Opened,
  request: WalkRequest,
  { planned, asked }: { planned: Plan; asked: boolean },
): Promise<Omit<Walked, 'worked' | 'shown'>> {
  const { target, progress, warnings, recipe, servers } = opened;
  const applied = await apply(asked ? await planAgain(opened, request, planned) : planned, opened.session, target, {
    observer: progress.observer,
    signal: io.signal,
    parallel: options.parallel,
    rewrite: request.rewrite,
  });
  const proved = await prove(io, options, opened, request, applied);
  progress.clear();
  const told = serverWarnings(opened.session.vault);
  const findings = [...warnings, ...applyFindings(applied, planned.others), ...proved.findings, ...told];
  return {
    report: report({ command: request.command, recipe, servers, findings, chain: proved.chain }),
    errors: [...refusalsOf(planned), ...proved.errors],
    exit: strongest(...exitsOf(applied), io.signal.aborted ? 130 : 0),
  };
}

function permissionsCommand({ files }: Recipe): Command {
  return vaultbind('permissions', { f: files, for: 'apply', out: 'rights' });
}

/** While the question stood there, somebody else may have written. Errors: FailedError when it is not what was shown. */
async function planAgain({ target, reading, session, progress }: Opened, { chosen }: WalkRequest, shown: Plan) {
  session.vault.forget();
  session.kubernetes.forget();
  const planned = await plan(steps, target, reading, { chosen, observer: progress.observer });
  expectStillSo(shown, planned);
  return planned;
}

function exitsOf(applied: Applied[]): ExitCode[] {
  return applied.flatMap(({ outcome, planned: { decision } }) => {
    if (outcome.result === 'failed') return [outcome.error.exit];
    return decision.action === 'unreadable' ? [decision.error.exit] : [];
  });
}

function checkRewrites(rewrite: ReadonlySet<string>, { planned }: Plan): void {
  const known = planned.filter(({ step, chosen }) => step.writes && chosen).map(({ resource }) => resource.address);
  InputError.throwAny(
    [...rewrite]
      .filter((address) => !known.includes(address))
      .map((address) => ({
        code: 'usage' as const,
        subject: address,
        message: `--rewrite ${address}: this recipe has no such object`,
        fix: [{ why: `the objects are: ${known.join(', ')}` }],
      })),
  );
}
