import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { InputError, InterruptedError, VaultbindError } from '../../errors.ts';
import type { ChildRights, LeftOfChild } from '../../vault/child/child.ts';
import { childTtl } from '../../vault/child/name.ts';
import type { VaultOptions } from '../../vault/client.ts';
import type { VaultConnection } from '../../vault/connect.ts';
import { type LeftBehind, type LeftToken, type OperatorLogins, operatorLogins } from '../../vault/login/operator.ts';
import { canAsk, type Io } from '../command.ts';
import type { ConnectOptions } from '../options.ts';

/** One login for all that a command opens, ended with the command, also on failure. */
export async function withLogins<T, O extends ConnectOptions>(
  io: Io,
  options: O,
  body: (options: O & { logins: OperatorLogins }) => Promise<T>,
): Promise<T> {
  if (options.logins) return await body({ ...options, logins: options.logins });
  const logins = operatorLogins();
  let ending: Promise<void> | undefined;
  const end = () => (ending ??= logins.end().then((left) => warn(io, left)));
  const endSoon = () => within(io, logins, end());
  io.endings?.add(endSoon);
  try {
    return await body({ ...options, logins });
  } finally {
    await end();
    io.endings?.delete(endSoon);
  }
}

/** Milliseconds that a second Ctrl-C still waits for Vault. */
const patience = 2000;

/** Errors: none; what could not be ended in that time is told. */
async function within(io: Io, logins: OperatorLogins, ending: Promise<void>): Promise<void> {
  const late = delay(patience, 'late' as const);
  if ((await Promise.race([ending, late])) !== 'late') return;
  const left = logins.standing();
  if (left.tokens.length + left.children.length > 0) return warn(io, left);
  io.stderr.write('warning: Vault did not answer in time; a token that it was just making may be there\n');
}

function warn(io: Io, { tokens, children }: LeftBehind): void {
  for (const line of [...children.flatMap(childLeft), ...tokens.map(leftBehind)]) io.stderr.write(`warning: ${line}\n`);
}

/**
 * The connection with the token to work with: of a login, and of its child when that is to have these rights.
 * Errors: those of the login and the child; InterruptedError when Ctrl-C came while they went on.
 */
export async function logIn(
  io: Io,
  logins: OperatorLogins,
  connection: VaultConnection,
  options: VaultOptions,
  rights?: ChildRights,
): Promise<VaultConnection> {
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
export async function tryLogIn(...args: Parameters<typeof logIn>): Promise<VaultConnection> {
  try {
    return await logIn(...args);
  } catch (error) {
    if (!(error instanceof VaultbindError) || error instanceof InterruptedError) throw error;
    const { login: _refused, ...connection } = args[2];
    return { ...connection, noToken: error };
  }
}

/** Everything on standard input, once. What is typed in a terminal would be seen, and `init` asks its questions there. */
export function stdinOnce(io: Io, { file }: Pick<ConnectOptions, 'file'>): () => Promise<string> {
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

function leftBehind({ at, why, accessor, ttl }: LeftToken): string {
  if (why === 'batch') return `the token of the login at ${at} is a batch token, which ends by itself after ${ttl} s`;
  const how = accessor === '' ? '' : `; to end it now: vault token revoke -accessor ${accessor}`;
  return `the token of the login at ${at} could not be revoked and is good for up to ${ttl} s${how}`;
}

function childLeft({ accessor, policy }: LeftOfChild): string[] {
  return [
    ...(accessor === ''
      ? []
      : [
          `the child token could not be revoked and is good for up to ${childTtl} s; to end it now: vault token revoke -accessor ${accessor}`,
        ]),
    ...(policy === ''
      ? []
      : [`the policy of the child token could not be removed; to remove it: vault policy delete ${policy}`]),
  ];
}
