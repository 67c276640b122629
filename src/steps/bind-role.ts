import { diffFields } from '../engine/diff.ts';
import { defineStep, type Resource } from '../engine/step.ts';
import { vaultWriteJson } from '../model/commands.ts';
import { namesIfListable } from '../vault/objects/listing.ts';
import { mountAddress, roleAddress } from './addresses.ts';
import { type RoleFields, roleDocument, roleFields } from './role-fields.ts';

interface RoleResource extends Resource {
  desired: RoleFields;
}

export const bindRole = defineStep<RoleResource>({
  name: 'bind-role',
  title: 'bind the roles',
  summary:
    'vault write auth/PATH/role/NAME. Every field is sent with each write, so a field removed from the recipe goes back to its default. Roles that no recipe names are listed and left alone.',

  commands: ({ recipe }) =>
    recipe.roles.map((role) => {
      const fields = Object.entries(roleDocument(role)).filter(([name, value]) => !isDefault(name, value));
      return vaultWriteJson(roleAddress(recipe, role.name), Object.fromEntries(fields));
    }),

  access: ({ recipe }) => [
    {
      system: 'vault',
      path: `auth/${recipe.auth.path}/role`,
      capabilities: ['list'],
      phase: 'plan',
      optional: 'roles that no recipe names are not listed',
    },
    ...recipe.roles.flatMap(({ name }) => [
      { system: 'vault' as const, path: roleAddress(recipe, name), capabilities: ['read'], phase: 'plan' as const },
      ...(['create', 'update'] as const).map((when) => ({
        system: 'vault' as const,
        path: roleAddress(recipe, name),
        capabilities: [when],
        phase: 'apply' as const,
        of: roleAddress(recipe, name),
        when,
      })),
    ]),
  ],

  resources: ({ recipe }) =>
    recipe.roles.map((role) => ({
      system: 'vault',
      address: roleAddress(recipe, role.name),
      desired: roleDocument(role),
      inside: mountAddress(recipe),
      at: role.at,
    })),

  // By name, whatever a list says: one that is cut (pagination_limit) or filtered does not name what is there.
  observe: ({ vault }, { address }) => vault.read(address),

  diff: ({ desired }, observed) => {
    const fields = diffFields(roleFields, desired, observed);
    if (observed && fields.length === 0) return { action: 'none' };
    return { action: observed ? 'update' : 'create', fields };
  },

  apply: async ({ vault }, { address, desired }) => {
    await vault.write(address, { ...desired });
  },

  others: async ({ vault }, { recipe }) => {
    const names = (await namesIfListable(vault, `auth/${recipe.auth.path}/role`)) ?? [];
    const ours = new Set(recipe.roles.map(({ name }) => name));
    return names
      .filter((name) => !ours.has(name))
      .map((name) => ({
        code: 'left-alone',
        subject: roleAddress(recipe, name),
        message: 'no recipe names this role; it is left alone',
      }));
  },
});

function isDefault(name: string, value: unknown): boolean {
  const field = roleFields[name as keyof typeof roleFields];
  return JSON.stringify(value) === JSON.stringify(field.default);
}
