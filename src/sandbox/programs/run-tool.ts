import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { InputError, SystemError } from '../../errors.ts';
import type { Environment } from '../../model/environment.ts';
import { scrub } from '../../secret.ts';
import type { SandboxContext } from '../options.ts';
import { guard, release } from '../processes/guardian.ts';
import { throwIfInterrupted } from '../processes/interrupt.ts';
import { findInstalled } from './installed.ts';

/** A program of the machine that fetching or building needs. */
export interface Tool {
  /** Names it may have, the best first. */
  names: string[];
  needed: string;
  install: string;
}

/** @throws InputError tool-missing, naming what to install. */
export function requireTool(tool: Tool, env: Environment): string {
  for (const name of tool.names) {
    const path = findInstalled(name, env);
    if (path !== undefined) return path;
  }
  throw toolMissing(tool.names[0] ?? '', tool.needed, tool.install);
}

export function toolMissing(name: string, needed: string, install: string): InputError {
  const message = `${name} is not installed, and it is needed ${needed}`;
  return new InputError({ code: 'tool-missing', subject: name, message, fix: [{ why: install }] });
}

export interface ToolRun {
  args: string[];
  cwd: string;
  env?: Environment;
  /** Told of each line of stdout and stderr. */
  onLine?: (line: string) => void;
}

/**
 * Runs it to its end; its whole process group is ended when the signal is aborted, or this process ends.
 * @throws SystemError build-failed with its last lines.
 */
export async function runTool(subject: string, program: string, run: ToolRun, context: SandboxContext): Promise<void> {
  throwIfInterrupted(context.signal);
  const lines: string[] = [];
  const child = spawn(program, run.args, {
    cwd: run.cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...context.env, ...run.env },
  });
  const stop = () => endGroup(child.pid);
  if (child.pid !== undefined) guard(child.pid);
  context.signal?.addEventListener('abort', stop);
  try {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line);
        if (lines.length > 200) lines.shift();
        run.onLine?.(line);
      });
    }
    const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
    throwIfInterrupted(context.signal);
    if (code !== 0) throw buildFailed(subject, lines);
  } finally {
    context.signal?.removeEventListener('abort', stop);
    if (child.pid !== undefined) release(child.pid);
  }
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

function buildFailed(subject: string, lines: string[]): SystemError {
  const said = scrub(lines.slice(-15).join('\n'));
  return new SystemError({
    code: 'build-failed',
    subject,
    message: `${subject} could not be installed`,
    evidence: [{ experiment: 'the last lines of the build', said }],
  });
}
