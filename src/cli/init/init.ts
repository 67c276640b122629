import { Command, Option } from 'commander';
import { optionsAt, waysOf } from '../../actions/init/connect-wizard.ts';
import { type Draft, openDraft } from '../../actions/init/draft.ts';
import { fileExists } from '../../actions/init/recipe-file.ts';
import { fileOf, refusalsOf, textOf } from '../../actions/init/recipe-text.ts';
import { refuseIfIncomplete } from '../../actions/init/refuse-incomplete.ts';
import { tellKept } from '../../actions/init/report-saved.ts';
import { keep } from '../../actions/init/save-recipe.ts';
import { howToRunAgain, type InitOptions } from '../../actions/init/unattended-line.ts';
import { withLogins } from '../../actions/login/log-in.ts';
import { limitsOf, withOpened } from '../../actions/open.ts';
import { show } from '../../actions/show.ts';
import { walkOpened } from '../../actions/walk.ts';
import { type ExitCode, InputError, InterruptedError, type Problem, strongest } from '../../errors.ts';
import { vaultbind } from '../../model/commands.ts';
import { canAsk, type Io } from '../../model/io.ts';
import type { OperatorLogins } from '../../operator/login/logins.ts';
import { styleOf } from '../../output/paint.ts';
import { wizardText } from '../../output/wizard.ts';
import type { Limit } from '../../recipe/rules/rule.ts';
import { textIn } from '../../recipe/tree.ts';
import { steps } from '../../steps/index.ts';
import type { Ask } from '../../wizard/ask.ts';
import { nobody } from '../../wizard/without-a-person.ts';
import { type Told, wizard } from '../../wizard/wizard.ts';
import type { CommandBuilder } from '../command.ts';
import { examples } from '../help/layout.ts';
import { mintFlags } from '../mint-flags.ts';
import { connectionFlags, readingOptions } from '../options.ts';
import { addAnswerFlags, givenAnswers } from './flags.ts';

/** The conversation and the walk after it work with one login. */
type SharedOptions = InitOptions & { logins: OperatorLogins };

export const initCommand: CommandBuilder = ({ io, action }) => {
  const command = readingOptions(mintFlags(connectionFlags(new Command('init'))), io)
    .summary('the wizard: asks what it cannot find out, and writes the recipe')
    .description(
      'Looks at both systems, asks what it cannot find out (also how to log in to Vault, where there is no token), writes a commented recipe, shows the plan, applies it after a yes, and proves it by a real login. Ctrl-C at any question leaves nothing behind.',
    )
    .addOption(
      new Option(
        '-f, --file <recipe>',
        'write it here; one that exists is gone on with: only what is missing or wrong is asked',
      )
        .default([], '<name>.yaml')
        .argParser((value: string) => [value]),
    )
    .option('-y, --yes', 'ask nothing: flags and defaults answer, and it is applied; needed without a terminal')
    .option('--write-only', 'write the recipe, and neither plan nor apply it');
  return addAnswerFlags(command)
    .configureHelp(
      examples(
        'vaultbind init',
        ['vaultbind init -f recipe.yaml', 'go on with one, or mend it'],
        'vaultbind init --yes --service-account default/my-sa --secret secret/data/myapp/config -f my-sa.yaml',
      ),
    )
    .action(action((options: InitOptions) => withLogins(options, (shared) => init(io, shared))));
};

async function init(io: Io, options: SharedOptions): Promise<ExitCode> {
  const terminal = canAsk(io);
  if (!options.yes && !terminal) throw nobodyToAsk();
  const limits = limitsOf(io, options);
  const draft = openDraft(io, options);
  if (options.yes) await refuseIfIncomplete(io, options, draft);
  const ask = await askFor(io, options);
  const told = await converseWith(io, options, ask, draft, limits);
  const kept = await keep({ io, ask, options, draft, told });
  if (told.stopped || options.writeOnly) return await tellKept(io, options, told, kept);
  return await applyIt(io, withContext(options, draft, told), kept.file, told);
}

async function askFor(io: Io, options: InitOptions): Promise<Ask> {
  const style = styleOf(io.env, io.stderr, options.verbose > 0);
  const tell: Ask['tell'] = (told) => {
    const isQuiet = options.yes && !('warning' in told);
    if (!isQuiet) io.stderr.write(wizardText(told, styleOf(io.env, io.stderr, false)));
  };
  if (options.yes) return nobody(tell);
  const { terminal } = await import('../../wizard/terminal.ts');
  return terminal(io, style, tell);
}

async function converseWith(io: Io, options: SharedOptions, ask: Ask, draft: Draft, limits: Limit[]): Promise<Told> {
  const { before, problems, file } = draft;
  const given = givenAnswers(options);
  const ways = waysOf(io, options);
  for (const { message } of problems) ask.tell({ warning: message });
  try {
    const told = await wizard({
      ...{ ask, ways, before, given, interruptible: interruptible(io) },
      refusals: (answers, left) => {
        const written = fileOf(draft, answers) ?? 'recipe.yaml';
        const text = textOf(draft, written, { answers, left });
        return refusalsOf({ io, options, limits, draft, file: written, text, halfDone: left.length > 0 });
      },
      exists: (name) => name !== file && fileExists(io.cwd, name),
    });
    const [first, ...rest] = told.problems;
    if (first) throw new InputError(first, ...rest);
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
function withContext(options: SharedOptions, { before }: Draft, { answers }: Told): SharedOptions {
  const at = ['cluster', 'context'];
  const answered = textIn(answers, at);
  if (answered === undefined || answered === textIn(before.answers, at)) return options;
  return { ...options, context: answered };
}

async function applyIt(io: Io, options: InitOptions, file: string, { apiHost, connected }: Told): Promise<ExitCode> {
  const { way, where } = connected;
  const walking: InitOptions = {
    ...optionsAt(options, { ...where, address: way.address }),
    file: [file],
    // A host that only stood in the file is a stranger's word: apply judges it.
    ...(apiHost !== undefined && options.clusterHost === undefined && { clusterHost: apiHost }),
  };
  try {
    const exit = await walkIt(io, walking);
    if (exit === 0) io.stderr.write(howToRunAgain(io, file, walking, way.namespace));
    return exit;
  } catch (error) {
    // What is said of it is about the servers.
    if (error instanceof InterruptedError) io.stderr.write(`the recipe is in ${file}\n`);
    throw error;
  }
}

async function walkIt(io: Io, walking: InitOptions): Promise<ExitCode> {
  return await withOpened(io, walking, 'apply', async (opened) => {
    const walked = await walkOpened(io, walking, opened, {
      command: 'init',
      chosen: new Set(steps.map(({ name }) => name)),
      rewrite: new Set(),
      checks: (all) => ({ run: all, left: [] }),
    });
    return strongest(await show(io, walked.report, walking, walked.errors), walked.exit);
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
