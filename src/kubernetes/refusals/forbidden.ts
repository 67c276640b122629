import type { Fix, Problem } from '../../errors.ts';
import { type Flags, kubectl } from '../../model/commands.ts';
import type { AskedOfCluster } from './resource-path.ts';

interface Right {
  user: string;
  verb: string;
  group: string;
  resource: string;
  /** Undefined: cluster scope. */
  namespace?: string;
}

/** A 403 in our words: who may not do what where, and the rule to ask for. */
export function forbidden(what: AskedOfCluster, said: string, server: string): Problem {
  if (/because it is being terminated/.test(said)) return terminating(what);
  if (/attempting to grant RBAC permissions not currently held/.test(said)) return escalation(what, said);
  const right = rightIn(said) ?? { user: '', ...what };
  const where = right.namespace ? `in namespace ${right.namespace}` : 'at the cluster scope';
  const group = right.group ? ` of ${right.group}` : '';
  return {
    code: 'kubernetes-forbidden',
    subject: what.subject,
    message: `${what.subject}: ${right.user || 'the kubeconfig user'} may not ${right.verb} ${right.resource}${group} ${where} (${server})`,
    fix: grant(right),
  };
}

/** `serviceaccounts "x" is forbidden: User "bob" cannot get resource "serviceaccounts" in API group "" in the namespace "default"` */
function rightIn(said: string): Right | undefined {
  const found =
    /User "(?<user>[^"]*)" cannot (?<verb>\S+) resource "(?<resource>[^"]+)" in API group "(?<group>[^"]*)"(?: in the namespace "(?<namespace>[^"]+)")?/.exec(
      said,
    )?.groups;
  if (!found) return undefined;
  const { user = '', verb = '', resource = '', group = '', namespace } = found;
  return { user, verb, resource, group, namespace };
}

function grant(right: Right): Fix[] {
  const { verb, group, resource, namespace } = right;
  const kind = namespace ? 'Role' : 'ClusterRole';
  const [plain = resource, sub] = resource.split('/');
  const named = `${plain}${group ? `.${group}` : ''}${sub ? `/${sub}` : ''}`;
  const name = `vaultbind-${verb}-${plain}`;
  const rule = `apiGroups: ["${group}"], resources: ["${resource}"], verbs: ["${verb}"]`;
  const role: Fix = {
    why: `Ask an administrator of the cluster for a rule in a ${kind}: {${rule}}.`,
    command: kubectl(`create ${kind.toLowerCase()}`, [name], { namespace, verb, resource: named }),
  };
  if (!right.user) return [role];
  const binding: Fix = {
    why: `And for its binding to ${right.user}.`,
    command: kubectl(`create ${kind.toLowerCase()}binding`, [name], {
      namespace,
      [kind.toLowerCase()]: name,
      ...subjectFlag(right.user),
    }),
  };
  return [role, binding];
}

function subjectFlag(user: string): Flags {
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user);
  return account ? { serviceaccount: `${account[1]}:${account[2]}` } : { user };
}

/** RBAC lets nobody give away rights that they do not hold, unless they may `bind` the role. */
function escalation(what: AskedOfCluster, said: string): Problem {
  const user = /user "([^"]+)"/.exec(said)?.[1] ?? 'the kubeconfig user';
  return {
    code: 'binding-escalation-refused',
    subject: what.subject,
    message: `${what.subject}: ${user} may not bind a ClusterRole whose rights it does not hold itself`,
    fix: [
      {
        why: 'Ask an administrator of the cluster for the verb bind on this ClusterRole, or to make the binding.',
        command: kubectl('create clusterrole', ['vaultbind-bind'], {
          verb: 'bind',
          resource: 'clusterroles.rbac.authorization.k8s.io',
          'resource-name': 'system:auth-delegator',
        }),
      },
    ],
  };
}

function terminating(what: AskedOfCluster): Problem {
  return {
    code: 'namespace-missing',
    subject: `Namespace ${what.namespace}`,
    message: `the Kubernetes namespace ${what.namespace} is being deleted, so ${what.subject} cannot be made in it`,
    fix: [
      {
        why: 'Wait until it is gone, then make it again.',
        command: kubectl('get namespace', [what.namespace ?? 'NAME']),
      },
    ],
  };
}
