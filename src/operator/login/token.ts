import type { LoginMethod } from './method.ts';

export const token: LoginMethod = {
  name: 'token',
  summary: 'a token that is there already; it is yours, and not revoked',
  path: '',
  inputs: [
    {
      name: 'token',
      why: 'a Vault token; without the variable, the token helper and ~/.vault-token are looked at',
      secret: true,
      env: 'VAULT_TOKEN',
      optional: true,
    },
  ],
};
