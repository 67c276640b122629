import type { Command, Joined } from '../command.ts';
import type { Reading } from '../contracts/clients.ts';
import { defineStep, type Resource } from '../contracts/step.ts';
import type { Target } from '../contracts/target.ts';
import { FailedError } from '../errors.ts';
import { mountAddress, policyAddress } from '../model/addresses.ts';
import { assigned, joined, variable, vault, vaultWriteJson } from '../model/commands.ts';
import { printed } from '../model/printed.ts';
import { samePolicy } from '../policy/compare.ts';
import type { JudgedPolicy, SentPolicy } from '../policy/judge.ts';
import { filled, placeholder } from '../policy/placeholder.ts';
import { findAuthMount } from '../vault/objects/mount.ts';

interface PolicyResource extends Resource {
  /** As the recipe has it. */
  desired: { policy: string };
  judged: JudgedPolicy;
}

/** What is there. */
interface Observed {
  policy: string;
  /** Of the recipe's mount; absent where the policy does not need it. */
  accessor?: string;
}

const accessor = variable('ACCESSOR');

/** As one would write it, unless there is something in it that a terminal does not show. */
function policyCommand(name: string, policy: string | Joined): Command {
  const command = { ...vault('policy write', [name, '-']), stdin: policy };
  return printed(command) === undefined ? vaultWriteJson(policyAddress(name), { policy }) : command;
}

/** Where the accessor is put in, the variable stands: as `filled` finds it. */
function withAccessor(text: string): Joined {
  let mark = 'accessor';
  while (text.includes(mark)) mark = `${mark}_`;
  const [first = '', ...rest] = filled(text, mark).split(mark);
  return joined(first, ...rest.flatMap((part) => [accessor, part]));
}

export const writePolicy = defineStep<PolicyResource>({
  name: 'write-policy',
  title: 'write the ACL policies',
  summary:
    'vault policy write NAME. Policies are compared by meaning: spaces, comments and the order of blocks are no change. ${accessor} in a policy is the accessor of this mount.',

  commands: ({ recipe: { policies, auth } }) =>
    policies.map(({ name, judged: { text, needsAccessor } }) => {
      if (!needsAccessor) return policyCommand(name, text);
      const read = vault('read', [mountAddress(auth.path)], { field: 'accessor' });
      return { ...assigned(accessor, read), and: policyCommand(name, withAccessor(text)) };
    }),

  access: ({ recipe: { policies } }) =>
    policies.flatMap(({ name }) => [
      { system: 'vault' as const, path: policyAddress(name), capabilities: ['read'], phase: 'plan' as const },
      {
        system: 'vault' as const,
        path: policyAddress(name),
        capabilities: ['update'],
        phase: 'apply' as const,
        of: policyAddress(name),
      },
    ]),

  resources: ({ recipe }) =>
    recipe.policies.map(({ name, hcl, judged, at }) => ({
      system: 'vault',
      address: policyAddress(name),
      desired: { policy: hcl },
      judged,
      ...(judged.needsAccessor ? { inside: mountAddress(recipe.auth.path) } : {}),
      at,
    })),

  observe: async ({ vault }, { address, judged }, target) => {
    // By name, whatever a list says: one that is cut or filtered does not name what is there.
    const found = await vault.read(address);
    if (!found) return undefined;
    const policy = String(found['policy'] ?? '');
    return judged.needsAccessor ? { policy, accessor: await accessorOf({ vault }, target) } : { policy };
  },

  diff: ({ address, judged }, observed) => {
    if (!observed) return { action: 'create', fields: [{ field: 'policy', after: judged.text }] };
    const { policy: before, accessor } = observed as unknown as Observed;
    const after = sentOf(address, judged, accessor);
    if (samePolicy(before, after)) return { action: 'none' };
    return { action: 'update', fields: [{ field: 'policy', before, after }] };
  },

  unknowns: ({ judged }) => (judged.needsAccessor ? [placeholder] : []),

  apply: async ({ vault }, { address, judged }, target) => {
    const accessor = judged.needsAccessor ? await accessorOf({ vault }, target) : undefined;
    const policy: SentPolicy = sentOf(address, judged, accessor);
    await vault.write(address, { policy });
  },
});

function sentOf(address: string, judged: JudgedPolicy, accessor: string | undefined): SentPolicy {
  const policy = judged.sent(accessor);
  if (policy !== undefined) return policy;
  throw new FailedError({
    code: 'policy-invalid',
    subject: address,
    message: `with the accessor of this mount the policy would not say what was judged, so it is not written`,
    fix: [{ why: `write the policy without ${placeholder}` }],
  });
}

async function accessorOf({ vault }: Pick<Reading, 'vault'>, { recipe: { auth } }: Target): Promise<string> {
  const mount = await findAuthMount(vault, auth.path);
  if (!mount) throw new Error(`the mount ${auth.path} was planned before ${placeholder} was needed`);
  return mount.accessor;
}
