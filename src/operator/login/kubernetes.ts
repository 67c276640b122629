import { roleAddress } from '../../model/addresses.ts';
import { vault, vaultbind } from '../../model/commands.ts';
import { role } from './jwt.ts';
import type { LoginMethod } from './method.ts';

export const kubernetesLogin: LoginMethod = {
  name: 'kubernetes',
  summary: "the ServiceAccount of the Pod that vaultbind runs in, or another one's token",
  path: 'kubernetes',
  inputs: [
    role,
    {
      name: 'jwt',
      why: "the ServiceAccount's token",
      secret: true,
      env: 'VAULTBIND_LOGIN_JWT',
      file: {
        flag: '--vault-login-jwt-file <file>',
        env: 'VAULTBIND_LOGIN_JWT_FILE',
        default: '/var/run/secrets/kubernetes.io/serviceaccount/token',
      },
      variable: { flag: '--vault-login-jwt-env <name>', env: 'VAULTBIND_LOGIN_JWT_ENV' },
    },
  ],
  login: ({ mount, text, secret }, door) =>
    door.login({
      mount,
      path: 'login',
      data: { role: text('role'), jwt: secret('jwt')?.reveal() ?? '' },
      as: `role ${text('role')}`,
      causes: [
        {
          why: "the role does not bind this ServiceAccount's name and namespace, or wants another audience",
          command: vault('read', [roleAddress(mount, text('role'))]),
        },
        {
          why: 'see what the login needs and which part of it fails',
          command: vaultbind('doctor', { mount, role: text('role'), 'jwt-file': 'FILE' }),
        },
      ],
    }),
};
