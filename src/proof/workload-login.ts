import type { Access } from '../engine/step.ts';
import { AfterLoginError, SystemError } from '../errors.ts';
import type { ServiceAccountName } from '../recipe/recipe.ts';
import type { Secret } from '../secret.ts';
import { isRefusal, type VaultLogin, type VaultProber, type VaultRefusal } from '../vault/api.ts';
import { secretsEngineFor } from '../vault/objects/secrets-engine.ts';
import type { Experiment } from './experiment.ts';
import { freshToken, freshTokenAccess } from './fresh-token.ts';

/** One login as a workload would do it, and what its token may do. */
export interface LoginSubject {
  mount: string;
  role: string;
  service_account: ServiceAccountName;
  /** The role's audience, '' for the API server's own; undefined: the role is not ours, so Vault is asked. */
  audience?: string;
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
    ...(audience === undefined ? [roleRead(mount, role)] : []),
  ],
  requests: requestsOf,
  run: async ({ vault, kubernetes }, subject) => {
    const audience = subject.audience ?? (await storedAudience(vault, subject));
    const audiences = audience === '' ? {} : { audiences: [audience] };
    const requested = await freshToken(kubernetes, subject.service_account, audiences);
    if (!requested) return { account: 'missing' };
    return await logIn(vault, requested.token, subject);
  },
};

/** The role, the fresh token, the login; capabilities and the end of the token take two each, and so does each request. */
export function requestsOf({ requests }: LoginSubject): number {
  return 7 + 2 * requests.length;
}

/** The one login of verify and doctor: with this token, a look around, and the Vault token revoked. */
export async function logIn(
  vault: VaultProber,
  jwt: Secret,
  subject: LoginSubject,
): Promise<LoginFact & { account: 'found' }> {
  const { namespace, name } = subject.service_account;
  const login = await vault.login(subject.mount, subject.role, jwt, `ServiceAccount ${namespace}/${name}`);
  if (isRefusal(login)) return { account: 'found', refused: login };
  return { account: 'found', accepted: await lookAround(vault, login, subject) };
}

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

export async function storedAudience(
  vault: VaultProber,
  { mount, role }: Pick<LoginSubject, 'mount' | 'role'>,
): Promise<string> {
  const stored = await vault.read(`auth/${mount}/role/${role}`);
  return String(stored?.['audience'] ?? '');
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
