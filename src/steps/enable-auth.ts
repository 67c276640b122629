import { defineStep, type Resource } from '../contracts/step.ts';
import { mountAddress } from '../model/addresses.ts';
import { vault } from '../model/commands.ts';
import { nothingIf } from '../model/error-values.ts';
import type { Access } from '../model/rights.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { VaultData, VaultSession } from '../vault/api.ts';
import { findAuthMount } from '../vault/objects/mount.ts';

interface MountResource extends Resource {
  desired: { type: string; description?: string };
}

export const enableAuth = defineStep<MountResource>({
  name: 'enable-auth',
  title: 'enable the auth method',
  summary:
    'vault auth enable -path=PATH kubernetes. An auth method of another type at the path is blocked, never replaced; an existing mount is never enabled anew, because that would orphan its identities.',

  commands: ({ recipe: { auth } }) => {
    if (auth.manage === 'none') return [];
    return [vault('auth enable', [auth.type.name], { path: auth.path, description: auth.description })];
  },

  access: ({ recipe }) => accessTo(recipe),

  resources: ({ recipe }) => {
    const { auth } = recipe;
    const owned = auth.manage === 'full' && auth.description !== undefined ? { description: auth.description } : {};
    return [
      {
        system: 'vault',
        address: mountAddress(recipe.auth.path),
        desired: { type: auth.type.name, ...owned },
        at: auth.at,
      },
    ];
  },

  observe: async ({ vault }, _resource, { recipe: { auth } }) => {
    const mount = await findAuthMount(vault, auth.path);
    return mount && { ...mount };
  },

  diff: ({ desired }, observed, { recipe: { auth } }) => {
    if (!observed && auth.manage === 'none')
      return {
        action: 'blocked',
        code: 'auth-mount-missing',
        reason: `no auth method is enabled at ${auth.path}, and the recipe says manage: none`,
        fix: [{ why: 'ask the team that owns this mount to enable it, or correct auth.path in the recipe' }],
      };
    if (!observed) {
      const fields = Object.entries({ ...desired, ...described(auth.description) });
      return { action: 'create', fields: fields.map(([field, after]) => ({ field, after })) };
    }
    if (observed['type'] !== desired.type)
      return {
        action: 'blocked',
        code: 'auth-mount-wrong-type',
        reason: `an auth method of type ${observed['type']} is enabled at ${auth.path}; vaultbind never replaces it`,
        fix: [
          { why: 'choose another auth.path in the recipe' },
          {
            why: 'or, if nobody logs in there any more, disable it yourself (this ends its logins and deletes its roles)',
            command: vault('auth disable', [auth.path]),
          },
        ],
      };
    if (desired.description === undefined || desired.description === observed['description']) return { action: 'none' };
    const change = { field: 'description', before: observed['description'], after: desired.description };
    return { action: 'update', fields: [change] };
  },

  apply: async ({ vault }, { desired }, { recipe: { auth } }) => {
    if ((await findAuthMount(vault, auth.path)) === undefined) {
      const made = await enable(vault, auth.path, { type: desired.type, ...described(auth.description) });
      if (made) return;
    }
    if (desired.description === undefined) return;
    await vault.write(`${mountAddress(auth.path)}/tune`, { description: desired.description });
  },
});

/**
 * False: somebody else enabled it since we looked, perhaps we ourselves with a request whose answer was lost. Whether
 * it is the right one shows when it is read back.
 */
async function enable(vault: VaultSession, path: string, mount: VaultData): Promise<boolean> {
  const made = vault.write(mountAddress(path), mount).then(() => true);
  return (await made.catch(nothingIf('auth-path-in-use'))) ?? false;
}

/** Who has any right below a mount sees that it is there; that it is missing only the list of sys/auth tells. */
function accessTo(recipe: Recipe): Access[] {
  const { manage, description } = recipe.auth;
  const list = { system: 'vault' as const, path: 'sys/auth', capabilities: ['read'], phase: 'plan' as const };
  if (manage === 'none')
    return [{ ...list, optional: 'a mount that is missing cannot be told from one that is hidden' }];
  const path = mountAddress(recipe.auth.path);
  const write = { system: 'vault' as const, capabilities: ['update', 'sudo'], phase: 'apply' as const, of: path };
  const tune: Access[] =
    manage === 'full' && description !== undefined ? [{ ...write, path: `${path}/tune`, when: 'update' }] : [];
  return [{ ...list, when: 'create' }, { ...write, path, when: 'create' }, ...tune];
}

function described(description: string | undefined): { description?: string } {
  return description === undefined ? {} : { description };
}
