import { defineStep, type Reading, type Resource, type Target } from '../engine/step.ts';
import { heredoc, word } from '../shell.ts';
import { namesIfListable } from '../vault/objects/listing.ts';
import { findAuthMount } from '../vault/objects/mount.ts';
import { samePolicy } from '../vault/policy/compare.ts';
import { mountAddress, policyAddress } from './addresses.ts';

interface PolicyResource extends Resource {
  desired: { policy: string };
}

/** In a policy's text this stands for the accessor of the recipe's mount. */
const placeholder = '${accessor}';

export const writePolicy = defineStep<PolicyResource>({
  name: 'write-policy',
  title: 'write the ACL policies',
  summary:
    'vault policy write NAME. Policies are compared by meaning: spaces, comments and the order of blocks are no change. ${accessor} in a policy is the accessor of this mount.',

  commands: ({ recipe: { policies, auth } }) =>
    policies.map(({ name, hcl }) => {
      const read = `ACCESSOR="$(vault read -field=accessor ${word(`sys/auth/${auth.path}`)})"\n`;
      if (!hcl.includes(placeholder)) return heredoc(`vault policy write ${word(name)} -`, hcl);
      return `${read}${heredoc(`sed "s/\${accessor}/$ACCESSOR/g"`, hcl, `vault policy write ${word(name)} -`)}`;
    }),

  access: ({ recipe: { policies } }) => [
    {
      system: 'vault',
      path: 'sys/policies/acl',
      capabilities: ['list'],
      phase: 'plan',
      optional: 'a policy that is missing costs a request of its own',
    },
    ...policies.flatMap(({ name }) => [
      { system: 'vault' as const, path: policyAddress(name), capabilities: ['read'], phase: 'plan' as const },
      {
        system: 'vault' as const,
        path: policyAddress(name),
        capabilities: ['update'],
        phase: 'apply' as const,
        of: policyAddress(name),
      },
    ]),
  ],

  resources: ({ recipe }) =>
    recipe.policies.map(({ name, hcl, at }) => ({
      system: 'vault',
      address: policyAddress(name),
      desired: { policy: hcl },
      ...(hcl.includes(placeholder) ? { inside: mountAddress(recipe) } : {}),
      at,
    })),

  observe: async ({ vault }, { address, desired }, target) => {
    const name = address.slice('sys/policies/acl/'.length);
    const names = await namesIfListable(vault, 'sys/policies/acl');
    if (names && !names.has(name)) return undefined;
    const found = await vault.read(address);
    if (!found) return undefined;
    const policy = String(found['policy'] ?? '');
    if (!desired.policy.includes(placeholder)) return { policy };
    return { policy: policy.replaceAll(await accessorOf({ vault }, target), placeholder) };
  },

  diff: ({ desired }, observed) => {
    if (!observed) return { action: 'create', fields: [{ field: 'policy', after: desired.policy }] };
    const before = String(observed['policy']);
    if (samePolicy(before, desired.policy)) return { action: 'none' };
    return { action: 'update', fields: [{ field: 'policy', before, after: desired.policy }] };
  },

  unknowns: ({ desired }) => (desired.policy.includes(placeholder) ? [placeholder] : []),

  apply: async ({ vault }, { address, desired }, target) => {
    const policy = desired.policy.includes(placeholder)
      ? desired.policy.replaceAll(placeholder, await accessorOf({ vault }, target))
      : desired.policy;
    await vault.write(address, { policy });
  },
});

async function accessorOf({ vault }: Pick<Reading, 'vault'>, { recipe: { auth } }: Target): Promise<string> {
  const mount = await findAuthMount(vault, auth.path);
  if (!mount) throw new Error(`the mount ${auth.path} was planned before ${placeholder} was needed`);
  return mount.accessor;
}
