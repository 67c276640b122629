import { z } from 'zod';
import { withoutTrailingSlashes } from '../../model/trailing.ts';
import { nearest } from '../suggest.ts';
import { longestPath, someOf, textOfForm, tooLong } from './values.ts';

/** Vault's capabilities in a policy. */
const capabilities = ['create', 'read', 'update', 'patch', 'delete', 'list', 'sudo', 'deny'] as const;

const otherWords: Record<string, string> = {
  get: 'read',
  view: 'read',
  write: 'update',
  put: 'update',
  post: 'create',
  edit: 'update',
  remove: 'delete',
  root: 'sudo',
};

/** The capability that was probably meant. */
export function nearestCapability(word: string): string | undefined {
  return otherWords[word.toLowerCase()] ?? nearest(word, capabilities);
}

/** What both servers print and take in a path; not what a policy about policies would read as a pattern or template. */
const character = '(?:(?![/*{}])[\\p{L}\\p{M}\\p{N}\\p{P}\\p{S} ])';
const segment = `(?!(?:\\.{1,2}|\\+)(?:/|$))${character}+`;
const ofPolicies = '/?(?:sys/)?(?:policies/acl|policy)/';
/** Go and we fold letters beyond ASCII in different ways, and the servers take blanks off both ends. */
const policyForm = new RegExp(
  `^(?! )(?!${ofPolicies})(?!.* $)(?!.*(?![A-Z])[\\p{Lu}\\p{Lt}])${segment}(?:/${segment})*$`,
  'u',
);

export const policyName = () =>
  textOfForm(
    policyForm,
    'the name of a policy (no *, braces or empty parts; blanks inside only; letters beyond A-Z in lower case)',
    (value) => withoutTrailingSlashes(value.replace(new RegExp(`^${ofPolicies}`), '')).trim(),
  ).max(256, 'is longer than 256 characters');

const rule = z
  .strictObject({
    path: z
      .string()
      .min(1, 'is empty')
      .max(longestPath, tooLong)
      .describe(
        'API path; + is one segment, * stands only at the end. KV v2: secret/data/… to read, secret/metadata/… to list.',
      ),
    capabilities: someOf(z.enum(capabilities)).describe('What is allowed there.'),
  })
  .describe('One path of the policy.');

export const policyPart = z
  .strictObject({
    name: policyName().describe('Name of the ACL policy; Vault stores it in lower case.'),
    rules: someOf(rule).describe('The policy as a list of paths. Or file, or hcl.').optional(),
    file: z.string().min(1, 'is empty').describe('File with the policy in HCL, beside the recipe.').optional(),
    hcl: z
      .string()
      .min(1, 'is empty')
      .describe("The policy in HCL. ${accessor} stands for this mount's accessor.")
      .optional(),
  })
  .describe('An ACL policy, owned whole by this recipe.');
