import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SystemError } from '../../errors.ts';
import { scrub } from '../../secret.ts';
import type { SandboxContext } from '../options.ts';
import { guard, release } from './guardian.ts';
import { pause, throwIfInterrupted } from './interrupt.ts';
import { endProcess, identify, isAlive, signalProcess } from './process-identity.ts';
import type { ServerProcess } from './server-process.ts';

export interface ServerCommand {
  name: string;
  /** Absolute path. */
  program: string;
  /** Never holds a secret: any user of the machine can read the arguments of a process. */
  args: string[];
  /** Its home, working folder and place of its log. */
  folder: string;
}

/** A server found its port taken: start it again on another. */
export class PortTakenError extends Error {}

/** Its own process group, so that the terminal's Ctrl-C reaches us alone and we end it in order. */
export async function startProcess(command: ServerCommand, context: SandboxContext): Promise<ServerProcess> {
  throwIfInterrupted(context.signal);
  const log = join(command.folder, `${command.name}.log`);
  const output = await open(log, 'a', 0o600);
  try {
    const child = spawn(command.program, command.args, {
      cwd: command.folder,
      detached: true,
      stdio: ['ignore', output.fd, output.fd],
      env: { PATH: context.env['PATH'], HOME: command.folder },
    });
    await once(child, 'spawn').catch((error: Error) => {
      throw failed(command.name, `${command.program} cannot be run: ${error.message}`);
    });
    child.unref();
    if (!context.detached) guard(child.pid ?? 0);
    const identity = identify(child.pid ?? 0);
    if (!identity) throw await endedEarly(command.name, log);
    const started = { ...identity, name: command.name, log };
    context.onProcess?.(started);
    return started;
  } finally {
    await output.close();
  }
}

/**
 * Ended when this throws.
 * @throws PortTakenError; SystemError server-failed when it ends or is not ready in two minutes; InterruptedError.
 */
export async function untilReady(
  process: ServerProcess,
  isReady: () => Promise<boolean>,
  signal?: AbortSignal,
): Promise<void> {
  try {
    await waitUntilReady(process, isReady, signal);
  } catch (error) {
    await endServer(process);
    throw error;
  }
}

export async function endServer(server: ServerProcess): Promise<void> {
  await endProcess(server);
  release(server.pid);
}

/** At once, as a crash would. */
export async function killServer(server: ServerProcess): Promise<void> {
  signalProcess(server, 'SIGKILL');
  await endServer(server);
}

async function waitUntilReady(
  process: ServerProcess,
  isReady: () => Promise<boolean>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const end = Date.now() + 120_000;
  while (!(await isReady())) {
    if (!isAlive(process)) throw await endedEarly(process.name, process.log);
    if (Date.now() > end) throw failed(process.name, `not ready after two minutes: ${await lastLines(process.log)}`);
    await pause(50, signal);
  }
}

async function endedEarly(name: string, log: string): Promise<Error> {
  const said = await lastLines(log);
  if (/address already in use/i.test(said)) return new PortTakenError(said);
  return failed(name, `it ended at once: ${said}`);
}

function failed(name: string, message: string): SystemError {
  return new SystemError({ code: 'server-failed', subject: name, message: `${name} did not start: ${message}` });
}

async function lastLines(log: string): Promise<string> {
  const text = await readFile(log, 'utf8').catch(() => '');
  return scrub(text.trimEnd().split('\n').slice(-8).join('\n'));
}
