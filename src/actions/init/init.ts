import { type ExitCode, InputError, InterruptedError, type Problem, strongest } from '../../errors.ts';
import { vaultbind } from '../../model/commands.ts';
import { canAsk, type Io } from '../../model/io.ts';
import { inWords } from '../../model/printed.ts';
import type { OperatorLogins } from '../../operator/login/logins.ts';
import { styleOf } from '../../output/layout/paint.ts';
import { plain } from '../../output/layout/plain.ts';
import { manifestKinds } from '../../output/manifests/kinds.ts';
import type { Workload } from '../../output/manifests/workload.ts';
import { wizardText } from '../../output/wizard.ts';
import type { Recipe } from '../../recipe/recipe.ts';
import type { Limit } from '../../recipe/rules/rule.ts';
import { textIn } from '../../recipe/tree.ts';
import { steps } from '../../steps/index.ts';
import type { Ask } from '../../wizard/ask.ts';
import { createGivenAnswers } from '../../wizard/given-answers.ts';
import { nobody } from '../../wizard/without-a-person.ts';
import { type WizardResult, wizard } from '../../wizard/wizard.ts';
import { withOpened } from '../open.ts';
import { limitsOf } from '../read-recipes.ts';
import { show } from '../show.ts';
import { walkOpened } from '../walk.ts';
import { workloadsOf } from '../workloads.ts';
import { optionsAt, waysOf } from './connect-wizard.ts';
import { openDraft, type RecipeDraft } from './draft.ts';
import { howToGoOn, type Sofar } from './go-on-line.ts';
import { fileExists } from './recipe-file.ts';
import { fileOf, reasonsNotToWrite, recipeText } from './recipe-text.ts';
import { refuseIfIncomplete } from './refuse-incomplete.ts';
import { tellKept } from './report-saved.ts';
import type { InitRequest } from './request.ts';
import { keep } from './save-recipe.ts';
import { howToRunAgain } from './unattended-line.ts';

/** The conversation and the walk after it work with one login. */
export type SharedOptions = InitRequest & { logins: OperatorLogins };

export async function init(io: Io, options: SharedOptions): Promise<ExitCode> {
  const terminal = canAsk(io);
  if (!options.yes && !terminal) throw nobodyToAsk();
  const limits = limitsOf(io, options);
  const draft = openDraft(io, options);
  if (options.yes) await refuseIfIncomplete(io, options, draft);
  const ask = await askFor(io, options);
  const sofar: Sofar = { said: createGivenAnswers() };
  const told = await converseWith(io, options, { ask, draft, limits, sofar }).catch((error: unknown) => {
    if (error instanceof InterruptedError) io.stderr.write(howToGoOn(io, options, sofar));
    throw error;
  });
  const kept = await keep({ io, ask, options, draft, told });
  if (options.writeOnly) return await tellKept(io, options, told, kept);
  return await applyIt(io, withCluster(options, draft, told), kept.file, told);
}

async function askFor(io: Io, options: InitRequest): Promise<Ask> {
  const style = styleOf(io.env, io.stderr, options.verbose > 0);
  const tell: Ask['tell'] = (told) => {
    const isQuiet = options.yes && !('warning' in told);
    if (!isQuiet) io.stderr.write(wizardText(told, styleOf(io.env, io.stderr, false)));
  };
  if (options.yes) return nobody(tell);
  const { terminal } = await import('../../wizard/terminal.ts');
  return terminal(io, style, tell);
}

interface Conversing {
  ask: Ask;
  draft: RecipeDraft;
  limits: Limit[];
  sofar: Sofar;
}

