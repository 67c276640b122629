import { type ChildProcess, spawn } from 'node:child_process';
import { type Fix, InterruptedError, SystemError, type VaultbindError } from '../../errors.ts';
import { kubectl } from '../../model/commands.ts';
import type { Environment } from '../../model/environment.ts';
import { scrub } from '../../secret.ts';

/** A credential plugin as the kubeconfig configures it, checked. */
export interface ExecPlugin {
  /** Absolute, or a name looked up in PATH. */
  command: string;
  args: string[];
  env: Record<string, string>;
  apiVersion: string;
  installHint?: string;
  /** Spec of KUBERNETES_EXEC_INFO; undefined unless provideClusterInfo. */
  cluster?: Record<string, unknown>;
  /** Gets our standard input. */
  interactive: boolean;
}

export interface ExecOptions {
  env: Environment;
  /** Milliseconds. Default 60 s, 5 minutes when interactive. */
  timeout?: number;
  /** Told, line by line and scrubbed, what the plugin says on stderr while it runs, e.g. a page to open for login. */
  notice?: (line: string) => void;
  /** Kills it. */
  signal?: AbortSignal;
  /** Told that it runs, so that a signal is heard; the answer when it does not any more. */
  begin?: () => () => void;
}

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs it to its end, without a shell. @throws SystemError kubernetes-plugin-failed when it has none of its own. */
export function runPlugin(plugin: ExecPlugin, options: ExecOptions): Promise<Outcome> {
  return new Promise((settle, refuse) => {
    const child = spawn(plugin.command, plugin.args, {
      env: { ...options.env, ...plugin.env, KUBERNETES_EXEC_INFO: execInfo(plugin) },
      stdio: [plugin.interactive ? 'inherit' : 'ignore', 'pipe', 'pipe'],
      signal: options.signal,
      killSignal: 'SIGKILL',
    });
    const over = options.begin?.();
    const heard = listen(child, options.notice);
    const seconds = (options.timeout ?? (plugin.interactive ? 300_000 : 60_000)) / 1000;
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      end(child);
    }, seconds * 1000);
    child.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      end(child);
      over?.();
      refuse(notStarted(plugin, error));
    });
    child.once('close', (code, killedBy) => {
      clearTimeout(timer);
      over?.();
      if (late) refuse(failed(plugin, `gave no answer within ${seconds} s`, heard.stderr));
      else if (code === null) refuse(failed(plugin, `was ended by ${killedBy}`, heard.stderr));
      else settle({ code, ...heard });
    });
  });
}

function listen(child: ChildProcess, notice: ExecOptions['notice']): { stdout: string; stderr: string } {
  const heard = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    heard.stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    heard.stderr = (heard.stderr + text).slice(-4000);
    if (notice) for (const line of text.split(/\r?\n/)) if (line.trim() !== '') notice(printable(scrub(line)));
  });
  return heard;
}

function end(child: ChildProcess): void {
  child.kill('SIGKILL');
  // A grandchild may hold the pipes open: they are not waited for.
  child.stdout?.destroy();
  child.stderr?.destroy();
}

/** What the plugin gets to know, in the version the kubeconfig asks for. */
function execInfo(plugin: ExecPlugin): string {
  return JSON.stringify({
    apiVersion: plugin.apiVersion,
    kind: 'ExecCredential',
    spec: { cluster: plugin.cluster, interactive: plugin.interactive },
  });
}

function notStarted(plugin: ExecPlugin, error: NodeJS.ErrnoException): VaultbindError {
  if (error.name === 'AbortError') {
    const subject = `credential plugin ${plugin.command}`;
    return new InterruptedError({ code: 'interrupted', subject, message: `interrupted while the ${subject} ran` });
  }
  const what = error.code === 'ENOENT' ? 'is not installed, or not in PATH' : `could not be started (${error.code})`;
  const hint = plugin.installHint ? [{ why: printable(scrub(plugin.installHint)) }] : [];
  return failed(plugin, what, '', hint);
}

export function failed(plugin: ExecPlugin, what: string, stderr: string, hints: Fix[] = []): SystemError {
  const said = printable(scrub(stderr)).trim();
  return new SystemError({
    code: 'kubernetes-plugin-failed',
    subject: `credential plugin ${plugin.command}`,
    message: `the credential plugin ${plugin.command} of the kubeconfig ${what}`,
    fix: [
      ...hints,
      { why: 'Make kubectl work with this context first; it runs the same plugin.', command: kubectl('auth whoami') },
    ],
    ...(said && { evidence: [{ experiment: `stderr of ${plugin.command}`, said }] }),
  });
}

/** Text of a plugin without the control sequences that would change the terminal. */
function printable(text: string): string {
  return text.replace(/[^\P{C}\n\t]/gu, '');
}
