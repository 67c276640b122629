import { configAddress, roleAddress } from '../../model/addresses.ts';
import { vault } from '../../model/commands.ts';
import { fromGithub, githubHasTokens } from './github.ts';
import type { LoginInput, LoginMethod } from './method.ts';

export const role: LoginInput = {
  name: 'role',
  why: 'the role to log in with',
  secret: false,
  env: 'VAULTBIND_LOGIN_ROLE',
  flag: '--vault-login-role <role>',
};

export const jwt: LoginMethod = {
  name: 'jwt',
  summary: "an id token of a pipeline (GitHub Actions, GitLab's id_tokens) or any other JWT",
  path: 'jwt',
  inputs: [
    { ...role, optional: true, why: "the role to log in with; without one, the auth method's default_role" },
    {
      name: 'jwt',
      why: 'the id token',
      secret: true,
      env: 'VAULTBIND_LOGIN_JWT',
      file: { flag: '--vault-login-jwt-file <file>', env: 'VAULTBIND_LOGIN_JWT_FILE' },
      variable: { flag: '--vault-login-jwt-env <name>', env: 'VAULTBIND_LOGIN_JWT_ENV' },
      optional: { when: githubHasTokens, from: fromGithub },
    },
    {
      name: 'audience',
      why: 'what to ask GitHub for as audience; without one, GitHub chooses the URL of the owner',
      secret: false,
      env: 'VAULTBIND_LOGIN_AUDIENCE',
      flag: '--vault-login-audience <audience>',
      optional: true,
    },
  ],
  login: async ({ mount, text, secret, env }, door) => {
    const token = secret('jwt') ?? (await door.githubToken(env, text('audience')));
    const named = text('role');
    return await door.login({
      mount,
      path: 'login',
      data: { ...(named !== '' && { role: named }), jwt: token.reveal() },
      as: named === '' ? 'the default role' : `role ${named}`,
      causes: [
        {
          why: 'compare bound_audiences, bound_subject and bound_claims of the role with what the token says of itself',
          command: vault('read', [roleAddress(mount, named || 'ROLE')]),
        },
        {
          why: 'compare the issuer (bound_issuer, oidc_discovery_url) and the keys',
          command: vault('read', [configAddress(mount)]),
        },
      ],
    });
  },
};
