import type { Access } from '../engine/step.ts';
import { AfterLoginError, SystemError } from '../errors.ts';
import { isRefusal, type VaultLogin, type VaultProber, type VaultRefusal } from '../vault/api.ts';
import { secretsEngineFor } from '../vault/objects/secrets-engine.ts';
import type { Experiment } from './experiment.ts';
import { freshTokenAccess } from './fresh-token.ts';
import { type LoginPass, loginPass, type PassSubject } from './login-pass.ts';

/** One login as a workload would do it, and what its token may do. */
export interface LoginSubject extends PassSubject {
  /** API paths whose capabilities are asked. */
  paths: string[];
  /** Requests worth trying. Only those on KV are made: a read of a database or PKI path would mint credentials. */
  requests: { method: 'GET' | 'LIST'; path: string }[];
}

export type LoginFact =
  | { account: 'missing' }
  | { account: 'found'; refused: VaultRefusal }
  | { account: 'found'; refused?: undefined; accepted: Accepted };

export interface Accepted {
  policies: string[];
  /** Seconds. */
  ttl: number;
  warnings: string[];
  /** By path. */
  capabilities: Record<string, string[]>;
  /** Status by `METHOD path`. */
  answers: Record<string, { status: number; said: string }>;
  revoked: boolean;
}

/** A fresh TokenRequest token logs in; access is asked and tried; the Vault token is revoked whatever happens. */
export const workloadLogin: Experiment<LoginSubject, LoginFact> = {
  id: 'workload-login',
  title: ({ mount, role, service_account: { namespace, name } }) =>
    `login at auth/${mount} as ServiceAccount ${namespace}/${name} with role ${role}`,
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
 * The mount's config and the CA to compare it with, the role, the fresh token and one to know the API server's audience,
 * the login; capabilities and the end of the token take two each, and so does each request.
 */
export function requestsOf({ requests }: LoginSubject): number {
  return 10 + 2 * requests.length;
}

/** The one login of verify and doctor: with this token, a look around, and the Vault token revoked. */
export async function logIn(
  vault: VaultProber,
  { mount, jwt }: LoginPass,
  subject: LoginSubject,
): Promise<LoginFact & { account: 'found' }> {
  const { namespace, name } = subject.service_account;
  const login = await vault.login(mount, subject.role, jwt, `ServiceAccount ${namespace}/${name}`);
  if (isRefusal(login)) return { account: 'found', refused: login };
  return { account: 'found', accepted: await lookAround(vault, login, subject) };
}

/** No token is shown to a mount of which nobody knows where it passes it on to. */
export function configRead(mount: string): Access {
  return { system: 'vault', path: `auth/${mount}/config`, capabilities: ['read'], phase: 'verify', optional: trusted };
}

const trusted = 'no login is tried, but at a mount that --trust-mount names';

function roleRead(mount: string, role: string): Access {
  return { system: 'vault', path: `auth/${mount}/role/${role}`, capabilities: ['read'], phase: 'verify' };
}

async function lookAround(vault: VaultProber, login: VaultLogin, { paths, requests }: LoginSubject): Promise<Accepted> {
  const seen = { policies: login.policies, ttl: login.ttl, warnings: login.warnings };
  try {
    const capabilities = paths.length === 0 ? {} : await vault.capabilities(login, paths);
    const answers: Accepted['answers'] = {};
    const most = login.uses === 0 ? requests.length : login.uses;
    for (const { method, path } of requests.slice(0, most))
      if (allows(capabilities[path], method) && (await secretsEngineFor(vault, login, path))?.type === 'kv')
        answers[`${method} ${path}`] = await vault.tryAs(login, method, path);
    return { ...seen, capabilities, answers, revoked: await vault.revoke(login) };
  } catch (error) {
    await vault.revoke(login);
    throw error instanceof SystemError ? new AfterLoginError(...error.problems) : error;
  }
}

/** The requests that show whether a claim holds: none for what would change or mint something. */
export function requestsFor(claims: { capability: string; path: string }[]): LoginSubject['requests'] {
  return claims.flatMap(({ capability, path }): LoginSubject['requests'] => {
    if (capability === 'read') return [{ method: 'GET', path }];
    if (capability === 'list') return [{ method: 'LIST', path }];
    return [];
  });
}

function allows(capabilities: string[] = [], method: 'GET' | 'LIST'): boolean {
  const wanted = method === 'GET' ? 'read' : 'list';
  return capabilities.includes('root') || capabilities.includes(wanted);
}
