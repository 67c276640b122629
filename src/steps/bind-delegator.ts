import { type Change, defineStep, type Resource, type State } from '../contracts/step.ts';
import { FailedError } from '../errors.ts';
import type { Binding, KubernetesSession } from '../kubernetes/api.ts';
import { ownedByOthers, ownersShown } from '../kubernetes/owners.ts';
import { accountText, type ServiceAccountName } from '../model/account.ts';
import { bindingAddress } from '../model/addresses.ts';
import { kubectl } from '../model/commands.ts';
import { labelKey } from '../model/labels.ts';
import { inWords } from '../model/printed.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { type Written, writeAsRead } from './as-read.ts';
import { recipeLabel } from './kubernetes-objects.ts';

interface BindingResource extends Resource {
  name: string;
  accounts: ServiceAccountName[];
  desired: { roleRef: string; subjects: string[] };
}

const delegator = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:auth-delegator' };
/** Milliseconds in which every API server of a cluster knows of a new binding; one alone takes a few. */
export const settling = 3000;

/** What system:auth-delegator gives: who has it all may give it on without the verb bind. */
const reviews = [
  { group: 'authentication.k8s.io', resource: 'tokenreviews' },
  { group: 'authorization.k8s.io', resource: 'subjectaccessreviews' },
].map((one) => ({ system: 'kubernetes' as const, verb: 'create', ...one }));

const delegatorRef = 'ClusterRole/system:auth-delegator';

export const bindDelegator = defineStep<BindingResource>({
  name: 'bind-delegator',
  title: 'let the reviewer review tokens',
  summary:
    'A ClusterRoleBinding of the token reviewer to system:auth-delegator. It is in place when it contains our subject; a binding of that name which is not ours, or refers to another ClusterRole, is blocked with the way out.',

  commands: ({ recipe }) =>
    reviewerBindings(recipe).map(({ name, accounts }) =>
      kubectl('create clusterrolebinding', [name], {
        clusterrole: delegator.name,
        serviceaccount: accounts.map((account) => `${account.namespace}:${account.name}`),
      }),
    ),

  access: ({ recipe }) => {
    const rbac = {
      system: 'kubernetes' as const,
      group: 'rbac.authorization.k8s.io',
      resource: 'clusterrolebindings',
    };
    return reviewerBindings(recipe).flatMap(({ name }) => {
      const write = { ...rbac, phase: 'apply' as const, of: bindingAddress(name) };
      return [
        { ...rbac, verb: 'get', name, phase: 'plan' as const },
        // A name can restrict no POST: it is not in the path.
        { ...write, verb: 'create', when: 'create' as const },
        { ...write, verb: 'patch', name, when: 'update' as const },
        { ...write, resource: 'clusterroles', verb: 'bind', name: delegator.name, instead: reviews },
      ];
    });
  },

  resources: ({ recipe }) =>
    reviewerBindings(recipe).map(({ name, accounts }) => ({
      system: 'kubernetes',
      address: bindingAddress(name),
      name,
      accounts,
      desired: { roleRef: delegatorRef, subjects: accounts.map(accountText) },
      at: recipe.auth.reviewer.at,
    })),

  observe: async ({ kubernetes }, { name }) => {
    const found = await kubernetes.clusterRoleBinding(name);
    return found && stateOf(found);
  },

  diff: (resource, observed) => diffBinding(resource, observed),

  apply: ({ kubernetes }, resource, { recipe }) =>
    writeAsRead(resource.address, kubernetes, () => bindOnce(kubernetes, resource, recipe)),
});

async function bindOnce(kubernetes: KubernetesSession, resource: BindingResource, recipe: Recipe): Promise<Written> {
  const { name, address, accounts } = resource;
  const found = await kubernetes.clusterRoleBinding(name);
  if (!found)
    return await kubernetes.create({
      kind: 'ClusterRoleBinding',
      metadata: { name, labels: recipeLabel(recipe) },
      roleRef: delegator,
      subjects: accounts.map(subjectOf),
    });
  const change = diffBinding(resource, stateOf(found));
  if (change.action === 'blocked')
    throw new FailedError({ code: change.code, subject: address, message: change.reason, fix: change.fix });
  if (change.action === 'none') return 'in-place';
  const { subjects = [] } = found;
  const missing = accounts.filter(
    ({ namespace, name: account }) =>
      !subjects.some((one) => one.kind === 'ServiceAccount' && one.namespace === namespace && one.name === account),
  );
  const set = { subjects: [...subjects, ...missing.map(subjectOf)] };
  return await kubernetes.update({ kind: 'ClusterRoleBinding', of: found, set });
}

