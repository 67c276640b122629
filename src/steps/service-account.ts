import { setTimeout } from 'node:timers/promises';
import type { Command } from '../command.ts';
import type { Reading } from '../contracts/clients.ts';
import { type Change, defineStep, type Resource, type State } from '../contracts/step.ts';
import { FailedError } from '../errors.ts';
import { type KubernetesSession, type TokenSecret, tokenSecretType } from '../kubernetes/api.ts';
import { accountText, type ServiceAccountName } from '../model/account.ts';
import { accountAddress, secretAddress } from '../model/addresses.ts';
import { jsonWord, kubectl } from '../model/commands.ts';
import type { Access, KubernetesRight } from '../model/rights.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { recipeLabel, tokenSecretObject } from './kubernetes-objects.ts';
import { findReviewerSecret } from './reviewer-secret.ts';

interface AccountResource extends Resource {
  kind: 'ServiceAccount';
  account: ServiceAccountName;
  /** Of all accounts of this recipe: one list a namespace tells of them all. */
  namespaces: string[];
}

interface SecretResource extends Resource {
  kind: 'Secret';
  secret: ServiceAccountName;
  account: ServiceAccountName;
}

type Made = AccountResource | SecretResource;

export const serviceAccount = defineStep<Made>({
  name: 'service-account',
  title: 'make the ServiceAccounts',
  summary:
    "kubectl get sa my-sa. The token reviewer's ServiceAccount and its token Secret (Kubernetes 1.24 and later makes none by itself), and the accounts of roles that say create_service_accounts. Namespaces are never made.",

  commands: ({ recipe }) => {
    const accounts = accountsOf(recipe).map(({ namespace, name }) =>
      kubectl('create serviceaccount', [name], { namespace }),
    );
    return [...accounts, ...tokenSecretCommand(recipe)];
  },

  access: ({ recipe }) => accessTo(recipe),

  resources: ({ recipe }) => {
    const made = accountsOf(recipe);
    const namespaces = [...new Set(made.map(({ namespace }) => namespace))];
    const accounts = made.map(
      (account): AccountResource => ({
        kind: 'ServiceAccount',
        system: 'kubernetes',
        address: accountAddress(account),
        desired: { exists: true },
        account,
        namespaces,
        at: recipe.auth.at,
      }),
    );
    const { secret, account, at } = recipe.auth.reviewer;
    if (!secret || !account) return accounts;
    const tokenHolder: SecretResource = {
      kind: 'Secret',
      system: 'kubernetes',
      address: secretAddress(secret),
      desired: { type: tokenSecretType, 'kubernetes.io/service-account.name': account.name },
      needs: [accountAddress(account)],
      secret,
      account,
      at,
    };
    return [...accounts, tokenHolder];
  },

  observe: (reading, resource, { recipe }) =>
    resource.kind === 'ServiceAccount' ? observeAccount(reading, resource) : observeSecret(reading, recipe),

  diff: (resource, observed) =>
    resource.kind === 'ServiceAccount' ? diffAccount(resource, observed) : diffSecret(resource, observed),

  apply: async ({ kubernetes }, resource, { recipe }) => {
    if (resource.kind === 'Secret') return await makeSecret(kubernetes, resource, recipe);
    const metadata = { ...resource.account, labels: recipeLabel(recipe) };
    // One that is there is all that is wanted, whoever made it.
    return (await kubernetes.create({ kind: 'ServiceAccount', metadata })) === 'exists' ? 'theirs' : undefined;
  },
});

/** The accounts this recipe makes: the reviewer's, and literal ones of roles that ask for it. */
function accountsOf(recipe: Recipe): ServiceAccountName[] {
  const { account } = recipe.auth.reviewer;
  const reviewer = account ? [account] : [];
  const asked = recipe.roles.filter((role) => role.create_service_accounts).flatMap((role) => role.service_accounts);
  return [...new Map([...reviewer, ...asked].map((account) => [accountText(account), account])).values()];
}

async function observeAccount(
  { kubernetes }: Reading,
  { account, namespaces }: AccountResource,
): Promise<State | undefined> {
  // What the lists have shown is not asked for again by name.
  await kubernetes.serviceAccountsIn(namespaces);
  if (await kubernetes.serviceAccount(account)) return { exists: true };
  const namespace = await kubernetes.namespace(account.namespace);
  return namespace ? undefined : { exists: false };
}

function diffAccount({ account }: AccountResource, observed: State | undefined): Change {
  if (!observed) return { action: 'create', fields: [] };
  return observed['exists'] ? { action: 'none' } : missingNamespace(account.namespace);
}

