import { Secret } from '../secret.ts';
import { parseCertificates } from './certificates.ts';
import type { CredentialSource, Impersonation } from './credentials/credentials.ts';
import { fixedCredentials } from './credentials/credentials.ts';
import { chooseContext, nothingToConnectTo } from './kubeconfig/context.ts';
import type { Entry } from './kubeconfig/file.ts';
import { inClusterConnection, serviceAccountFolder } from './kubeconfig/in-cluster.ts';
import { type Environment, type Kubeconfig, loadKubeconfig } from './kubeconfig/load.ts';
import type { ClusterFields, UserFields } from './kubeconfig/schema.ts';
import { dataOrFile, impersonation, userCredentials, wrong } from './kubeconfig/user.ts';

/** Everything needed to speak to one API server as one user. Nothing has been contacted yet. */
export interface KubernetesConnection {
  /** URL without a slash at the end; may have a path. */
  server: string;
  /** PEM; undefined: the system's roots. */
  ca?: string;
  /** '' in-cluster. */
  context: string;
  /** Where this was read, for messages: the kubeconfig files, or the pod's folder. */
  origin: string;
  /** The kubeconfig's name of the user; '' when there is none. */
  user: string;
  tls: { serverName?: string; insecure: boolean };
  /** The cluster's proxy-url; `environment`: HTTPS_PROXY and NO_PROXY of `env`. */
  proxy: string;
  env: Environment;
  impersonate?: Impersonation;
  credentials: CredentialSource;
}

export interface ConnectFlags {
  /** Path of --kubeconfig: this file alone. */
  kubeconfig?: string;
  /** --context, or the recipe's cluster.context. */
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
  if (isEmpty(config) && !flags.context) {
    const inCluster = await inClusterConnection(env, options.serviceAccountFolder ?? serviceAccountFolder);
    if (inCluster) return inCluster;
    throw nothingToConnectTo(config);
  }
  const chosen = chooseContext(config, flags.context);
  return connectionOf(config, chosen, env, options);
}

function isEmpty(config: Kubeconfig): boolean {
  return config.clusters.size + config.users.size + config.contexts.size === 0 && !config.currentContext;
}

async function connectionOf(
  config: Kubeconfig,
  chosen: ReturnType<typeof chooseContext>,
  env: Environment,
  options: ConnectOptions,
): Promise<KubernetesConnection> {
  const { context, cluster, user } = chosen;
  const server = serverOf(cluster);
  const ca = await caOf(cluster);
  const tls = {
    ...(cluster.value['tls-server-name'] && { serverName: cluster.value['tls-server-name'] }),
    insecure: cluster.value['insecure-skip-tls-verify'],
  };
  if (tls.insecure && ca)
    throw wrong(cluster, 'insecure-skip-tls-verify', 'has a CA and insecure-skip-tls-verify: give one of them');
  const impersonate = user && impersonation(user);
  const proxy = proxyOf(cluster);
  const forPlugin = {
    env,
    terminal: options.terminal ?? false,
    cluster: clusterInfo(cluster, server, ca),
    ...pluginOptions(options),
  };
  return {
    server,
    ...(ca && { ca }),
    context: context.name,
    origin: config.files.join(', '),
    user: user?.name ?? '',
    tls,
    proxy: proxy ?? 'environment',
    env,
    ...(impersonate && { impersonate }),
    credentials: await credentialsOf(server, user, forPlugin),
  };
}

function pluginOptions({ pluginTimeout, notice, signal }: ConnectOptions) {
  return { ...(pluginTimeout && { timeout: pluginTimeout }), ...(notice && { notice }), ...(signal && { signal }) };
}

/** Like client-go, nothing secret is ever sent over plain http. */
async function credentialsOf(
  server: string,
  user: Entry<UserFields> | undefined,
  plugin: Parameters<typeof userCredentials>[1],
): Promise<CredentialSource> {
  if (!user) return fixedCredentials('no credentials (the context names no user)', {});
  if (server.startsWith('http:')) return fixedCredentials('no credentials (none are sent over plain http)', {});
  return userCredentials(user, plugin);
}

function serverOf(cluster: Entry<ClusterFields>): string {
  const text = cluster.value.server;
  if (!text) throw wrong(cluster, undefined, 'is a cluster without a server');
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['https:', 'http:'].includes(url.protocol)) {
    throw wrong(cluster, 'server', 'has a server that is no https:// URL');
  }
  if (url.username || url.password) throw wrong(cluster, 'server', 'has a user name or password in its server URL');
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

async function caOf(cluster: Entry<ClusterFields>): Promise<string | undefined> {
  const pem = await dataOrFile(cluster, 'certificate-authority');
  if (pem === undefined) return undefined;
  try {
    parseCertificates(pem);
    return pem;
  } catch (error) {
    const field =
      cluster.value['certificate-authority-data'] === undefined
        ? 'certificate-authority'
        : 'certificate-authority-data';
    throw wrong(cluster, field, `has a CA that cannot be used: ${(error as Error).message}`);
  }
}

function proxyOf(cluster: Entry<ClusterFields>): string | undefined {
  const text = cluster.value['proxy-url'];
  if (!text) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['http:', 'https:', 'socks5:'].includes(url.protocol)) {
    throw wrong(cluster, 'proxy-url', 'has a proxy-url that is no http, https or socks5 URL');
  }
  // Known to `scrub`, should a proxy repeat it.
  if (url.password) new Secret(decodeURIComponent(url.password));
  return text;
}

/** ExecCredential's spec.cluster: what a plugin with provideClusterInfo is told. */
function clusterInfo(cluster: Entry<ClusterFields>, server: string, ca: string | undefined): Record<string, unknown> {
  const { value } = cluster;
  const extra = value.extensions?.find(({ name }) => name === 'client.authentication.k8s.io/exec')?.extension;
  return {
    server,
    ...(value['tls-server-name'] && { 'tls-server-name': value['tls-server-name'] }),
    ...(value['insecure-skip-tls-verify'] && { 'insecure-skip-tls-verify': true }),
    ...(ca && { 'certificate-authority-data': Buffer.from(ca).toString('base64') }),
    ...(value['proxy-url'] && { 'proxy-url': value['proxy-url'] }),
    ...(value['disable-compression'] && { 'disable-compression': true }),
    config: extra ?? null,
  };
}
