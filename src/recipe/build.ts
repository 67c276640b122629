import type { Position } from '../errors.ts';
import { withoutTrailingSlashes } from '../model/trailing.ts';
import { hostIn } from '../trust/api-host.ts';
import type { CaBundle } from '../trust/ca-bundle.ts';
import { usualAuthType } from './auth-types/index.ts';
import { bindingsOf, namedAccount } from './bindings.ts';
import { parseDuration } from './durations.ts';
import type { PolicyText } from './policies.ts';
import type { AccessClaim, Expectation, Policy, Recipe, Role } from './recipe.ts';
import { buildReviewer } from './reviewers/index.ts';
import type { ExpectDocument, RecipeDocument } from './schema/index.ts';
import type { RoleDocument } from './schema/role.ts';
import type { Path } from './source/place.ts';

export interface RecipeParts {
  files: string[];
  document: RecipeDocument;
  policies: PolicyText[];
  ca?: CaBundle;
  at(path: Path): Position;
}

/** The recipe as the steps read it, with defaults filled in. Rules have passed: nothing is judged here. */
export function buildRecipe({ files, document, policies, ca, at }: RecipeParts): Recipe {
  const { vault = {}, cluster = {}, auth } = document;
  const roles = (document.roles ?? []).map((role, index) => buildRole(role, at(['roles', index])));
  const address = vault.address === undefined ? {} : { address: withoutTrailingSlashes(vault.address) };
  const namespace = vault.namespace === undefined ? {} : { namespace: withoutTrailingSlashes(vault.namespace) };
  const host = hostIn(cluster.host);
  return {
    name: document.name,
    files,
    vault: { ...address, ...namespace, at: at(['vault', 'address']), namespaceAt: at(['vault', 'namespace']) },
    cluster: {
      context: cluster.context,
      host,
      ca,
      at: at(['cluster']),
      contextAt: at(['cluster', 'context']),
    },
    auth: {
      type: usualAuthType,
      path: auth.path,
      manage: auth.manage ?? 'full',
      description: auth.description,
      reviewer: buildReviewer(auth, roles, at(['auth', 'reviewer'])),
      config: auth.config ?? {},
      at: at(['auth']),
    },
    policies: policies.map(
      ({ name, hcl, judged }, index): Policy => ({ name, hcl, judged, at: at(['policies', index]) }),
    ),
    roles,
    expect: document.expect
      ? document.expect.map((entry, index) => buildExpectation(entry, ['expect', index], at))
      : implied(roles),
  };
}

function buildRole(role: RoleDocument, at: Position): Role {
  const { token_ttl, token_max_ttl, token_explicit_max_ttl, token_period, ...rest } = role;
  const { bound_service_account_namespace_selector: selector, ...fields } = rest;
  const { names, namespaces, accounts } = bindingsOf(role);
  return {
    ...fields,
    ...seconds(role),
    ...(role.token_policies ? { token_policies: role.token_policies.map((name) => name.toLowerCase()) } : {}),
    ...(role.token_bound_cidrs ? { token_bound_cidrs: role.token_bound_cidrs.map(canonicalBlock) } : {}),
    ...(selector === undefined ? {} : { bound_service_account_namespace_selector: selectorText(selector) }),
    name: role.name.toLowerCase(),
    bound_service_account_names: names,
    bound_service_account_namespaces: namespaces,
    service_accounts: accounts,
    create_service_accounts: role.create_service_accounts ?? false,
    at,
  };
}

export const durationFields = ['token_ttl', 'token_max_ttl', 'token_explicit_max_ttl', 'token_period'] as const;

function seconds(role: RoleDocument): Pick<Role, (typeof durationFields)[number]> {
  const given = durationFields.filter((field) => role[field] !== undefined);
  return Object.fromEntries(given.map((field) => [field, parseDuration(role[field] ?? 0)]));
}

/** Vault wants a LabelSelector in JSON; one that is written as text goes as it is. */
export function selectorText(selector: NonNullable<RoleDocument['bound_service_account_namespace_selector']>): string {
  return typeof selector === 'string' ? selector.trim() : JSON.stringify(selector);
}

function buildExpectation(entry: ExpectDocument, path: Path, at: (path: Path) => Position): Expectation {
  const claims = (list: 'can' | 'cannot') =>
    (entry[list] ?? []).map((claim, index): AccessClaim => ({ ...splitClaim(claim), at: at([...path, list, index]) }));
  return {
    role: entry.role.toLowerCase(),
    service_account: namedAccount(entry.service_account),
    login: entry.login ?? 'ok',
    can: claims('can'),
    cannot: claims('cannot'),
    implied: false,
    at: at(path),
  };
}

export function splitClaim(claim: string): { capability: string; path: string } {
  const [capability = '', path = ''] = claim.split(/\s+/);
  return { capability, path };
}

function implied(roles: Role[]): Expectation[] {
  return roles.flatMap(({ name, service_accounts, at }) =>
    service_accounts.map(
      (service_account): Expectation => ({
        role: name,
        service_account,
        login: 'ok',
        can: [],
        cannot: [],
        implied: true,
        at,
      }),
    ),
  );
}

/** As the servers read an IPv6 address back: `FE80:0::/10` is `fe80::/10`. */
function canonicalBlock(text: string): string {
  const [address = '', bits] = text.split('/');
  if (!address.includes(':') || address.includes('.')) return text;
  const bare = new URL(`http://[${address}]`).hostname.slice(1, -1);
  return bits === undefined ? bare : `${bare}/${bits}`;
}
