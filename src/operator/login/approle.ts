import type { Fix } from '../../errors.ts';
import { roleAddress } from '../../model/addresses.ts';
import { vault } from '../../model/commands.ts';
import type { VaultLogin } from '../../vault/api.ts';
import type { LoginDoor, LoginInput, LoginMethod } from './method.ts';

export const roleId: LoginInput = {
  name: 'role_id',
  why: "the role's id; no secret by itself",
  secret: false,
  env: 'VAULTBIND_LOGIN_ROLE_ID',
  flag: '--vault-login-role-id <id>',
};

export const approle: LoginMethod = {
  name: 'approle',
  summary: "AppRole: a role's id and a secret id",
  path: 'approle',
  inputs: [
    roleId,
    {
      name: 'secret_id',
      why: 'a secret id of that role',
      secret: true,
      env: 'VAULTBIND_LOGIN_SECRET_ID',
      file: { flag: '--vault-login-secret-id-file <file>', env: 'VAULTBIND_LOGIN_SECRET_ID_FILE' },
    },
  ],
  login: ({ mount, text, secret }, door) =>
    approleLogin(door, { mount, roleId: text('role_id'), secretId: secret('secret_id')?.reveal() ?? '' }),
};

/** Also with a secret id that came wrapped. */
export function approleLogin(
  door: LoginDoor,
  { mount, roleId, secretId }: { mount: string; roleId: string; secretId: string },
): Promise<VaultLogin> {
  const data = { role_id: roleId, secret_id: secretId };
  return door.login({ mount, path: 'login', data, as: 'the role id given', causes: causesAt(mount) });
}

function causesAt(mount: string): Fix[] {
  return [
    {
      why: 'a secret id is used up (secret_id_num_uses), past its end (secret_id_ttl) or of another role: make a new one',
      command: vault('write', [`${roleAddress(mount, 'ROLE')}/secret-id`], { f: true }),
    },
    { why: "compare the role's id", command: vault('read', [`${roleAddress(mount, 'ROLE')}/role-id`]) },
  ];
}
