import { type Command, CommanderError } from 'commander';
import type { ReportRequest } from './actions/requests.ts';
import type { CommandContext } from './cli/command.ts';
import { buildProgram, commandNamed, wholeProgram } from './cli/program.ts';
import { BugError, type ExitCode, InputError, InterruptedError, strongest, VaultbindError } from './errors.ts';
import { vaultbind } from './model/commands.ts';
import type { GivenIo, Io } from './model/io.ts';
import { printingFor } from './model/printed.ts';
import type { GivenFlags } from './model/this-run.ts';
import { tidyingEnds, workUntil } from './model/work.ts';
import { columnsOf } from './output/layout/columns.ts';
import { createEnding, leftText } from './process/ending.ts';
import { heldOpen, isReaderGone, lostText, type OutputStream } from './process/lost-output.ts';
import { scrub } from './secret.ts';

/**
 * One call of the program: the only catch-all. Errors of every kind become text (or JSON) and an exit code here, and no
 * end is reached before the ledger is drained and what may be left is told.
 */
export async function run(argv: string[], given: GivenIo): Promise<ExitCode> {
  const ci = argv.includes('--ci') ? { ci: true } : {};
  const io: Io = { ...given, ...ci, started: performance.now(), work: given.work ?? workUntil(given.signal) };
  const flags: GivenFlags = {};
  return await printingFor(flags, () => ended(io, () => commanded(argv, io, flags)));
}

async function ended(io: Io, end: () => Promise<ExitCode>): Promise<ExitCode> {
  const { ledger } = io.work;
  try {
    return await end();
  } finally {
    await ledger.drain(tidyingEnds);
    io.stderr.write(leftText(ledger));
  }
}

/** @param flags filled with what was given, before anything is done */
async function commanded(argv: string[], io: Io, flags: GivenFlags): Promise<ExitCode> {
  const state: { exit: ExitCode } = { exit: 0 };
  const context: CommandContext = {
    io,
    run,
    program: () => wholeProgram(context),
    action:
      (body) =>
      async (...args) => {
        state.exit = await body(...args);
      },
  };
  try {
    const [name = '', next = ''] = argv.filter((word) => !word.startsWith('-'));
    const program = await buildProgram(name === 'help' ? [name, next] : [name], context);
    speakThrough(program, io);
    program.hook('preAction', (_, called) => void Object.assign(flags, givenIn(called.opts())));
    if (argv.length === 0) {
      program.outputHelp();
      return 0;
    }
    await program.parseAsync(argv, { from: 'user' });
    return state.exit;
  } catch (error) {
    return await explain(error, argv, io);
  }
}

function givenIn({ vaultAddr, vaultNamespace, context, kubeconfig, ceiling, env }: GivenFlags): GivenFlags {
  return { vaultAddr, vaultNamespace, context, kubeconfig, ceiling, env };
}

/** Commander writes and exits by itself unless told otherwise, command by command. */
function speakThrough(command: Command, io: Io): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => io.stdout.write(text),
    writeErr: (text) => io.stderr.write(text),
    // What is wrong with the words is told as every other mistake.
    outputError: () => undefined,
    getOutHelpWidth: () => columnsOf(io.env, io.stdout) ?? 80,
  });
  for (const sub of command.commands) speakThrough(sub, io);
}

async function explain(error: unknown, argv: string[], io: Io): Promise<ExitCode> {
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  const known = knownOf(error, argv);
  const [{ problemsText }, { styleOf }, { report, findingOf }, { reportJson }, { tell }] = await Promise.all([
    import('./output/problems.ts'),
    import('./output/layout/paint.ts'),
    import('./model/report.ts'),
    import('./output/json.ts'),
    import('./actions/reports/write-reports.ts'),
  ]);
  const textOf = (one: VaultbindError) => scrub(problemsText(one, styleOf(io.env, io.stderr, false)));
  const status = known instanceof InterruptedError ? 'skipped' : 'failed';
  const findings = known.problems.map((problem) => findingOf(problem, problem.severity ?? status));
  const result = { ...report({ command: commandIn(argv), findings }), ok: false };
  if (asksForJson(argv)) io.stdout.write(reportJson(result));
  // Commander has already printed the help of a command that does nothing by itself.
  const text = error instanceof CommanderError && error.code === 'commander.help' ? '' : textOf(known);
  try {
    await tell(io, result, reportOptionsIn(argv), { text, stream: io.stderr });
    return known.exit;
  } catch (unwritten) {
    const second = knownOf(unwritten, argv);
    io.stderr.write(textOf(second));
    return strongest(known.exit, second.exit);
  }
}

