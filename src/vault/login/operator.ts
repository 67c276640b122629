import type { VaultLogin } from '../api.ts';
import type { VaultOptions } from '../client.ts';
import type { VaultConnection } from '../connect.ts';
import { type OpenedDoor, openDoor } from './door.ts';

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

/** The logins of one run of a command: one for each Vault, whatever asks for it, all ended with the run. */
export interface OperatorLogins {
  /**
   * The same connection with the token of its login; as it is when it has a token already.
   * Errors: of LoginMethod.login.
   */
  connect(connection: VaultConnection, options: VaultOptions): Promise<VaultConnection>;
  /** Revokes what was made; goes out even after an interruption. */
  end(): Promise<LeftToken[]>;
}

interface Made {
  at: string;
  door: OpenedDoor;
  login: VaultLogin;
}

export function operatorLogins(): OperatorLogins {
  const known = new Map<string, Promise<VaultConnection>>();
  const made: Made[] = [];
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
      return { ...rest, token: login.token, tokenFrom: from, lease: { at, ttl: login.ttl, since: Date.now() } };
    } catch (error) {
      await door.close();
      throw error;
    }
  };
  return {
    connect: (connection, options) => {
      const key = `${connection.address} ${connection.namespace}`;
      const login = connection.login ? (known.get(key) ?? logIn(connection, options)) : Promise.resolve(connection);
      if (connection.login) known.set(key, login);
      return login;
    },
    end: async () => (await Promise.all(made.splice(0).map(end))).flat(),
  };
}

async function end({ at, door, login }: Made): Promise<LeftToken[]> {
  try {
    const why = await door.revoke(login);
    return why === 'ended' ? [] : [{ at, why, accessor: login.accessor, ttl: login.ttl }];
  } finally {
    await door.close();
  }
}
