import { distance } from 'fastest-levenshtein';
import { type Fix, InputError } from '../../errors.ts';
import { call, kubectl, outputOf, vaultbind } from '../../model/commands.ts';
import { type KubeconfigEntry, wrongEntry } from './entry.ts';
import type { Kubeconfig } from './load.ts';
import type { ClusterFields, ContextFields, UserFields } from './schema.ts';

export interface ChosenContext {
  context: KubeconfigEntry<ContextFields>;
  cluster: KubeconfigEntry<ClusterFields>;
  /** A context without a user is anonymous. */
  user?: KubeconfigEntry<UserFields>;
}

/**
 * The context asked for, else the current one, with its cluster and user.
 * @throws InputError kubernetes-context-missing, kubernetes-config-invalid
 */
export function chooseContext(config: Kubeconfig, asked: string | undefined): ChosenContext {
  const name = asked || config.currentContext;
  if (!name) throw missing(config, 'no context is chosen: the kubeconfig has no current-context');
  const context = config.contexts.get(name);
  if (!context) throw missing(config, `the kubeconfig has no context "${name}"`, name);
  const { cluster: clusterName, user: userName } = context.value;
  if (!clusterName) throw wrongEntry(context, undefined, 'is a context that names no cluster');
  const cluster = config.clusters.get(clusterName);
  if (!cluster)
    throw wrongEntry(
      context,
      'cluster',
      `is a context that names the cluster "${clusterName}", which no kubeconfig defines`,
    );
  if (!userName) return { context, cluster };
  const user = config.users.get(userName);
  if (!user)
    throw wrongEntry(context, 'user', `is a context that names the user "${userName}", which no kubeconfig defines`);
  return { context, cluster, user };
}

/** No kubeconfig with anything in it, and no pod either. */
export function nothingToConnectTo(config: Kubeconfig, asked?: string): InputError {
  const looked = [
    ...config.missing.map((file) => `${file} does not exist`),
    ...config.files.map((file) => `${file} is empty`),
    asked
      ? `the context "${asked}" is asked for`
      : 'this is not a pod (KUBERNETES_SERVICE_HOST and a mounted token are needed)',
  ];
  return new InputError({
    code: 'kubernetes-context-missing',
    subject: 'kubeconfig',
    message: `there is no kubeconfig: ${looked.join('; ')}. vaultbind does not fall back to localhost:8080`,
    fix: [
      {
        why: 'Name the kubeconfig of your cluster with --kubeconfig FILE, or in KUBECONFIG.',
      },
      {
        why: 'Or start a cluster and a Vault on this machine.',
        command: call('eval', outputOf(vaultbind('sandbox up'))),
      },
    ],
  });
}

function missing(config: Kubeconfig, message: string, asked?: string): InputError {
  const names = [...config.contexts.keys()];
  const near = asked === undefined ? undefined : nearest(asked, names);
  const exist = names.length > 0 ? `contexts that exist: ${names.join(', ')}` : 'it has no contexts at all';
  return new InputError({
    code: 'kubernetes-context-missing',
    subject: `kubeconfig ${config.files.join(', ')}`,
    message: `${message} (${exist})${near ? `; did you mean "${near}"?` : ''}`,
    fix: waysOut(near ?? names[0], asked !== undefined),
  });
}

function waysOut(name: string | undefined, asked: boolean): Fix[] {
  if (!name) return [{ why: 'Take a kubeconfig that has contexts, with --kubeconfig FILE.' }];
  if (asked) return [{ why: `Name a context that exists: --context ${name}` }];
  return [
    {
      why: 'Make one that exists the current one, or name it with --context.',
      command: kubectl('config use-context', [name]),
    },
  ];
}

/** The name most like `asked`, when it is like enough to be a slip. */
function nearest(asked: string, names: string[]): string | undefined {
  const [best] = names
    .map((name) => ({ name, far: distance(asked.toLowerCase(), name.toLowerCase()) }))
    .toSorted((one, other) => one.far - other.far);
  return best && best.far <= Math.max(2, asked.length / 3) ? best.name : undefined;
}
