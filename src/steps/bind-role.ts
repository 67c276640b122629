import { defineStep, type Resource } from '../contracts/step.ts';
import { diffFields } from '../engine/diff.ts';
import { mountAddress, roleAddress, rolesAddress } from '../model/addresses.ts';
import { vaultWriteJson } from '../model/commands.ts';
import { leftRoles } from './left-roles.ts';
import { roleDocument } from './role-fields.ts';

export const bindRole = defineStep<Resource>({
  name: 'bind-role',
  title: 'bind the roles',
  summary:
    'vault write auth/PATH/role/NAME. Every field is sent with each write, so a field removed from the recipe goes back to its default. Roles of the mount that the recipe does not name are left alone, with a warning that says whom they let in.',

  commands: ({ recipe }) =>
    recipe.roles.map((role) => {
      const fields = Object.entries(roleDocument(recipe.auth.type, role)).filter(
        ([name, value]) => JSON.stringify(value) !== JSON.stringify(recipe.auth.type.role[name]?.default),
      );
      return vaultWriteJson(roleAddress(recipe.auth.path, role.name), Object.fromEntries(fields));
    }),

  access: ({ recipe }) => [
    {
      system: 'vault',
      path: rolesAddress(recipe.auth.path),
      capabilities: ['list'],
      phase: 'plan',
      optional: 'roles that no recipe names are not listed',
    },
    ...(recipe.auth.manage === 'none'
      ? []
      : [
          {
            system: 'vault' as const,
            path: roleAddress(recipe.auth.path, '*'),
            capabilities: ['read'],
            phase: 'plan' as const,
            optional: 'it is not told whom roles that no recipe names let in',
          },
        ]),
    ...recipe.roles.flatMap(({ name }) => [
      {
        system: 'vault' as const,
        path: roleAddress(recipe.auth.path, name),
        capabilities: ['read'],
        phase: 'plan' as const,
      },
      ...(['create', 'update'] as const).map((when) => ({
        system: 'vault' as const,
        path: roleAddress(recipe.auth.path, name),
        capabilities: [when],
        phase: 'apply' as const,
        of: roleAddress(recipe.auth.path, name),
        when,
      })),
    ]),
  ],

  resources: ({ recipe }) =>
    recipe.roles.map((role) => ({
      system: 'vault',
      address: roleAddress(recipe.auth.path, role.name),
      desired: roleDocument(recipe.auth.type, role),
      inside: mountAddress(recipe.auth.path),
      at: role.at,
    })),

  // By name, whatever a list says: one that is cut (pagination_limit) or filtered does not name what is there.
  observe: ({ vault }, { address }) => vault.read(address),

  diff: ({ desired }, observed, { recipe }) => {
    const fields = diffFields(recipe.auth.type.role, desired, observed);
    if (observed && fields.length === 0) return { action: 'none' };
    return { action: observed ? 'update' : 'create', fields };
  },

  apply: async ({ vault }, { address, desired }) => {
    await vault.write(address, { ...desired });
  },

  others: ({ vault }, { recipe }) => leftRoles(vault, recipe),
});
