import { type ApiHost, hostIn, isApiHost, readApiHost } from '../../trust/api-host.ts';
import { CaBundle } from '../../trust/ca-bundle.ts';
import { faultInWords } from '../../trust/read-ca.ts';
import { allOf, dataOrFile, type KubeconfigEntry, wrongEntry } from './entry.ts';
import { learnPassword } from './proxy-environment.ts';
import type { ClusterFields } from './schema.ts';

/** How a cluster of a kubeconfig is reached and recognised. */
export interface ReachedCluster {
  server: ApiHost;
  /** Undefined: the system's roots. */
  ca?: CaBundle;
  tls: { serverName?: string; insecure: boolean };
  /** Its proxy-url. */
  proxy?: string;
  /** ExecCredential's spec.cluster: what a plugin with provideClusterInfo is told. */
  info: Record<string, unknown>;
}

/** @throws InputError kubernetes-config-invalid */
export async function readCluster(cluster: KubeconfigEntry<ClusterFields>): Promise<ReachedCluster> {
  const [server, ca, proxy] = await allOf([serverOf(cluster), caOf(cluster), proxyOf(cluster)]);
  const { 'tls-server-name': serverName, 'insecure-skip-tls-verify': insecure } = cluster.value;
  if (insecure && ca) {
    throw wrongEntry(cluster, 'insecure-skip-tls-verify', 'has a CA and insecure-skip-tls-verify: give one of them');
  }
  return {
    server,
    ca,
    tls: { serverName: serverName || undefined, insecure },
    proxy,
    info: clusterInfo(cluster, server, ca),
  };
}

async function serverOf(cluster: KubeconfigEntry<ClusterFields>): Promise<ApiHost> {
  const text = cluster.value.server;
  if (!text) throw wrongEntry(cluster, undefined, 'is a cluster without a server');
  // client-go leaves a query and a fragment out.
  const read = readApiHost(text.replace(/[?#].*$/s, ''));
  if (isApiHost(read)) return read;
  throw wrongEntry(
    cluster,
    'server',
    `has a server that is no https:// URL that all programs read alike: ${read.what}`,
  );
}

async function caOf(cluster: KubeconfigEntry<ClusterFields>): Promise<CaBundle | undefined> {
  const pem = await dataOrFile(cluster, 'certificate-authority');
  if (pem === undefined) return undefined;
  const read = CaBundle.read(pem);
  if (read instanceof CaBundle) return read;
  const data = cluster.value['certificate-authority-data'] !== undefined;
  const field = data ? 'certificate-authority-data' : 'certificate-authority';
  const how = read.instead && `In its PEM, ${read.instead}.`;
  throw wrongEntry(cluster, field, `has a CA that cannot be used: the CA certificate ${faultInWords(read)}`, how);
}

async function proxyOf(cluster: KubeconfigEntry<ClusterFields>): Promise<string | undefined> {
  const text = cluster.value['proxy-url'];
  if (!text) return undefined;
  // Go and Node are to read the same host of it.
  const bare = /^(?:https?|socks5):\/\/(?:[^@/?#\\\s]*@)?([^@]*)$/i.exec(text)?.[1];
  if (bare === undefined || hostIn(`https://${bare}`) === undefined)
    throw wrongEntry(cluster, 'proxy-url', 'has a proxy-url that is no http, https or socks5 URL');
  learnPassword(text);
  return text;
}

function clusterInfo(
  cluster: KubeconfigEntry<ClusterFields>,
  server: string,
  ca: CaBundle | undefined,
): Record<string, unknown> {
  const { value } = cluster;
  const extra = value.extensions?.find(({ name }) => name === 'client.authentication.k8s.io/exec')?.extension;
  return {
    server,
    ...(value['tls-server-name'] && { 'tls-server-name': value['tls-server-name'] }),
    ...(value['insecure-skip-tls-verify'] && { 'insecure-skip-tls-verify': true }),
    ...(ca && { 'certificate-authority-data': Buffer.from(ca.pem).toString('base64') }),
    ...(value['proxy-url'] && { 'proxy-url': value['proxy-url'] }),
    ...(value['disable-compression'] && { 'disable-compression': true }),
    config: extra ?? null,
  };
}
