import pLimit from 'p-limit';
import { type Problem, VaultbindError } from '../../errors.ts';
import type { HeldRules, KubernetesSession } from '../../kubernetes/api.ts';
import type { KubernetesRight } from '../../model/rights.ts';

type Needed = KubernetesRight & { instead?: KubernetesRight[] };

/** Above so many namespaces what is allowed in all of them is asked first. */
const mostNamespaces = 8;

/** One SelfSubjectRulesReview a namespace; single questions only where that answer is not whole. */
export async function missingInKubernetes(needed: Needed[], kubernetes: KubernetesSession): Promise<Problem[]> {
  try {
    const all = distinct(needed);
    const left = namespacesOf(all).length > mostNamespaces ? await notEverywhere(all, kubernetes) : all;
    const missing = await notByRules(left, kubernetes);
    const limit = pLimit(mostNamespaces);
    const told = await Promise.all(missing.map((one) => limit(() => refused(one, kubernetes))));
    return told.flatMap((one) => (one ? [problem(one, kubernetes.server)] : []));
  } catch (error) {
    // Who may not even ask is told by the writes.
    if (error instanceof VaultbindError && error.code === 'kubernetes-forbidden') return [];
    throw error;
  }
}

/** Several objects may take one right. */
function distinct(needed: Needed[]): Needed[] {
  const key = ({ namespace, name, ...one }: Needed) => `${kindOf(one)} ${namespace} ${name}`;
  return [...new Map(needed.map((one) => [key(one), one])).values()];
}

/** Each answer tells of the cluster scope too, so that needs a question of its own only where it is all there is. */
function namespacesOf(needed: Needed[]): string[] {
  const named = [...new Set(needed.flatMap(({ namespace }) => namespace ?? []))];
  return named.length === 0 && needed.length > 0 ? ['default'] : named;
}

/** Kinds that may be written in any namespace and by any name need no further question. */
async function notEverywhere(needed: Needed[], kubernetes: KubernetesSession): Promise<Needed[]> {
  const kinds = new Map(
    needed.map((one) => [kindOf(one), { verb: one.verb, group: one.group, resource: one.resource }]),
  );
  const allowed = new Set<string>();
  await Promise.all(
    [...kinds].map(async ([kind, action]) => {
      if (await kubernetes.mayI(action)) allowed.add(kind);
    }),
  );
  return needed.filter((one) => !allowed.has(kindOf(one)));
}

function kindOf({ verb, group, resource }: KubernetesRight): string {
  return `${verb} ${group} ${resource}`;
}

interface Unsure {
  right: Needed;
  /** The rules are all there are, so that what is not among them is not allowed. */
  sure: boolean;
}

async function notByRules(needed: Needed[], kubernetes: KubernetesSession): Promise<Unsure[]> {
  const limit = pLimit(mostNamespaces);
  const namespaces = namespacesOf(needed);
  const [anywhere = ''] = namespaces;
  const asked = await Promise.all(
    namespaces.map((name) => limit(async () => [name, await kubernetes.rules(name)] as const)),
  );
  const held = new Map(asked);
  return needed.flatMap((right) => {
    const rules = held.get(right.namespace ?? anywhere);
    const among = [[right], ...(right.instead ? [right.instead] : [])].some((all) =>
      all.every((one) => rules?.rules.some((rule) => allows(rule, one))),
    );
    return among ? [] : [{ right, sure: rules?.incomplete === false }];
  });
}

function allows(rule: HeldRules['rules'][number], { verb, group, resource, name }: KubernetesRight): boolean {
  const names = rule.resourceNames;
  return (
    has(rule.verbs, verb) &&
    has(rule.apiGroups, group) &&
    has(rule.resources, resource) &&
    (names.length === 0 || (name !== undefined && names.includes(name)))
  );
}

function has(list: string[], wanted: string): boolean {
  return list.includes('*') || list.includes(wanted);
}

async function refused({ right, sure }: Unsure, kubernetes: KubernetesSession): Promise<Needed | undefined> {
  if (sure) return right;
  for (const all of [[right], ...(right.instead ? [right.instead] : [])]) {
    const answers = await Promise.all(all.map(({ system: _, ...action }) => kubernetes.mayI(actionOf(action))));
    if (answers.every((one) => one)) return undefined;
  }
  return right;
}

function actionOf({ verb, group, resource, namespace, name }: Omit<KubernetesRight, 'system'>) {
  return {
    verb,
    group,
    resource,
    namespace,
    name,
  };
}

function problem({ verb, group, resource, namespace, name }: Needed, server: string): Problem {
  const where = namespace === undefined ? 'at the cluster scope' : `in namespace ${namespace}`;
  const rule = `apiGroups: ["${group}"], resources: ["${resource}"], verbs: ["${verb}"]`;
  const kind = namespace === undefined ? 'ClusterRole' : `Role of namespace ${namespace}`;
  const named = name === undefined ? '' : `, resourceNames: ["${name}"]`;
  return {
    code: 'kubernetes-forbidden',
    subject: [resource, name].filter((part) => part !== undefined).join(' '),
    message: `the kubeconfig user may not ${[verb, resource, name].filter((part) => part !== undefined).join(' ')} ${where} (${server}); nothing was written`,
    fix: [{ why: `ask an administrator of the cluster for a rule in a ${kind}: {${rule}${named}}` }],
  };
}