function missingNamespace(namespace: string): Change {
  return {
    action: 'blocked',
    code: 'namespace-missing',
    reason: `namespace ${namespace} does not exist, and vaultbind makes no namespaces`,
    fix: [
      { why: 'make it, if it is the right one', command: kubectl('create namespace', [namespace]) },
      { why: 'or correct the namespace in the recipe' },
    ],
  };
}

async function observeSecret({ kubernetes }: Reading, recipe: Recipe): Promise<State | undefined> {
  const found = await findReviewerSecret(kubernetes, recipe);
  return found && stateOf(found);
}

function stateOf({ type, serviceAccount: account }: TokenSecret): State {
  return { type, 'kubernetes.io/service-account.name': account };
}

function diffSecret({ secret, account, desired }: SecretResource, observed: State | undefined): Change {
  if (!observed)
    return { action: 'create', fields: Object.entries(desired).map(([field, after]) => ({ field, after })) };
  const owner = observed['kubernetes.io/service-account.name'];
  if (observed['type'] === tokenSecretType && owner === account.name) return { action: 'none' };
  const what =
    observed['type'] === tokenSecretType
      ? `holds the token of ${accountAddress({ ...account, name: String(owner ?? '(none)') })}, not of ${accountText(account)}`
      : `has type ${observed['type']}, not ${tokenSecretType}`;
  return {
    action: 'blocked',
    code: 'token-secret-wrong-type',
    reason: `${secretAddress(secret)} ${what}; vaultbind never replaces a Secret`,
    fix: [
      { why: 'name another Secret in the recipe: auth.reviewer.token_secret; vaultbind makes it when it is missing' },
    ],
  };
}

/**
 * The controller manager fills a token Secret a moment after it is made, and removes one of an account that is gone; in
 * that case it is made once more. When neither happens, fetch-credentials says so. One that is there, because another
 * apply made it since we looked, is left alone. Errors: FailedError when it is another one than ours.
 */
async function makeSecret(kubernetes: KubernetesSession, resource: SecretResource, recipe: Recipe): Promise<undefined> {
  const { secret, account } = resource;
  for (let tries = 0; tries < 50; tries++) {
    kubernetes.forget();
    const found = await kubernetes.tokenSecret(secret);
    const change = diffSecret(resource, found && stateOf(found));
    if (change.action === 'blocked')
      throw new FailedError({ code: change.code, subject: resource.address, message: change.reason, fix: change.fix });
    if (!found) await kubernetes.create(tokenSecretObject(secret, account, recipeLabel(recipe)));
    else if (found.token && (await findReviewerSecret(kubernetes, recipe))) return;
    else await setTimeout(200);
  }
}

function tokenSecretCommand({ auth: { reviewer } }: Recipe): Command[] {
  const { secret, account } = reviewer;
  if (!secret || !account) return [];
  const { namespace, name } = secret;
  const annotations = { 'kubernetes.io/service-account.name': account.name };
  const manifest = {
    apiVersion: 'v1',
    kind: 'Secret',
    type: tokenSecretType,
    metadata: { name, namespace, annotations },
  };
  return [{ ...kubectl('apply', [], { f: '-' }), stdin: jsonWord(manifest) }];
}

function accessTo(recipe: Recipe): Access[] {
  const core = { system: 'kubernetes' as const, group: '' };
  const accounts = accountsOf(recipe).flatMap((account): Access[] => {
    const { namespace, name } = account;
    const look = { ...core, resource: 'serviceaccounts', namespace, phase: 'plan' as const };
    const write = { ...look, name, phase: 'apply' as const, of: accountAddress(account) };
    return [
      { ...look, verb: 'list', optional: 'each account costs a request of its own' },
      { ...look, verb: 'get', name },
      { ...core, verb: 'get', resource: 'namespaces', name: namespace, phase: 'plan', when: 'create' },
      made(write),
    ];
  });
  const { secret } = recipe.auth.reviewer;
  if (!secret) return accounts;
  const look = { ...core, resource: 'secrets', ...secret, phase: 'plan' as const };
  const write = { ...look, phase: 'apply' as const, of: secretAddress(secret) };
  return [...accounts, { ...look, verb: 'get' }, made(write)];
}

/** A name can restrict no POST: it is not in the path. */
function made({ name: _, ...write }: Omit<KubernetesRight, 'verb'> & Pick<Access, 'phase' | 'of'>): Access {
  return { ...write, verb: 'create', when: 'create' };
}
