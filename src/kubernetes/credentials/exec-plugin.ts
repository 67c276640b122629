import { spawn } from 'node:child_process';
import { parse } from 'yaml';
import { z } from 'zod';
import { SystemError } from '../../errors.ts';
import { Secret, scrub } from '../../secret.ts';
import type { Environment } from '../kubeconfig/load.ts';
import type { Credential, CredentialSource } from './credentials.ts';

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
  signal?: AbortSignal;
}

const credentialSchema = z.object({
  apiVersion: z.string(),
  kind: z.literal('ExecCredential'),
  status: z.object({
    expirationTimestamp: z.coerce.date().nullish(),
    token: z.string().nullish(),
    clientCertificateData: z.string().nullish(),
    clientKeyData: z.string().nullish(),
  }),
});

/** Runs the plugin when credentials are needed, again when they end, and once more after a 401; never twice at once. */
export function execCredentials(plugin: ExecPlugin, options: ExecOptions): CredentialSource {
  let known: { credential: Credential; expires?: Date } | undefined;
  let running: Promise<Credential> | undefined;

  function run(): Promise<Credential> {
    running ??= runPlugin(plugin, options)
      .then((answer) => {
        known = answer;
        return answer.credential;
      })
      .finally(() => {
        running = undefined;
      });
    return running;
  }

  return {
    description: `credential plugin ${plugin.command}`,
    current: async () => (known && !(known.expires && known.expires <= new Date()) ? known.credential : run()),
    renew: async (rejected) => (known && known.credential !== rejected ? known.credential : run()),
  };
}

async function runPlugin(
  plugin: ExecPlugin,
  options: ExecOptions,
): Promise<{ credential: Credential; expires?: Date }> {
  const { code, stdout, stderr } = await execute(plugin, options);
  if (code !== 0) throw failed(plugin, `ended with exit code ${code}`, stderr);
  return understand(plugin, stdout, stderr);
}

function execute(plugin: ExecPlugin, options: ExecOptions): Promise<{ code: number; stdout: string; stderr: string }> {
  const timeout = options.timeout ?? (plugin.interactive ? 300_000 : 60_000);
  return new Promise((settle, refuse) => {
    const child = spawn(plugin.command, plugin.args, {
      env: { ...options.env, ...plugin.env, KUBERNETES_EXEC_INFO: execInfo(plugin) },
      stdio: [plugin.interactive ? 'inherit' : 'ignore', 'pipe', 'pipe'],
      signal: options.signal,
    });
    let stdout = '';
    let stderr = '';
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
      // A grandchild may hold the pipes open: they are not waited for.
      child.stdout?.destroy();
      child.stderr?.destroy();
    }, timeout);
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-4000);
      tell(text, options.notice);
    });
    child.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      refuse(notStarted(plugin, error));
    });
    child.once('close', (code, killedBy) => {
      clearTimeout(timer);
      if (late) refuse(failed(plugin, `gave no answer within ${timeout / 1000} s`, stderr));
      else if (code === null) refuse(failed(plugin, `was ended by ${killedBy}`, stderr));
      else settle({ code, stdout, stderr });
    });
  });
}

function tell(text: string, notice: ExecOptions['notice']): void {
  if (!notice) return;
  for (const line of text.split(/\r?\n/)) if (line.trim() !== '') notice(printable(scrub(line)));
}

/** What the plugin gets to know, in the version the kubeconfig asks for. */
function execInfo(plugin: ExecPlugin): string {
  return JSON.stringify({
    apiVersion: plugin.apiVersion,
    kind: 'ExecCredential',
    spec: { ...(plugin.cluster && { cluster: plugin.cluster }), interactive: plugin.interactive },
  });
}

function understand(plugin: ExecPlugin, stdout: string, stderr: string): { credential: Credential; expires?: Date } {
  const parsed = credentialSchema.safeParse(yamlOrNothing(stdout));
  if (!parsed.success) {
    const where = parsed.error.issues.map((issue) => issue.path.join('.') || 'everything').join(', ');
    throw failed(plugin, `did not print an ExecCredential (wrong: ${where})`, stderr);
  }
  const { apiVersion, status } = parsed.data;
  if (apiVersion !== plugin.apiVersion) {
    throw failed(plugin, `answered in ${scrub(apiVersion)}, and the kubeconfig asks for ${plugin.apiVersion}`, stderr);
  }
  if (!status.token && !status.clientCertificateData)
    throw failed(plugin, 'returned neither token nor certificate', stderr);
  if (!status.clientCertificateData !== !status.clientKeyData) {
    throw failed(plugin, 'returned a certificate without its key or the reverse', stderr);
  }
  const credential: Credential = {
    ...(status.token && { token: new Secret(status.token) }),
    ...(status.clientCertificateData && { cert: status.clientCertificateData }),
    ...(status.clientKeyData && { key: new Secret(status.clientKeyData) }),
  };
  return { credential, ...(status.expirationTimestamp && { expires: status.expirationTimestamp }) };
}

/** The parser's own error would quote the output, which holds the token. */
function yamlOrNothing(text: string): unknown {
  try {
    return parse(text, { logLevel: 'silent' });
  } catch {
    return undefined;
  }
}

function notStarted(plugin: ExecPlugin, error: NodeJS.ErrnoException): SystemError {
  const what = error.code === 'ENOENT' ? 'is not installed, or not in PATH' : `could not be started (${error.code})`;
  const hint = plugin.installHint ? [{ why: printable(scrub(plugin.installHint)) }] : [];
  return failed(plugin, what, '', hint);
}

function failed(
  plugin: ExecPlugin,
  what: string,
  stderr: string,
  hints: { why: string; command?: string }[] = [],
): SystemError {
  const said = printable(scrub(stderr)).trim();
  return new SystemError({
    code: 'kubernetes-plugin-failed',
    subject: `credential plugin ${plugin.command}`,
    message: `the credential plugin ${plugin.command} of the kubeconfig ${what}`,
    fix: [
      ...hints,
      { why: 'Make kubectl work with this context first; it runs the same plugin.', command: 'kubectl auth whoami' },
    ],
    ...(said && { evidence: [{ experiment: `stderr of ${plugin.command}`, said }] }),
  });
}

/** Text of a plugin without the control sequences that would change the terminal. */
function printable(text: string): string {
  return text.replace(/[^\P{C}\n\t]/gu, '');
}
