import { type Fix, SystemError } from '../../errors.ts';
import { gate } from '../../http/gate.ts';
import type { Transport } from '../../http/transport.ts';
import { authAddress } from '../../model/addresses.ts';
import { vault } from '../../model/commands.ts';
import { isForeign, isRedirect, saidIn, stringsIn } from '../../vault/answers/answers.ts';
import type { VaultLogin } from '../../vault/api.ts';
import { type Asking, createAsking } from '../../vault/asking.ts';
import { patience } from '../../vault/client.ts';
import type { VaultConnection, VaultOptions } from '../../vault/connection.ts';
import { loginGate } from '../../vault/gates.ts';
import { makeToken } from '../../vault/making.ts';
import type { VaultAnswer } from '../../vault/node-vault.ts';
import { dataOf, succeeded } from '../../vault/reader.ts';
import { wireTo } from '../../vault/wire.ts';
import { githubToken } from './github.ts';
import type { LoginDoor, LoginRequest } from './method.ts';
import { unwrappedBefore } from './wrapping.ts';

export interface OpenedDoor extends LoginDoor {
  /** Ends what was made through it; the ledger tells of what is left. */
  close(): Promise<void>;
}

/** A transport of its own, behind the narrowest gate there is; what it makes goes on living in the other clients. */
export function openDoor(connection: VaultConnection, options: VaultOptions): OpenedDoor {
  const wire = wireTo(connection, options);
  const transport = gate(wire, 'a login', loginGate);
  const page = options.work.ledger.page();
  const asking = createAsking({ connection, transport, ungated: transport, warnings: [], page });
  const { rate: _vaults, ...withoutRate } = connection;
  const outside: Transport[] = [];
  return {
    login: (request) => login(asking, request),
    lookupWrapped: async (token) => {
      const path = 'sys/wrapping/lookup';
      const answer = await asking.as(undefined).write(path, { token: token.reveal() }, { repeatable: true });
      if (!succeeded(answer)) throw await wrappingError(asking, path, answer);
      return { creationPath: creationPathIn(answer, connection.namespace) };
    },
    unwrap: async (token) => {
      const at = 'sys/wrapping/unwrap';
      const { answer } = await makeToken(asking, asking.as(token), { ...loginToken, at, data: {} }, endingOf(asking));
      if (!succeeded(answer)) throw await wrappingError(asking, at, answer);
      return answer.body ?? {};
    },
    githubToken: (environment, audience) => {
      // Another server: neither Vault's certificates nor Vault's proxy nor its namespace are for it.
      const other = wireTo({ ...withoutRate, tls: {}, proxy: 'environment' }, options);
      outside.push(other);
      return githubToken(other, environment, audience);
    },
    close: async () => {
      await page.drain(patience(connection));
      await Promise.all([wire, ...outside].map((one) => one.close()));
    },
  };
}

/** It is the operator's own, so nobody but itself can end it. */
const loginToken = {
  kind: 'login token' as const,
  who: '',
  lives: () => "what the login's role says, else the mount's default",
};

function endingOf(asking: Asking) {
  return { as: ({ token }: VaultLogin) => asking.as(token), operator: false };
}

async function login(asking: Asking, { mount, path, data, as, causes }: LoginRequest): Promise<VaultLogin> {
  const at = `${authAddress(mount)}/${path}`;
  const { answer, login: made } = await makeToken(
    asking,
    asking.as(undefined),
    { ...loginToken, at, data },
    endingOf(asking),
  );
  if (!succeeded(answer)) {
    if (!isRefusal(answer)) throw await asking.refuse({ verb: 'write', path: at }, answer);
    const said = saidIn(answer);
    throw refused(authAddress(mount), as, `Vault answered ${answer.status}: ${said || 'nothing more'}`, [
      ...(/invalid role name|role "[^"]*" could not be found/.test(said) ? [noSuchRole(mount)] : causes),
      ...otherMount(mount, answer),
    ]);
  }
  if (made) return made;
  throw refused(authAddress(mount), as, 'Vault gave no token: it wants a second factor, and nobody is there to ask', [
    { why: 'use a login method without multi-factor authentication' },
  ]);
}

function noSuchRole(mount: string): Fix {
  const command = vault('list', [`${authAddress(mount)}/role`]);
  return {
    why: 'there is no role of that name there: see which there are, and name one with --vault-login-role',
    command,
  };
}

/** Vault itself says no to this login; anything else is about the server. */
function isRefusal(answer: VaultAnswer): boolean {
  if (isForeign(answer) || isRedirect(answer)) return false;
  const outage = /sealed|standby|not initialized|active cluster node|node not active/i.test(saidIn(answer));
  return answer.status < 502 && answer.status !== 429 && !outage && !/namespace not found/i.test(saidIn(answer));
}

/** Vault answers the same where nothing is enabled, so that nobody can look for mounts. */
function otherMount(mount: string, { status, body }: VaultAnswer) {
  const bare = /^permission denied$|no handler for route|unsupported path|route entry not found/;
  const said = stringsIn(body?.['errors']).join(' ');
  if ((status !== 403 && status !== 404) || !bare.test(said)) return [];
  return [
    {
      why: `the same is said when nothing is enabled at ${authAddress(mount)}, or another method: see which path it is, and name it with --vault-login-path`,
      command: vault('auth list'),
    },
  ];
}

function refused(subject: string, as: string, said: string, fix: LoginRequest['causes']): SystemError {
  const who = as === '' ? '' : ` with ${as}`;
  return new SystemError({
    code: 'operator-login-refused',
    subject,
    message: `the login at ${subject}${who} was refused: ${said}`,
    fix,
  });
}

async function wrappingError(asking: Asking, path: string, answer: VaultAnswer) {
  return isRefusal(answer)
    ? unwrappedBefore(saidIn(answer) || String(answer.status))
    : await asking.refuse({ verb: 'write', path }, answer);
}

/** Vault names it from the root; we name paths from our Vault namespace. */
function creationPathIn(answer: VaultAnswer, namespace: string): string {
  const path = String(dataOf(answer)?.['creation_path'] ?? '');
  return namespace !== '' && path.startsWith(`${namespace}/`) ? path.slice(namespace.length + 1) : path;
}
