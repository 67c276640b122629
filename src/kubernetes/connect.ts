import type { Environment } from '../model/environment.ts';
import type { KubernetesConnection } from './connection.ts';
import { type CredentialSource, fixedCredentials } from './credentials/credentials.ts';
import { type ReachedCluster, readCluster } from './kubeconfig/cluster.ts';
import { type ChosenContext, chooseContext, nothingToConnectTo } from './kubeconfig/context.ts';
import { allOf, type KubeconfigEntry } from './kubeconfig/entry.ts';
import type { PluginSurroundings } from './kubeconfig/exec-entry.ts';
import { inClusterConnection, serviceAccountFolder } from './kubeconfig/in-cluster.ts';
import { type Kubeconfig, loadKubeconfig } from './kubeconfig/load.ts';
import { proxyEnvironment } from './kubeconfig/proxy-environment.ts';
import type { UserFields } from './kubeconfig/schema.ts';
import { impersonation, userCredentials } from './kubeconfig/user.ts';

export interface ConnectFlags {
  /** Path of --kubeconfig: this file alone. */
  kubeconfig?: string;
  /** --context. Absent: the kubeconfig's current one. */
  context?: string;
}

export interface ConnectOptions {
  /** Folder that relative paths start from. Default the process's. */
  cwd?: string;
  /** Standard input is a terminal that a credential plugin may ask in. Default false. */
  terminal?: boolean;
  /** Told what a credential plugin says on stderr, scrubbed, line by line. */
  notice?: (line: string) => void;
  /** Milliseconds a credential plugin may take. Default 60 s, 5 minutes when it may ask. */
  pluginTimeout?: number;
  /** Folder of a pod's token and CA. Default Kubernetes' own. */
  serviceAccountFolder?: string;
  signal?: AbortSignal;
  /** Told that a credential plugin runs; the answer when it does not any more. */
  begin?: () => () => void;
}

/**
 * The connection kubectl would use, and no other: a kubeconfig, else the pod's ServiceAccount. There is no fall-back to
 * localhost:8080. Credential plugins are not run yet.
 * @throws InputError kubernetes-context-missing, kubernetes-config-invalid
 */
export async function readKubernetesConnection(
  env: Environment,
  flags: ConnectFlags,
  options: ConnectOptions = {},
): Promise<KubernetesConnection> {
  const config = await loadKubeconfig(env, flags.kubeconfig, options.cwd ?? process.cwd());
  if (isEmpty(config)) {
    const folder = options.serviceAccountFolder ?? serviceAccountFolder;
    // A pod has no contexts: whoever names one does not mean the pod's own cluster.
    const inCluster = flags.context ? undefined : await inClusterConnection(env, folder);
    if (inCluster) return inCluster;
    throw nothingToConnectTo(config, flags.context);
  }
  const chosen = chooseContext(config, flags.context);
  return connectionOf(config, chosen, env, options);
}

function isEmpty(config: Kubeconfig): boolean {
  return config.clusters.size + config.users.size + config.contexts.size === 0 && !config.currentContext;
}

async function connectionOf(
  config: Kubeconfig,
  chosen: ChosenContext,
  env: Environment,
  options: ConnectOptions,
): Promise<KubernetesConnection> {
  const { context, cluster, user } = chosen;
  const reading = readCluster(cluster);
  // Mistakes of the cluster are told together with those of the user.
  const { server: api = 'https:', info = {} } = await reading.catch(() => ({}) as Partial<ReachedCluster>);
  const surroundings = { env, terminal: options.terminal ?? false, cluster: info, ...pluginOptions(options) };
  const [{ server, ca, tls, proxy }, impersonate, credentials] = await allOf([
    reading,
    user ? impersonation(user) : Promise.resolve(undefined),
    credentialsOf(api, user, surroundings),
  ]);
  return {
    server,
    ca,
    context: context.name,
    origin: config.files.join(', '),
    user: user?.name ?? '',
    tls,
    proxy: proxy ?? 'environment',
    env: proxyEnvironment(env),
    impersonate,
    credentials,
  };
}

function pluginOptions({ pluginTimeout, notice, signal, begin }: ConnectOptions) {
  return {
    timeout: pluginTimeout,
    notice,
    signal,
    begin,
  };
}

/** Like client-go, nothing secret is ever sent over plain http. */
async function credentialsOf(
  server: string,
  user: KubeconfigEntry<UserFields> | undefined,
  plugin: PluginSurroundings,
): Promise<CredentialSource> {
  if (!user) return fixedCredentials('no credentials (the context names no user)', {});
  if (server.startsWith('http:')) return fixedCredentials('no credentials (none are sent over plain http)', {});
  return userCredentials(user, plugin);
}
