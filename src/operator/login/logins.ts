import { authAddress } from '../../model/addresses.ts';
import type { VaultOptions } from '../../vault/connection.ts';
import { type Child, type ChildRights, makeChild } from '../child/child.ts';
import type { OperatorConnection } from '../connect.ts';
import { type OpenedDoor, openDoor } from './login-client.ts';
import type { TypedLogin } from './place.ts';

/**
 * The logins of one run of a command, all ended with the run: one for each Vault, whatever asks for it, and one for each
 * time that a person answered the questions.
 */
export interface OperatorLogins {
  /**
   * The same connection with the token of its login; as it is when it has a token already.
   * Errors: of LoginMethod.login.
   */
  connect(connection: OperatorConnection, options: VaultOptions): Promise<OperatorConnection>;
  /**
   * The same connection with the token of a child that has these rights.
   * Errors: of makeChild.
   */
  child(connection: OperatorConnection, options: VaultOptions, rights: ChildRights): Promise<OperatorConnection>;
  /**
   * Ends what was made, also by a login that is still under way; goes out even after an interruption. The ledger tells
   * of what is left.
   */
  end(): Promise<void>;
}

export function operatorLogins(): OperatorLogins {
  const known = new Map<TypedLogin | undefined, Map<string, Promise<OperatorConnection>>>();
  const doors: OpenedDoor[] = [];
  const children = new Map<string, Promise<Child>>();
  const logIn = async (connection: OperatorConnection, options: VaultOptions): Promise<OperatorConnection> => {
    const { login: prepared, ...rest } = connection;
    if (!prepared) return connection;
    const { method, given } = prepared;
    const door = openDoor(connection, options);
    doors.push(door);
    try {
      const login = await method.login(given, door);
      const at = authAddress(given.mount);
      const from = `${method.name} login at ${at}`;
      return {
        ...rest,
        token: login.token,
        tokenFrom: from,
        lease: { at, of: 'login', ttl: login.ttl, since: Date.now() },
      };
    } catch (error) {
      doors.splice(doors.indexOf(door), 1);
      await door.close();
      throw error;
    }
  };
  return {
    connect: (connection, options) => {
      if (!connection.login) return Promise.resolve(connection);
      const key = `${connection.address} ${connection.namespace}`;
      const before = known.get(connection.login.typed) ?? new Map<string, Promise<OperatorConnection>>();
      const login = before.get(key) ?? logIn(connection, options);
      known.set(connection.login.typed, before.set(key, login));
      return login;
    },
    child: async (connection, options, rights) => {
      const key = `${connection.address} ${connection.namespace} ${JSON.stringify(rights)}`;
      const child = children.get(key) ?? makeChild(connection, options, rights);
      children.set(key, child);
      return (await child).connection;
    },
    end: async () => {
      await Promise.allSettled([...known.values()].flatMap((logins) => [...logins.values()]));
      await Promise.all([...children.values()].map(endChild));
      children.clear();
      // A parent's end is its children's, but not that of the policies made for them.
      await Promise.all(doors.splice(0).map((door) => door.close()));
    },
  };
}

/** One that could not be made has left nothing. */
async function endChild(made: Promise<Child>): Promise<void> {
  const child = await made.catch(() => undefined);
  await child?.end();
}