function subjectOf({ namespace, name }: ServiceAccountName) {
  return { kind: 'ServiceAccount', namespace, name };
}

function stateOf({ subjects = [], roleRef, metadata, read }: Binding): State {
  const accounts = subjects.filter(({ kind }) => kind === 'ServiceAccount');
  const owners = ownedByOthers(read.managedFields, [['subjects']]).map(({ owner }) => owner);
  return {
    roleRef: `${roleRef.kind}/${roleRef.name}`,
    subjects: accounts.map(({ namespace = '', name }) => accountText({ namespace, name })),
    others: subjects.length - accounts.length,
    ours: metadata?.labels?.[labelKey] !== undefined,
    ...(owners.length > 0 && { owners }),
  };
}

/** The bindings this recipe makes: the reviewer's, or with bind_clients one for all literal accounts of its roles. */
export function reviewerBindings({ auth: { reviewer } }: Recipe): { name: string; accounts: ServiceAccountName[] }[] {
  return reviewer.binding?.accounts.length ? [reviewer.binding] : [];
}

function diffBinding({ name, desired }: BindingResource, observed: State | undefined): Change {
  if (!observed)
    return { action: 'create', fields: Object.entries(desired).map(([field, after]) => ({ field, after })) };
  if (observed['roleRef'] !== desired.roleRef) return wrongRole(name, String(observed['roleRef']));
  const subjects = observed['subjects'] as string[];
  if (desired.subjects.every((subject) => subjects.includes(subject))) return { action: 'none' };
  if (!observed['ours']) return foreign(name, desired.subjects);
  const owners = observed['owners'] as string[] | undefined;
  if (owners) return owned(name, desired.subjects, owners);
  const after = [...new Set([...subjects, ...desired.subjects])];
  return { action: 'update', fields: [{ field: 'subjects', before: subjects, after }] };
}

function wrongRole(name: string, roleRef: string): Change {
  return {
    action: 'blocked',
    code: 'binding-role-immutable',
    reason: `ClusterRoleBinding ${name} refers to ${roleRef}, not to ${delegatorRef}, and Kubernetes lets nobody change that`,
    fix: [
      { why: 'choose another name in the recipe: auth.reviewer.binding' },
      {
        why: `or delete it, if nothing needs it, and apply again: ${inWords(kubectl('delete clusterrolebinding', [name]))}`,
      },
    ],
  };
}

function foreign(name: string, subjects: string[]): Change {
  return {
    action: 'blocked',
    code: 'binding-foreign',
    reason: `ClusterRoleBinding ${name} exists, was not made by vaultbind and does not contain ${subjects.join(', ')}`,
    fix: [
      { why: 'choose another name in the recipe: auth.reviewer.binding' },
      {
        why: 'or add the subject by hand, beside those that are in it',
        command: kubectl('set subject clusterrolebinding', [name], {
          serviceaccount: subjects.map((one) => one.replace('/', ':')),
        }),
      },
    ],
  };
}

/** To Kubernetes all subjects are one value: adding ours would take the field from its owner, who would put it back. */
function owned(name: string, subjects: string[], owners: string[]): Change {
  return {
    action: 'blocked',
    code: 'field-conflict',
    reason: `ClusterRoleBinding ${name} does not contain ${subjects.join(', ')}, and its subjects are decided by ${owners.join(', ')}; vaultbind never takes a field by force`,
    fix: [
      { why: `have ${owners.join(', ')} add the subject` },
      { why: 'or choose another name in the recipe: auth.reviewer.binding' },
      {
        why: 'see who owns what',
        command: ownersShown('ClusterRoleBinding', { namespace: '', name }),
      },
    ],
  };
}
