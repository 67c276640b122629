import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build, root } from '../package/packed.ts';

export interface Child {
  /** The reader of both streams goes away. */
  deaf(): void;
  /** Once it has said so on stderr. */
  heard(text: string): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  /** Exit code, or the signal that ended it. */
  ended: Promise<{ exit: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string }>;
}

/** Builds the program as it is now, once, for tests that start it as a process of its own. */
export const buildProgram = build;

interface ProgramSettings {
  env: Record<string, string>;
  cwd: string;
  /** A file descriptor. Default: a pipe that is read. */
  stdout?: number;
  /** Standard input is a pipe that stays open. Default: there is none. */
  stdin?: 'pipe';
}

/** The built program as a process, without a terminal. */
export function startProgram(args: string[], { env, cwd, stdout, stdin }: ProgramSettings): Child {
  const child = spawn(process.execPath, [join(root, 'bin/vaultbind.js'), ...args], {
    env,
    cwd,
    stdio: [stdin ?? 'ignore', stdout ?? 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  child.stdout?.on('data', (piece) => (said.stdout += piece));
  child.stderr?.on('data', (piece) => (said.stderr += piece));
  return {
    deaf: () => {
      child.stdout?.destroy();
      child.stderr?.destroy();
    },
    heard: (text) =>
      new Promise((resolve) => {
        const look = () => said.stderr.includes(text) && resolve();
        child.stderr?.on('data', look);
        look();
      }),
    kill: (signal) => void child.kill(signal),
    ended: new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (exit, signal) => resolve({ exit, signal, ...said }));
    }),
  };
}
