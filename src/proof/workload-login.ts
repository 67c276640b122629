import type { Experiment } from '../contracts/experiment.ts';
import { AfterLoginError, SystemError } from '../errors.ts';
import { accountAddress, authAddress, configAddress, roleAddress } from '../model/addresses.ts';
import type { Access } from '../model/rights.ts';
import { isRefusal, type VaultLogin, type VaultProber, type VaultRefusal } from '../vault/api.ts';
import type { Tries } from './access.ts';
import { freshTokenAccess } from './fresh-token.ts';
import { type LoginPass, loginPass, type PassSubject } from './login-pass.ts';
import { type Claims, tryClaims } from './try-claims.ts';

/** One login as a workload would do it, and what its token may do. */
export interface LoginSubject extends PassSubject, Claims {}

export type LoginFact =
  | { account: 'missing' }
  | { account: 'found'; refused: VaultRefusal }
  | { account: 'found'; refused?: undefined; accepted: Accepted };

export interface Accepted extends Tries {
  policies: string[];
  /** Seconds. */
  ttl: number;
  warnings: string[];
  revoked: boolean;
}

/** A fresh TokenRequest token logs in; access is asked and tried; the Vault token is revoked whatever happens. */
export const workloadLogin: Experiment<LoginSubject, LoginFact> = {
  id: 'workload-login',
  title: ({ mount, role, service_account }) =>
    `login at ${authAddress(mount)} as ${accountAddress(service_account)} with role ${role}`,
  cost: 'login',
  access: ({ mount, role, audience, service_account }) => [
    freshTokenAccess(service_account),
    configRead(mount),
    ...(audience === undefined ? [roleRead(mount, role)] : []),
  ],
  requests: requestsOf,
  run: async (trying, subject) => {
    const pass = await loginPass(trying, subject);
    return pass ? await logIn(trying.vault, pass, subject) : { account: 'missing' };
  },
};

/**
 * The mount's config and the CA to compare it with, four for whether the mount is ours, the role, the fresh token and one
 * to know the API server's audience, the login; capabilities and the end of the token take two each. Each claim is one request, and three looks at what is
 * mounted there.
 */
export function requestsOf({ can, cannot }: Claims): number {
  return 14 + 4 * (can.length + cannot.length);
}

/** The one login of verify and doctor: with this token, a look around, and the Vault token revoked. */
export async function logIn(
  vault: VaultProber,
  { mount, jwt }: LoginPass,
  subject: LoginSubject,
): Promise<LoginFact & { account: 'found' }> {
  const login = await vault.login(mount, subject.role, jwt, accountAddress(subject.service_account));
  if (isRefusal(login)) return { account: 'found', refused: login };
  return { account: 'found', accepted: await lookAround(vault, login, subject) };
}

/** No token is shown to a mount of which nobody knows where it passes it on to. */
export function configRead(mount: string): Access {
  return { system: 'vault', path: configAddress(mount), capabilities: ['read'], phase: 'verify', optional: trusted };
}

const trusted = 'no login is tried, but at a mount that --trust-mount names';

function roleRead(mount: string, role: string): Access {
  return { system: 'vault', path: roleAddress(mount, role), capabilities: ['read'], phase: 'verify' };
}

async function lookAround(vault: VaultProber, login: VaultLogin, claims: Claims): Promise<Accepted> {
  const seen = { policies: login.policies, ttl: login.ttl, warnings: login.warnings };
  try {
    const tries = await tryClaims(vault, login, claims);
    return { ...seen, ...tries, revoked: await vault.revoke(login) };
  } catch (error) {
    await vault.revoke(login);
    throw error instanceof SystemError ? new AfterLoginError(...error.problems) : error;
  }
}