function knownOf(error: unknown, argv: string[]): VaultbindError {
  if (error instanceof CommanderError) return usage(error, argv);
  return error instanceof VaultbindError ? error : bug(error);
}

/** As reports name it: `plan`, `step bind-role`. */
function commandIn(argv: string[]): string {
  const at = argv.findIndex((word) => !word.startsWith('-'));
  const [first = '', second = '-'] = at === -1 ? [] : argv.slice(at);
  return /^(step|sandbox)$/.test(first) && !second.startsWith('-') ? `${first} ${second}` : commandNamed(first);
}

function asksForJson(argv: string[]): boolean {
  return argv.some(
    (word, index) =>
      /^(-o=?json|--output=json)$/.test(word) || (/^(-o|--output)$/.test(word) && argv[index + 1] === 'json'),
  );
}

/** The words say it also where commander could not take them apart. */
function reportOptionsIn(argv: string[]): ReportRequest {
  const values = (...flags: string[]) =>
    argv.flatMap((word, index) => {
      const [flag = '', ...value] = word.split('=');
      if (flags.includes(word)) return argv[index + 1] ?? [];
      return flags.includes(flag) && flag.startsWith('--') ? value.join('=') : [];
    });
  const output = asksForJson(argv) ? 'json' : 'human';
  return { report: values('--report'), file: values('-f', '--file'), output };
}

function usage(error: CommanderError, argv: string[]): InputError {
  const [said = '', near] = error.message.replace(/^error: /, '').split('\n');
  const meant = /^\(Did you mean (.+)\?\)$/.exec(near ?? '')?.[1];
  const message = meant === undefined ? said : `${said}; did you mean ${meant.replace(/^(?!one of)(.+)$/, '"$1"')}?`;
  const about = error.code === 'commander.unknownCommand' ? '' : ` ${commandIn(argv)}`;
  const fix = [{ why: 'see what there is', command: vaultbind(`help${about}`) }];
  return new InputError({ code: 'usage', subject: '', message, fix: meant === undefined ? fix : [] });
}

function bug(error: unknown): BugError {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new BugError({
    code: 'bug',
    subject: '',
    message: `this is a bug in vaultbind: ${scrub(stack)}`,
    fix: [{ why: 'please report it with the lines above' }],
  });
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The real process: signals, streams, and the only process.exit. */
export async function start(): Promise<void> {
  const out = heldOpen(process.stdout);
  const err = heldOpen(process.stderr);
  const ending = createEnding({
    listen: (heard) => {
      for (const name of signals) process.on(name, heard);
      return () => {
        for (const name of signals) process.off(name, heard);
      };
    },
    say: (text) => void process.stderr.write(text),
    exit: (code) => process.exit(code),
  });
  const argv = process.argv.slice(2);
  const { env, stdin, stdout, stderr } = process;
  const io: Io = { env, cwd: process.cwd(), stdin, stdout, stderr, ...ending };
  // What nobody waited for: told as every other mistake of ours, and what was made is ended all the same.
  const crash = (error: unknown) =>
    ended(io, () => explain(error, argv, io))
      .then((exit) => told(exit, out, err))
      .then((exit) => process.exit(exit));
  process.on('uncaughtException', crash).on('unhandledRejection', crash);
  process.exit(await told(await run(argv, io), out, err));
}

/** The exit code of a run whose output may not have arrived. */
async function told(exit: ExitCode, out: OutputStream, err: OutputStream): Promise<ExitCode> {
  process.exitCode = exit;
  const lost = await out.ended();
  const missed = lost !== undefined && !isReaderGone(lost);
  if (missed) process.stderr.write(lostText(lost));
  await err.ended();
  return missed ? strongest(exit, 74) : exit;
}
