import { type Diagnosis, diagnose } from '../../causes/diagnose.ts';
import { literals } from '../../causes/literals/index.ts';
import type { CauseId } from '../../codes.ts';
import type { Target } from '../../contracts/target.ts';
import { type ExitCode, InputError } from '../../errors.ts';
import type { Examination } from '../../facts/examination.ts';
import { configAddress } from '../../model/addresses.ts';
import { vaultbind } from '../../model/commands.ts';
import type { Io } from '../../model/io.ts';
import { type Finding, finding } from '../../model/report.ts';
import { doctorText } from '../../output/doctor.ts';
import { styleOf } from '../../output/layout/paint.ts';
import type { ReadRecipe } from '../../recipe/recipe.ts';
import { steps } from '../../steps/index.ts';
import { nobodyToAsk } from '../confirm.ts';
import { withOpened } from '../open.ts';
import { type Walked, walkOpened } from '../walk.ts';
import type { WalkOptions } from '../walk-request.ts';
import { doctorReport } from './report.ts';

export interface Repaired {
  /** What the last look found. */
  examinations: Examination[];
  /** What was written, round after round. */
  written: Finding[];
  exit: ExitCode;
}

/** One fault hides the next; more than these in a row is no repair any more. */
const mostRounds = 5;

/**
 * Looks, applies what the recipe decides by the plan and the question of apply, and looks again, until nothing is
 * found, nothing can be written, or writing did not help.
 */
export async function repair(
  io: Io,
  options: WalkOptions,
  read: ReadRecipe,
  look: () => Promise<Examination[]>,
): Promise<Repaired> {
  const done: Repaired = { examinations: await look(), written: [], exit: 0 };
  let before = '';
  for (let round = 1; round <= mostRounds && !io.signal.aborted; round += 1) {
    const causes = done.examinations.flatMap(diagnose);
    const found = causes.map(({ cause, subject }) => `${cause} ${subject}`).join();
    if (causes.length === 0 || found === before) break;
    before = found;
    if (!options.yes) tell(io, options, done.examinations);
    const { worked, report, exit } = await write(io, options, read, causes);
    if (!worked) {
      done.written.push(nothingToMend(causes));
      break;
    }
    done.written.push(...report.findings.filter(isWriting));
    done.exit = exit;
    if (exit !== 0) break;
    done.examinations = await look();
  }
  return done;
}

function nothingToMend(causes: Diagnosis[]): Finding {
  const named = [...new Set(causes.map(({ cause }) => cause))].join(', ');
  const message = `--fix wrote nothing: all that the recipe decides is in place, and ${named} is mended by hand, as said below`;
  return finding({ code: 'nothing-to-mend', subject: '', status: 'skipped', message });
}

/** Who is asked whether to write must have seen why. */
function tell(io: Io, { verbose }: WalkOptions, examinations: Examination[]): void {
  const found = doctorReport(examinations, examinations[0]?.patient.recipe);
  io.stderr.write(doctorText(found, styleOf(io.env, io.stderr, verbose > 0)));
}

/** What is wrong without a recipe, which alone decides what may be written, and with nobody to ask. */
export function mayNotRepair(io: Io, options: WalkOptions): (InputError | undefined)[] {
  return [
    options.file.length > 0 ? undefined : nothingDecides(),
    nobodyToAsk(io, options, { command: 'doctor --fix' }),
  ];
}

function nothingDecides(): InputError {
  return new InputError({
    code: 'usage',
    subject: '--fix',
    message: '--fix writes what a recipe decides, and no recipe was given',
    fix: [{ why: 'name it', command: vaultbind('doctor', { fix: true, f: 'RECIPE' }) }],
  });
}

function isWriting({ status }: Finding): boolean {
  return status === 'created' || status === 'updated' || status === 'failed' || status === 'blocked';
}

/** From the recipe that the patients were taken from: what came on standard input is there once. */
async function write(io: Io, options: WalkOptions, read: ReadRecipe, causes: Diagnosis[]): Promise<Walked> {
  return await withOpened(
    io,
    options,
    'apply',
    async (opened) =>
      walkOpened(io, options, opened, {
        command: 'doctor --fix',
        chosen: new Set(steps.map(({ name }) => name)),
        rewrite: rewrites(causes, opened.target),
        // The next look proves it.
        checks: () => [],
      }),
    { read },
  );
}

/** The stored reviewer token cannot be read back, so a wrong one shows in no plan. */
function rewrites(causes: Diagnosis[], target: Target): Set<string> {
  const config = configAddress(target.recipe.auth.path);
  const ours = steps.some((step) => step.writes && step.resources(target).some(({ address }) => address === config));
  return new Set(
    ours && causes.some(({ cause, subject }) => isOfReviewerToken(cause, subject === config)) ? [config] : [],
  );
}

/** A reviewer that may not review is named by its account, and by the config when its token is not the one that was meant. */
function isOfReviewerToken(cause: CauseId, ofConfig: boolean): boolean {
  return literals[cause].ofStoredToken === true || (cause === 'reviewer-forbidden' && ofConfig);
}
