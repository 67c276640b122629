import { PassThrough, Writable } from 'node:stream';
import type { ExitCode } from '../../src/errors.ts';
import { run } from '../../src/main.ts';
import type { Io } from '../../src/model/io.ts';
import type { Report } from '../../src/model/report.ts';

export interface CliResult {
  exit: ExitCode;
  stdout: string;
  stderr: string;
}

export interface CliSettings {
  env: Record<string, string | undefined>;
  cwd: string;
  /** Default: never aborted. */
  signal?: AbortSignal;
  /** What is on standard input, which then ends. Default: it stays open and empty. */
  stdin?: string;
}

/** One call of the program in this process, without a terminal. */
export async function runCli(args: string[], { env, cwd, signal, stdin: typed }: CliSettings): Promise<CliResult> {
  const out = sink();
  const err = sink();
  const input = new PassThrough();
  if (typed !== undefined) input.end(typed);
  const stdin: Io['stdin'] = input;
  const io = {
    env,
    cwd,
    stdin,
    stdout: out.stream,
    stderr: err.stream,
    signal: signal ?? new AbortController().signal,
  };
  const exit = await run(args, io);
  return { exit, stdout: out.text(), stderr: err.text() };
}

export function reportOf({ stdout, stderr }: CliResult): Report {
  try {
    return JSON.parse(stdout) as Report;
  } catch {
    throw new Error(`stdout is no report:\n${stdout}\nstderr:\n${stderr}`);
  }
}

function sink(): { stream: Writable; text(): string } {
  const chunks: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk));
      done();
    },
  });
  return { stream, text: () => chunks.join('') };
}
