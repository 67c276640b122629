import { Document, type YAMLMap, type YAMLSeq } from 'yaml';
import type { KubernetesRight, Right } from '../../model/rights.ts';
import { readByKubectl } from '../layout/kubectl-yaml.ts';

/** Who gets the rights, as RBAC names it. */
export type Subject =
  | { kind: 'ServiceAccount'; namespace: string; name: string }
  | { kind: 'User' | 'Group'; apiGroup: string; name: string };

const apiGroup = 'rbac.authorization.k8s.io';

/**
 * Roles with exactly these rules: one Role a namespace and one ClusterRole, each with its binding when the subject is
 * known. Optional rules stand in them as comments.
 */
export function rbac(rights: Right[], name: string, subject?: Subject): string {
  const places = new Map<string, KubernetesGrant[]>();
  for (const { rule, ...rest } of rights) {
    if (rule.system !== 'kubernetes') continue;
    const place = rule.namespace ?? '';
    places.set(place, [...(places.get(place) ?? []), { rule, ...rest }]);
  }
  return [...places]
    .flatMap(([namespace, grants]) => [
      roleText(namespace, name, grants),
      ...(subject ? [bindingText(namespace, name, subject)] : []),
    ])
    .join('---\n');
}

type KubernetesGrant = Omit<Right, 'rule'> & { rule: KubernetesRight };

function roleText(namespace: string, name: string, grants: KubernetesGrant[]): string {
  const needed = joined(grants.filter(({ optional }) => optional === undefined));
  const rules = needed.map(({ rule }) => rule);
  const document = new Document(
    { apiVersion: `${apiGroup}/v1`, kind: kindIn(namespace), metadata: named(namespace, name), rules },
    readByKubectl,
  );
  needed.forEach(({ neededBy }, index) => {
    const rule = document.getIn(['rules', index], true) as YAMLMap;
    rule.commentBefore = ` ${neededBy.join(', ')}`;
    for (const { value } of rule.items) (value as YAMLSeq).flow = true;
  });
  const spare = joined(grants.filter(({ optional }) => optional !== undefined)).flatMap((one) => [
    `  # Optional, for ${one.neededBy.join(', ')}; without it ${one.optional}.\n`,
    `  # - ${JSON.stringify(one.rule)}\n`,
  ]);
  return document.toString({ flowCollectionPadding: false }) + spare.join('');
}

interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
  resourceNames?: string[];
}

interface Joined {
  rule: Rule;
  neededBy: string[];
  optional?: string;
}

/** One rule an object, with all its verbs. */
function joined(grants: KubernetesGrant[]): Joined[] {
  const rules = new Map<string, Joined>();
  for (const { rule, neededBy, optional } of grants) {
    const { group, resource, verb, name } = rule;
    const key = JSON.stringify([group, resource, name, optional]);
    const one = rules.get(key) ?? {
      rule: {
        apiGroups: [group],
        resources: [resource],
        verbs: [],
        ...(name === undefined ? {} : { resourceNames: [name] }),
      },
      neededBy: [],
      optional,
    };
    one.rule.verbs.push(verb);
    one.neededBy = [...new Set([...one.neededBy, ...neededBy])];
    rules.set(key, one);
  }
  return [...rules.values()];
}

function bindingText(namespace: string, name: string, subject: Subject): string {
  const binding = {
    apiVersion: `${apiGroup}/v1`,
    kind: `${kindIn(namespace)}Binding`,
    metadata: named(namespace, name),
    roleRef: { apiGroup, kind: kindIn(namespace), name },
    subjects: [subject],
  };
  return new Document(binding, readByKubectl).toString();
}

function kindIn(namespace: string): 'ClusterRole' | 'Role' {
  return namespace === '' ? 'ClusterRole' : 'Role';
}

function named(namespace: string, name: string): { name: string; namespace?: string } {
  return { name, ...(namespace === '' ? {} : { namespace }) };
}
