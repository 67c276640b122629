import { z } from 'zod';
import { authPart, clusterPart, vaultPart } from './auth.ts';
import { nearestCapability, policyPart } from './policy.ts';
import { roleName, rolePart } from './role.ts';
import { account, label, longestPath, textOfForm, tooLong } from './values.ts';

/** Vault's words for what a token may do; `deny` is the absence of them. */
const claimCapabilities = ['create', 'read', 'update', 'patch', 'delete', 'list', 'scan', 'sudo'] as const;

const claim = () =>
  textOfForm(
    new RegExp(`^(?:${claimCapabilities.join('|')})\\s+\\S+$`),
    `a capability and a path, e.g. "read secret/data/myapp/config" (${claimCapabilities.join(', ')})`,
    guessClaim,
  ).refine((value) => value.length <= longestPath, tooLong);

const expectPart = z
  .strictObject({
    role: roleName().describe('Role to log in with.'),
    service_account: account().describe('ServiceAccount that logs in, namespace/name.'),
    login: z
      .enum(['ok', 'refused'])
      .describe('Default: ok. refused: Vault must name the account or its namespace as the reason.')
      .optional(),
    can: z.array(claim()).describe('"capability path" that the login must allow.').optional(),
    cannot: z.array(claim()).describe('"capability path" that the login must not allow.').optional(),
  })
  .describe('One login that verify tries.');

/** A recipe, merged of all its files. One schema gives validation, the TypeScript shape and the JSON Schema. */
export const recipeSchema = z.strictObject({
  version: z.literal(1).describe('Version of this format: 1.'),
  name: label('a DNS label').describe('Names this binding in reports.'),
  vault: vaultPart.optional(),
  cluster: clusterPart.optional(),
  auth: authPart,
  policies: z.array(policyPart).describe('ACL policies to write.').optional(),
  roles: z.array(rolePart).describe('Roles to bind.').optional(),
  expect: z
    .array(expectPart)
    .describe('What verify proves. Absent: one login for each literal account that exists.')
    .optional(),
});

export type RecipeDocument = z.infer<typeof recipeSchema>;
export type PolicyDocument = z.infer<typeof policyPart>;
export type ExpectDocument = z.infer<typeof expectPart>;

function guessClaim(value: string): string | undefined {
  const [first = '', second, ...more] = value.trim().split(/\s+/);
  if (!second || more.length > 0) return undefined;
  const capability = nearestCapability(first);
  return capability === undefined || capability === 'deny' ? undefined : `${capability} ${second}`;
}
