import { z } from 'zod';
import { capabilityNames } from '../policy/rule.ts';
import { parseDuration } from '../recipe/durations.ts';
import { ceilingSwitches } from '../recipe/reviewers/index.ts';
import { duration, textOfForm } from '../recipe/schema/values.ts';

const name = (what: string) =>
  textOfForm(/^(?:\*|[^\s*/]+\*?)$/, `${what}, or the beginning of one and a * at the end`).describe(
    `${what}; a * at the end stands for any ending.`,
  );

const policyPattern = (what: string) =>
  textOfForm(/^[^*]*(?:[^*\s]|\*)$/, `${what}, or the beginning of one and a * at the end`).describe(
    `${what}; a * at the end stands for any ending.`,
  );

const path = (what: string) =>
  textOfForm(/^(?:\*|[^\s*]+\*?)$/, `${what}, or the beginning of one and a * at the end`).describe(
    `${what}; a * at the end stands for any ending.`,
  );

const account = () =>
  textOfForm(
    /^(?:\*|[-a-z0-9.]+\*?)\/(?:\*|[-a-z0-9.]+\*?)$/,
    'ServiceAccounts, written namespace/name, either with a * at its end',
  ).describe('namespace/name; a * at the end of either stands for any ending.');

const none = 'Default: none.';
const list = <T extends z.ZodType>(entry: T, what: string) => z.array(entry).describe(`${what} ${none}`).optional();
const flag = (what: string) => z.boolean().describe(`${what} Default: false.`).optional();

const longest = (what: string) =>
  duration()
    .refine((value) => (parseDuration(value) ?? 0) > 0, 'is no time at all; leave the key out to say nothing of it')
    .describe(what)
    .optional();

const capability = z.enum(capabilityNames.filter((one) => one !== 'deny'));

const pathPart = z
  .strictObject({
    path: textOfForm(/^[^\s/][^\s]*$/, 'an API path without a slash in front, as policies write it')
      .refine((value) => !value.includes('{{') && !value.includes('${'), 'a ceiling has no templates')
      .refine((value) => !value.slice(0, -1).includes('*'), 'a * stands only at the end of a path; + is one segment')
      .refine(
        (value) => value.split('/').every((segment) => segment === '+' || !segment.includes('+')),
        'a + is a whole segment, so this allows nothing; write * at the end for any ending',
      )
      .describe(
        'API path as in a policy; + is one segment, * stands only at the end. What lies below sys, auth or identity, at any depth because of child namespaces, is reached only by a path that has that word in front of its first + or *. A path of a policy that ends in a *, or has a + or a template, and so may become such a one, is allowed besides by a path with data, metadata, delete, undelete, destroy or subkeys (the words of KV version 2) behind the engine and in front of its first + or *.',
      ),
    capabilities: z
      .array(capability)
      .min(1, 'is an empty list')
      .describe('The most that a policy may allow there. sudo counts only where it is named.'),
  })
  .describe('A path, and what may be allowed there.');

export const ceilingSchema = z.strictObject({
  version: z.literal(1).describe('Version of this format: 1.'),
  vault: z
    .strictObject({ namespaces: list(path('A Vault namespace'), 'Vault namespaces that a recipe may choose.') })
    .describe('The Vault or OpenBao server.')
    .optional(),
  cluster: z
    .strictObject({
      contexts: list(z.string().min(1), 'kubeconfig contexts that a recipe may choose.'),
      hosts: list(z.string().min(1), 'API addresses, as Vault reaches them, that a recipe may name.'),
      ca: flag('A recipe may bring a CA.'),
    })
    .describe('The Kubernetes cluster.')
    .optional(),
  auth: z
    .strictObject({
      paths: list(
        path('A mount path without auth/'),
        'Auth methods whose roles, and with manage: full or create whose config, may be written.',
      ),
      manage: z
        .array(z.enum(['full', 'create', 'none']))
        .describe('What a recipe may say of the mount. Default: all three.')
        .optional(),
      config: list(
        z.enum(['issuer', 'disable_iss_validation', 'pem_keys', 'use_annotations_as_alias_metadata']),
        'Fields of auth.config that a recipe may set. Who sets pem_keys can log in as anybody.',
      ),
      reviewers: list(account(), 'ServiceAccounts that may be made token reviewer.'),
      token_secrets: list(account(), 'Secrets, beside <account>-token, that may hold the token of the reviewer.'),
      bindings: z
        .array(name('A ClusterRoleBinding'))
        .describe('ClusterRoleBindings that may be made or added to. Default: vaultbind-*.')
        .optional(),
      ...ceilingSwitches,
      bind_clients: flag('Application accounts may be bound to system:auth-delegator.'),
    })
    .describe('The kubernetes auth method.')
    .optional(),
  policies: z
    .strictObject({
      names: list(policyPattern('A policy'), 'Policies that may be written.'),
      paths: list(pathPart, 'What they may allow.'),
    })
    .describe('ACL policies.')
    .optional(),
  roles: z
    .strictObject({
      names: list(name('A role'), 'Roles that may be written.'),
      service_accounts: list(account(), 'ServiceAccounts that may be bound.'),
      create_service_accounts: list(account(), 'ServiceAccounts that may be made.'),
      token_policies: list(
        policyPattern('A policy'),
        'Policies that a role may have although the recipe does not write them.',
      ),
      wildcards: flag('Bindings may hold a *, within service_accounts.'),
      namespace_selector: flag(
        'Namespaces may be bound by a label selector, whatever service_accounts says of them; it still holds for the names.',
      ),
      alias_name_source: z
        .array(z.enum(['serviceaccount_uid', 'serviceaccount_name']))
        .describe('What may name the entity alias, which policies with templates go by. Default: both.')
        .optional(),
      token_ttl: longest(
        'Longest first lifetime of a token, e.g. 1h. A role that leaves its own to the server is beyond it. Default: any.',
      ),
      token_max_ttl: longest(
        'Longest lifetime of a token with all its renewals, e.g. 24h. A role that leaves its own to the server is beyond it. Default: any.',
      ),
      token_period: longest(
        'Longest period of tokens that are renewed for ever; the two above do not hold for them. Default: none as soon as one of the two is there, else any.',
      ),
    })
    .describe('Roles of the auth method.')
    .optional(),
  expect: z
    .strictObject({
      service_accounts: list(account(), 'Further ServiceAccounts as which verify may try to log in.'),
    })
    .describe('What verify tries.')
    .optional(),
});

/** What a recipe may be at most. What it does not name is not allowed. */
export type CeilingDocument = z.infer<typeof ceilingSchema>;

export function ceilingJsonSchema(): object {
  return { ...z.toJSONSchema(ceilingSchema, { io: 'input' }), title: 'vaultbind ceiling' };
}
