import { z } from 'zod';
import { policyName } from './policy.ts';
import {
  accountPattern,
  boundName,
  boundNamespace,
  duration,
  emptyList,
  listOf,
  textOfForm,
  wholeNumber,
} from './values.ts';

/** As Vault takes it; no other name can be in a path. */
export const roleForm = /^\w(?:[\w.-]*\w)?$/;

export const roleName = () =>
  textOfForm(
    roleForm,
    'the name of a role (letters, digits, _, - and .); a role of this mount stands without its path',
    (value) => value.replace(/^.*role\//, ''),
  );

const selector = z.union([z.string().min(1), z.strictObject({ matchLabels: z.record(z.string(), z.string()) })], {
  error: () => 'is not a label selector: {matchLabels: {key: value}}; Vault takes no matchExpressions',
});

export const rolePart = z
  .strictObject({
    name: roleName().describe('Name of the role on this mount; Vault stores it in lower case.'),
    service_accounts: listOf(accountPattern())
      .min(1, emptyList)
      .describe('Who may log in: namespace/name. Or the two bound_service_account_ lists.')
      .optional(),
    bound_service_account_names: listOf(boundName())
      .min(1, emptyList)
      .describe("Names, each good in every bound namespace. '*' for all.")
      .optional(),
    bound_service_account_namespaces: listOf(boundNamespace())
      .min(1, emptyList)
      .describe("Kubernetes namespaces, each good for every bound name. '*' for all.")
      .optional(),
    bound_service_account_namespace_selector: selector
      .describe('Label selector of namespaces, as {matchLabels: {key: value}}.')
      .optional(),
    create_service_accounts: z
      .boolean()
      .describe('Make the ServiceAccounts that are missing. Default: false. Namespaces are never made.')
      .optional(),
    audience: z.string().min(1, 'is empty').describe('Audience a login token must have, e.g. vault.').optional(),
    alias_name_source: z
      .enum(['serviceaccount_uid', 'serviceaccount_name'])
      .describe('What names the entity alias. Default: serviceaccount_uid.')
      .optional(),
    token_policies: listOf(policyName()).describe('ACL policies that a login gets.').optional(),
    token_ttl: duration().describe('First lifetime of a token, e.g. 1h.').optional(),
    token_max_ttl: duration().describe('Longest lifetime with renewals.').optional(),
    token_explicit_max_ttl: duration().describe('Hard end of a token, whatever the mount says.').optional(),
    token_period: duration().describe('Periodic token: renewable for ever, by this much each time.').optional(),
    token_num_uses: wholeNumber().describe('Requests a token is good for; 0: any number.').optional(),
    token_no_default_policy: z.boolean().describe('Leave out the policy default. Default: false.').optional(),
    token_bound_cidrs: z
      .array(z.string())
      .describe('Addresses or blocks that may log in and use the token.')
      .optional(),
    token_type: z.enum(['default', 'service', 'batch']).describe('Kind of token. Default: default.').optional(),
  })
  .describe('A role: which ServiceAccounts get which policies.');

export type RoleDocument = z.infer<typeof rolePart>;
