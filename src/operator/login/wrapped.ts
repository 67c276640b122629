import { InputError, SystemError } from '../../errors.ts';
import { rolesAddress } from '../../model/addresses.ts';
import { exported, vault } from '../../model/commands.ts';
import { Secret } from '../../secret.ts';
import { loginOf } from '../../vault/answers/login.ts';
import type { VaultLogin } from '../../vault/api.ts';
import { approleLogin, roleId } from './approle.ts';
import type { Given, LoginDoor, LoginMethod } from './method.ts';

export const wrappedLogin: LoginMethod = {
  name: 'wrapped',
  summary: 'a wrapping token, with a client token or a secret id of an AppRole in it; good once',
  path: 'approle',
  inputs: [
    {
      name: 'wrapping_token',
      why: 'what vault … -wrap-ttl=… gave',
      secret: true,
      env: 'VAULTBIND_LOGIN_WRAPPING_TOKEN',
      file: { flag: '--vault-login-wrapping-token-file <file>', env: 'VAULTBIND_LOGIN_WRAPPING_TOKEN_FILE' },
    },
    {
      name: 'wrapping_path',
      why: 'where it must have been made; without it, any path that makes tokens or secret ids',
      secret: false,
      env: 'VAULTBIND_LOGIN_WRAPPING_PATH',
      flag: '--vault-login-wrapping-path <path>',
      optional: true,
    },
    { ...roleId, optional: true, why: "the role's id, when a secret id is wrapped" },
  ],
  login: async (given, door) => {
    const token = given.secret('wrapping_token') ?? new Secret('');
    const { creationPath } = await door.lookupWrapped(token);
    const holds = whatIsIn(given, creationPath);
    if (holds === 'secret id' && given.text('role_id') === '') throw roleIdMissing(creationPath);
    const body = await door.unwrap(token);
    return holds === 'token' ? tokenIn(body, creationPath) : await bySecretId(given, door, body, creationPath);
  },
};

const makesTokens = /^auth\/(token\/create(-orphan|\/[^/]+)?|.+\/login(\/[^/]+)?)$/;

/** Whoever swaps the token for one of his own wraps something else, or at another place; nothing is used up yet. */
function whatIsIn({ mount, text }: Given, path: string): 'token' | 'secret id' {
  const wanted = text('wrapping_path');
  const secretIds = path.startsWith(`${rolesAddress(mount)}/`) && path.endsWith('/secret-id');
  const expected = wanted === '' ? secretIds || makesTokens.test(path) : path === wanted;
  if (expected) return secretIds || path.endsWith('/secret-id') ? 'secret id' : 'token';
  const should =
    wanted === '' ? `neither a path that makes tokens nor ${rolesAddress(mount)}/…/secret-id` : `not ${wanted}`;
  throw new SystemError({
    code: 'wrapping-token-foreign',
    subject: path,
    message: `the wrapping token was made at ${path}, ${should}; it was not unwrapped`,
    fix: [
      { why: 'treat it as swapped on its way unless you know who made it there: ask for a new one' },
      { why: 'or say that this is right', command: exported({ VAULTBIND_LOGIN_WRAPPING_PATH: path }) },
    ],
  });
}

function roleIdMissing(path: string): InputError {
  return new InputError({
    code: 'login-input-missing',
    subject: '--vault-login-role-id',
    message: `the wrapping token holds a secret id (made at ${path}), and the role's id was not given; it was not unwrapped`,
    fix: [{ why: 'give it', command: exported({ [roleId.env]: '…' }) }],
  });
}

function tokenIn(body: Record<string, unknown>, path: string): VaultLogin {
  const login = loginOf(body);
  if (!login.token.empty) return login;
  throw nothingIn(path, 'no client token');
}

async function bySecretId(
  { mount, text }: Given,
  door: LoginDoor,
  body: Record<string, unknown>,
  path: string,
): Promise<VaultLogin> {
  const data = (body['data'] ?? {}) as { secret_id?: unknown };
  if (typeof data.secret_id !== 'string') throw nothingIn(path, 'no secret_id');
  const secret = new Secret(data.secret_id);
  return await approleLogin(door, { mount, roleId: text('role_id'), secretId: secret.reveal() });
}

function nothingIn(path: string, what: string): SystemError {
  return new SystemError({
    code: 'wrapping-token-foreign',
    subject: path,
    message: `the wrapping token made at ${path} held ${what}; it is used up now`,
    fix: [{ why: 'ask for a new one', command: vault('token create', [], { 'wrap-ttl': '2m', policy: 'NAME' }) }],
  });
}
