import { text } from 'node:stream/consumers';
import { InputError, InterruptedError, VaultbindError } from '../../errors.ts';
import { canAsk, type Io } from '../../model/io.ts';
import type { ChildRights } from '../../operator/child/child.ts';
import type { OperatorConnection } from '../../operator/connect.ts';
import type { OperatorLogins } from '../../operator/login/logins.ts';
import type { VaultOptions } from '../../vault/connection.ts';
import type { ConnectRequest } from '../requests.ts';

/** One login for all that a command opens, ended with the command, also on failure. */
export async function withLogins<T, O extends ConnectRequest>(
  options: O,
  body: (options: O & { logins: OperatorLogins }) => Promise<T>,
): Promise<T> {
  if (options.logins) return await body({ ...options, logins: options.logins });
  const { operatorLogins } = await import('../../operator/login/logins.ts');
  const logins = operatorLogins();
  try {
    return await body({ ...options, logins });
  } finally {
    await logins.end();
  }
}

/**
 * The connection with the token to work with: of a login, and of its child when that is to have these rights.
 * Errors: those of the login and the child; InterruptedError when Ctrl-C came while they went on.
 */
export async function logInAsOperator(
  io: Io,
  logins: OperatorLogins,
  connection: OperatorConnection,
  options: VaultOptions,
  rights?: ChildRights,
): Promise<OperatorConnection> {
  if (!connection.login && !rights) return connection;
  const own = await goOn(io, () => logins.connect(connection, options));
  return rights && !own.noToken ? await goOn(io, () => logins.child(own, options, rights)) : own;
}

async function goOn<T>(io: Io, work: () => Promise<T>): Promise<T> {
  stopIfInterrupted(io);
  const done = await work();
  stopIfInterrupted(io);
  return done;
}

function stopIfInterrupted({ signal }: Io): void {
  if (signal.aborted)
    throw new InterruptedError({ code: 'interrupted', subject: '', message: 'stopped; nothing was written' });
}

/** The same where it can be done without: what the login would have opened then fails with its refusal. */
export async function tryLogIn(...args: Parameters<typeof logInAsOperator>): Promise<OperatorConnection> {
  try {
    return await logInAsOperator(...args);
  } catch (error) {
    if (!(error instanceof VaultbindError) || error instanceof InterruptedError) throw error;
    const { login: _refused, ...connection } = args[2];
    return { ...connection, noToken: error };
  }
}

/** Everything on standard input, once. What is typed in a terminal would be seen, and `init` asks its questions there. */
export function stdinOnce(io: Io, { file }: Pick<ConnectRequest, 'file'>): () => Promise<string> {
  let taken = file.includes('-') ? 'the recipe already' : undefined;
  if (canAsk(io)) taken ??= 'the terminal';
  return async () => {
    if (taken !== undefined) throw stdinTaken(taken);
    taken = 'another secret of the login already';
    return await whole(io.stdin);
  };
}

/** A run may read its login several times, as what it opens needs it; what came can be read once. */
const kept = new WeakMap<Io['stdin'], Promise<string>>();

function whole(stdin: Io['stdin']): Promise<string> {
  const reading = kept.get(stdin) ?? text(stdin);
  kept.set(stdin, reading);
  return reading;
}

function stdinTaken(by: string): InputError {
  return new InputError({
    code: 'usage',
    subject: '-',
    message: `standard input cannot hold a secret of the login: it is ${by}`,
    fix: [{ why: 'name a file, or set the variable' }],
  });
}
