import type { Command } from '../command.ts';
import { type Applied, apply } from '../engine/apply.ts';
import { applyFindings, planFindings, serverWarnings } from '../engine/findings.ts';
import { type Plan, type Planned, plan, refusalsOf } from '../engine/plan.ts';
import { checkRights } from '../engine/rights/check.ts';
import { checksOf, type StepCheck, type Verified, verify } from '../engine/verify.ts';
import { type ExitCode, InputError, InterruptedError, strongest, type VaultbindError } from '../errors.ts';
import { configAddress } from '../model/addresses.ts';
import { vaultbind } from '../model/commands.ts';
import { canAsk, type Io } from '../model/io.ts';
import { type Finding, type Report, report } from '../model/report.ts';
import type { Servers } from '../model/servers.ts';
import { human } from '../output/human.ts';
import { styleOf } from '../output/layout/paint.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { identityOf } from '../saved-plan/identity.ts';
import { expectSamePlan, expectSameServers, expectStillSo } from '../saved-plan/stale.ts';
import { steps } from '../steps/index.ts';
import { type Opened, withOpened } from './open.ts';
import type { ConnectRequest } from './requests.ts';
import type { HeldPlan } from './saved-plan/hold-plan.ts';
import { show } from './show.ts';
import { tellPods } from './workloads.ts';

/** What apply and step share: plan, confirm, walk, read back, prove. */
export interface WalkOptions extends ConnectRequest {
  yes?: boolean;
}

export interface WalkRequest {
  /** Name in the report. */
  command: string;
  /** Names of the steps to walk. */
  chosen: ReadonlySet<string>;
  /** Addresses to write although they look equal. */
  rewrite: ReadonlySet<string>;
  /** A saved plan: what is planned now must be the same. */
  held?: HeldPlan;
  /** Why the saved plan that was named cannot be held to. */
  unheld?: VaultbindError;
  /** What is wrong with the other arguments, told with all else that is. */
  wrong?: InputError | undefined;
  /** The saved plan that stands for the recipe on the command line; absent: the -f that were given. */
  typed?: string;
  /** The checks to run afterwards, given the addresses that changed. */
  checks(all: StepCheck[], changed: ReadonlySet<string>): StepCheck[];
}

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

/** An error when writing needs a yes and there is nobody to ask. */
export function nobodyToAsk(
  io: Io,
  { yes, file }: WalkOptions,
  { command, typed }: Pick<WalkRequest, 'command' | 'typed'>,
): InputError | undefined {
  return yes || canAsk(io) ? undefined : confirmationNeeded(command, file, typed);
}

/** The same without showing what came of it. */
export async function walkOpened(io: Io, options: WalkOptions, opened: Opened, request: WalkRequest): Promise<Walked> {
  const { target, reading, progress, recipe } = opened;
  if (request.held) expectSameServers(request.held.plan, await identityOf(reading, request.held.read.recipe.files));
  const planned = await plan(steps, target, reading, { chosen: request.chosen, observer: progress.observer });
  if (request.held) expectSamePlan(request.held.plan, planned);
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

function toWrite({ planned }: Plan, rewrite: ReadonlySet<string>): Planned[] {
  return planned.filter(
    ({ chosen, decision: { action }, resource }) =>
      chosen && (action === 'create' || action === 'update' || (action === 'none' && rewrite.has(resource.address))),
  );
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

/** False: nobody was to be asked. Errors: InterruptedError when the answer is no. */
async function confirm(
  io: Io,
  options: WalkOptions,
  { recipe, servers, progress }: Opened,
  planned: Plan,
  { command, rewrite }: WalkRequest,
): Promise<boolean> {
  if (options.yes) return false;
  progress.clear();
  const style = { ...styleOf(io.env, io.stderr, options.verbose > 0), full: options.full === true };
  io.stderr.write(
    human(report({ command, recipe, servers, findings: planFindings(planned).map(asRewrite(rewrite)) }), style),
  );
  const { askToApply } = await import('../wizard/confirm.ts');
  if (await askToApply(io, questionOf(command, toWrite(planned, rewrite), servers))) return true;
  throw new InterruptedError({ code: 'declined', subject: '', message: 'nothing was written' });
}

/** Names every server that will be written to. */
function questionOf(command: string, work: Planned[], { vault, cluster }: Servers): string {
  const written = (system: 'vault' | 'kubernetes') => work.some(({ resource }) => resource.system === system);
  const places = [
    ...(vault && written('vault')
      ? [`${vault.address}${vault.namespace && `, Vault namespace ${vault.namespace}`}`]
      : []),
    ...(cluster && written('kubernetes')
      ? [cluster.context === '' ? cluster.server : `cluster ${cluster.context} (${cluster.server})`]
      : []),
  ];
  const what = work.length === 1 ? '1 change' : `${work.length} changes`;
  return `Apply ${what} to ${places.join(' and ')}${command === 'apply' ? '' : ` (${command})`}?`;
}

/** The plan shows no difference where one is written all the same. */
function asRewrite(rewrite: ReadonlySet<string>): (one: Finding) => Finding {
  const said = { status: 'pending', code: 'to-update', message: 'to write again, although it looks equal' } as const;
  return (one) => (one.status === 'ok' && rewrite.has(one.subject) ? { ...one, ...said } : one);
}

const inTheWay = new Set(['blocked', 'skipped', 'unreadable']);

/** Failures are not proved upon: what follows a broken write or stands on a blocked object would only say so again. */
async function prove(
  io: Io,
  options: WalkOptions,
  opened: Opened,
  request: WalkRequest,
  applied: Applied[],
): Promise<Verified> {
  const { target, progress } = opened;
  const broken = applied.some(({ outcome }) => outcome.result === 'failed' || outcome.result === 'not-reached');
  if (broken || io.signal.aborted) return { findings: [], chain: [], errors: [] };
  const stuck = addresses(applied, ({ planned: { decision } }) => inTheWay.has(decision.action));
  const changed = addresses(applied, ({ outcome: { result } }) => ['created', 'updated', 'theirs'].includes(result));
  const standing = checksOf(steps, target).filter(({ check }) => !check.about.some((address) => stuck.has(address)));
  const checks = request.checks(standing, changed);
  if (checks.length === 0) return { findings: [], chain: [], errors: [] };
  opened.session.vault.forget();
  opened.session.kubernetes.forget();
  const newLaboratory = () => opened.newLaboratory(changed.has(configAddress(target.recipe.auth.path)));
  return await verify(checks, newLaboratory, {
    settling: true,
    observer: progress.observer,
    parallel: options.parallel,
    signal: io.signal,
  });
}

function addresses(applied: Applied[], those: (one: Applied) => boolean): Set<string> {
  return new Set(applied.filter(those).map(({ planned }) => planned.resource.address));
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

function confirmationNeeded(command: string, files: string[], typed: string | undefined): InputError {
  const f = files.length === 0 ? ['RECIPE'] : files;
  return new InputError({
    code: 'confirmation-needed',
    subject: command,
    message: 'there is no terminal to ask in, and --yes was not given; nothing was contacted',
    fix: [
      { why: 'look first', command: vaultbind('plan', { f }) },
      {
        why: 'then say yes on the command line',
        command: vaultbind(
          command,
          { f: typed === undefined ? f : undefined, yes: true },
          ...(typed === undefined ? [] : [typed]),
        ),
      },
    ],
  });
}
