import { authAddress } from '../../model/addresses.ts';
import { vault } from '../../model/commands.ts';
import type { LoginInput, LoginMethod } from './method.ts';

const inputs: LoginInput[] = [
  {
    name: 'username',
    why: 'the user',
    secret: false,
    env: 'VAULTBIND_LOGIN_USERNAME',
    flag: '--vault-login-username <name>',
  },
  {
    name: 'password',
    why: "the user's password",
    secret: true,
    env: 'VAULTBIND_LOGIN_PASSWORD',
    file: { flag: '--vault-login-password-file <file>', env: 'VAULTBIND_LOGIN_PASSWORD_FILE' },
  },
];

function byPassword(name: string, summary: string, users: string): LoginMethod {
  return {
    name,
    summary,
    path: name,
    inputs,
    login: ({ mount, text, secret }, door) =>
      door.login({
        mount,
        path: `login/${text('username')}`,
        data: { password: secret('password')?.reveal() ?? '' },
        as: `user ${text('username')}`,
        causes: [
          {
            why: 'the user or the password is wrong; see whether there is such a user',
            command: vault('list', [`${authAddress(mount)}/${users}`]),
          },
        ],
      }),
  };
}

export const userpass = byPassword('userpass', 'a user name and a password that Vault keeps', 'users');

/** The same request; who checks the password is the directory. */
export const ldap = byPassword('ldap', 'a user name and a password of a directory', 'users');
