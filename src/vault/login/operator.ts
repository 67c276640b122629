import type { VaultLogin } from '../api.ts';
import { type Child, type ChildRights, type LeftOfChild, makeChild } from '../child/child.ts';
import type { VaultOptions } from '../client.ts';
import type { VaultConnection } from '../connect.ts';
import { type OpenedDoor, openDoor } from './door.ts';
import type { TypedLogin } from './place.ts';

/** A token that is still there after the run. */
export interface LeftToken {
  /** Path of the login. */
  at: string;
  /** Batch tokens have no way to be ended. */
  why: 'batch' | 'failed';
  accessor: string;
  /** Seconds it was made for. */
  ttl: number;
}

/** What was made in Vault for this run and could not be taken back. */
export interface LeftBehind {
  tokens: LeftToken[];
  children: LeftOfChild[];
}

/**
 * The logins of one run of a command, all ended with the run: one for each Vault, whatever asks for it, and one for each
 * time that a person answered the questions.
 */
export interface OperatorLogins {
  /**
   * The same connection with the token of its login; as it is when it has a token already.
   * Errors: of LoginMethod.login.
   */
  connect(connection: VaultConnection, options: VaultOptions): Promise<VaultConnection>;
  /**
   * The same connection with the token of a child that has these rights.
   * Errors: of makeChild.
   */
  child(connection: VaultConnection, options: VaultOptions, rights: ChildRights): Promise<VaultConnection>;
  /** What stands in Vault as long as it is not ended. */
  standing(): LeftBehind;
  /** Revokes what was made, also by a login that is still under way; goes out even after an interruption. */
  end(): Promise<LeftBehind>;
}

interface Made {
  at: string;
  door: OpenedDoor;
  login: VaultLogin;
}

export function operatorLogins(): OperatorLogins {
  const known = new Map<TypedLogin | undefined, Map<string, Promise<VaultConnection>>>();
  const made: Made[] = [];
  const children = new Map<string, Promise<Child>>();
  const born: Child[] = [];
  const logIn = async (connection: VaultConnection, options: VaultOptions): Promise<VaultConnection> => {
    const { login: prepared, ...rest } = connection;
    if (!prepared) return connection;
    const { method, given } = prepared;
    const door = openDoor(connection, options);
    try {
      const login = await method.login(given, door);
      const at = `auth/${given.mount}`;
      made.push({ at, door, login });
      const from = `${method.name} login at ${at}`;
      return {
        ...rest,
        token: login.token,
        tokenFrom: from,
        lease: { at, of: 'login', ttl: login.ttl, since: Date.now() },
      };
    } catch (error) {
      await door.close();
      throw error;
    }
  };
  return {
    connect: (connection, options) => {
      if (!connection.login) return Promise.resolve(connection);
      const key = `${connection.address} ${connection.namespace}`;
      const before = known.get(connection.login.typed) ?? new Map<string, Promise<VaultConnection>>();
      const login = before.get(key) ?? logIn(connection, options);
      known.set(connection.login.typed, before.set(key, login));
      return login;
    },
    child: async (connection, options, rights) => {
      const key = `${connection.address} ${connection.namespace} ${JSON.stringify(rights)}`;
      const child = children.get(key) ?? makeChild(connection, options, rights);
      children.set(key, child);
      const one = await child;
      if (!born.includes(one)) born.push(one);
      return one.connection;
    },
    standing: () => ({ tokens: made.map(leftOf), children: born.map((child) => child.made) }),
    end: async () => {
      await Promise.allSettled([...known.values()].flatMap((logins) => [...logins.values()]));
      const left = await Promise.all([...children.values()].map(endChild));
      children.clear();
      born.splice(0);
      // A parent's end is its children's, but not that of the policies made for them.
      const tokens = (await Promise.all(made.map(end))).flat();
      made.splice(0);
      return { children: left.flat(), tokens: tokens };
    },
  };
}

function leftOf({ at, login: { type, accessor, ttl } }: Made): LeftToken {
  return { at, why: type === 'batch' ? 'batch' : 'failed', accessor, ttl };
}

async function end(one: Made): Promise<LeftToken[]> {
  const { door, login } = one;
  try {
    return (await door.revoke(login)) === 'ended' ? [] : [leftOf(one)];
  } finally {
    await door.close();
  }
}

/** One that could not be made has left nothing. */
async function endChild(made: Promise<Child>): Promise<LeftOfChild[]> {
  const child = await made.catch(() => undefined);
  const left = await child?.end();
  return left ? [left] : [];
}
