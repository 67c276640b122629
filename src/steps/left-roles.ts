import type { Fix, Problem } from '../errors.ts';
import { roleAddress, rolesAddress } from '../model/addresses.ts';
import { vault } from '../model/commands.ts';
import { nothingIf } from '../model/error-values.ts';
import { firstNamed } from '../model/first-named.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { stringsIn } from '../vault/answers/answers.ts';
import type { VaultData, VaultReader } from '../vault/api.ts';
import { namesIfListable } from '../vault/objects/listing.ts';

/** So many are read, to tell whom they let in; of more only the names are told. */
const mostRead = 50;

interface LeftRole {
  name: string;
  /** Undefined: it may not be read, is gone by now, or there were too many. */
  fields: VaultData | undefined;
}

/** Roles on the recipe's mount that it does not name: who was taken out of a recipe still gets in by them. */
export async function leftRoles(reader: Pick<VaultReader, 'list' | 'read'>, recipe: Recipe): Promise<Problem[]> {
  // Vault folds the case of their names.
  const ours = new Set(recipe.roles.map(({ name }) => name.toLowerCase()));
  const listed = (await namesIfListable(reader, rolesAddress(recipe.auth.path))) ?? [];
  const names = listed.filter((name) => !ours.has(name.toLowerCase()));
  if (recipe.auth.manage === 'none') return names.length === 0 ? [] : [ofOthers(names, recipe)];
  const roles = await Promise.all(
    names.map(async (name, index) => ({
      name,
      fields:
        index < mostRead
          ? await reader.read(roleAddress(recipe.auth.path, name)).catch(nothingIf('operator-forbidden'))
          : undefined,
    })),
  );
  return roles.map((role) => leftAlone(role, roles, recipe));
}

/** Another team's mount is full of its own roles: none of them is a word to this recipe. */
function ofOthers(names: string[], { auth }: Recipe): Problem {
  const message = `roles of this mount that this recipe does not name were left alone and not looked at: ${firstNamed(names)}`;
  return { code: 'left-alone', subject: rolesAddress(auth.path), message };
}

function leftAlone(role: LeftRole, all: LeftRole[], recipe: Recipe): Problem {
  const address = roleAddress(recipe.auth.path, role.name);
  const why =
    'if no other recipe and nobody else keeps it, which Vault does not tell: remove it (tokens that it has given live on to their end)';
  return {
    code: 'left-alone',
    subject: address,
    message: `no role of this recipe, and left alone: ${role.fields ? `it still lets in ${letsIn(role.fields)}` : 'whom it lets in was not looked at'}`,
    fix: [{ why, command: vault('delete', [address]) }, ...policyFixes(role, all, recipe)],
  };
}

/** Whom a role binds, in words. */
function letsIn(fields: VaultData): string {
  const names = stringsIn(fields['bound_service_account_names']);
  const namespaces = stringsIn(fields['bound_service_account_namespaces']);
  const selector = fields['bound_service_account_namespace_selector'];
  const chosen = typeof selector === 'string' && selector !== '' ? [`namespaces that match ${selector}`] : [];
  if (chosen.length === 0 && !names.includes('*') && !namespaces.includes('*') && names.length * namespaces.length <= 3)
    return namespaces.flatMap((namespace) => names.map((name) => `${namespace}/${name}`)).join(', ') || 'nobody';
  const who = names.includes('*') ? 'every ServiceAccount' : `ServiceAccounts ${firstNamed(names)}`;
  const where = namespaces.includes('*')
    ? ['every namespace']
    : namespaces.length > 0
      ? [`namespaces ${firstNamed(namespaces)}`]
      : [];
  return `${who} of ${[...where, ...chosen].join(' and of ') || 'no namespace'}`;
}

/**
 * Only where all other roles of the mount are known, and none of them nor the recipe has it. In words: a role of another
 * mount may have it, and would lose it in silence.
 */
function policyFixes({ name, fields }: LeftRole, all: LeftRole[], recipe: Recipe): Fix[] {
  const others = all.filter((one) => one.name !== name);
  if (!fields || others.some((one) => one.fields === undefined)) return [];
  const kept = new Set(
    [
      ...['default', 'root'],
      ...recipe.policies.map((policy) => policy.name),
      ...recipe.roles.flatMap(({ token_policies: policies = [] }) => policies),
      ...others.flatMap((one) => policiesOf(one.fields)),
    ].map((policy) => policy.toLowerCase()),
  );
  const left = policiesOf(fields).filter((policy) => !kept.has(policy.toLowerCase()));
  if (left.length === 0) return [];
  const why = `no other role of this mount has ${left.length === 1 ? 'its policy' : 'its policies'} ${firstNamed(left)}; before you remove ${left.length === 1 ? 'it' : 'them'} too, look whether a role of another mount, an identity entity or group, a token or another auth method has it`;
  return [{ why }];
}

function policiesOf(fields: VaultData | undefined): string[] {
  return [...stringsIn(fields?.['token_policies']), ...stringsIn(fields?.['policies'])];
}