async function converseWith(
  io: Io,
  options: SharedOptions,
  { ask, draft, limits, sofar }: Conversing,
): Promise<WizardResult> {
  const { before, problems, file } = draft;
  const given = options.answers;
  const ways = waysOf(io, options);
  for (const { message } of problems) ask.tell({ warning: message });
  try {
    const told = await wizard({
      ...{ ask, ways, before, given, said: sofar.said, interruptible: interruptible(io) },
      onConnection: (connection) => void Object.assign(sofar, connection),
      refusals: (answers) => {
        const written = fileOf(draft, answers) ?? 'recipe.yaml';
        return reasonsNotToWrite({
          io,
          options,
          limits,
          draft,
          file: written,
          text: recipeText(io, draft, written, answers),
        });
      },
      exists: (name) => name !== file && fileExists(io.cwd, name),
    });
    InputError.throwAny(told.problems);
    return told;
  } finally {
    await ways.close();
  }
}

/** Ctrl-C between two questions does not wait for what is being looked at. */
function interruptible({ signal }: Io): <T>(look: Promise<T>) => Promise<T> {
  const stopped = new Promise<never>((_, fail) => {
    const stop = () =>
      fail(new InterruptedError({ code: 'interrupted', subject: '', message: 'stopped; nothing was written' }));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  stopped.catch(() => undefined);
  return (look) => Promise.race([stopped, look]);
}

/** The context that was answered in this run is the operator's word; one that only stood in the file is a stranger's. */
function withCluster(
  options: SharedOptions,
  { before }: RecipeDraft,
  { answers, kubeconfig }: WizardResult,
): SharedOptions {
  const at = ['cluster', 'context'];
  const answered = textIn(answers, at);
  const isNew = answered !== undefined && answered !== textIn(before.answers, at);
  return { ...options, ...(isNew && { context: answered }), ...(kubeconfig !== undefined && { kubeconfig }) };
}

async function applyIt(
  io: Io,
  options: InitRequest,
  file: string,
  { apiHost, connected }: WizardResult,
): Promise<ExitCode> {
  const { way, where } = connected;
  const walking: InitRequest = {
    ...optionsAt(options, { ...where, address: way.address }),
    file: [file],
    // A host that only stood in the file is a stranger's word: apply judges it.
    ...(apiHost !== undefined && options.clusterHost === undefined && { clusterHost: apiHost }),
  };
  try {
    const { exit, recipe } = await walkIt(io, walking);
    if (exit !== 0) return exit;
    io.stderr.write(await podText(workloadsOf(recipe, way)));
    io.stderr.write(howToRunAgain(io, file, walking, way.namespace));
    return exit;
  } catch (error) {
    if (!(error instanceof InterruptedError)) throw error;
    const declined = error.code === 'declined';
    const goOn = inWords(vaultbind('apply', { f: file }));
    io.stderr.write(`recipe kept: ${file}; ${declined ? 'servers unchanged; ' : ''}go on: ${goOn}\n`);
    if (!declined || options.output !== 'human') throw error;
    return error.exit;
  }
}

/** What the proof has shown to be enough. */
async function podText(workloads: Workload[]): Promise<string> {
  const manifest = await manifestKinds.app.load();
  return workloads
    .map((one) => plain(one))
    .map((one) => `\nIn your Pod, or the Pod template of your Deployment (role ${one.role}):\n\n${manifest(one)}`)
    .join('');
}

async function walkIt(io: Io, walking: InitRequest): Promise<{ exit: ExitCode; recipe: Recipe }> {
  return await withOpened(io, walking, 'apply', async (opened) => {
    const walked = await walkOpened(io, walking, opened, {
      command: 'init',
      chosen: new Set(steps.map(({ name }) => name)),
      rewrite: new Set(),
      checks: (all) => all,
    });
    const exit = strongest(await show(io, walked.report, walking, walked), walked.exit);
    return { exit, recipe: opened.recipe };
  });
}

function nobodyToAsk(): InputError {
  const problem: Problem = {
    code: 'confirmation-needed',
    subject: 'init',
    message: 'there is no terminal to ask in, and --yes was not given; nothing was contacted',
    fix: [
      {
        why: 'answer by flags',
        command: vaultbind('init', { yes: true, 'service-account': 'NAMESPACE/NAME', secret: 'PATH' }),
      },
      { why: 'the flags are in the help', command: vaultbind('init', { help: true }) },
    ],
  };
  return new InputError(problem);
}
