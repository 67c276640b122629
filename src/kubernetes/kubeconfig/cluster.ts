import { parseCertificates } from '../certificates.ts';
import { dataOrFile, type Entry, wrong } from './entry.ts';
import { learnPassword } from './proxy-environment.ts';
import type { ClusterFields } from './schema.ts';

/** How a cluster of a kubeconfig is reached and recognised. */
export interface ClusterPart {
  /** URL without a slash at the end; may have a path. */
  server: string;
  /** PEM; undefined: the system's roots. */
  ca?: string;
  tls: { serverName?: string; insecure: boolean };
  /** Its proxy-url. */
  proxy?: string;
  /** ExecCredential's spec.cluster: what a plugin with provideClusterInfo is told. */
  info: Record<string, unknown>;
}

/** @throws InputError kubernetes-config-invalid */
export async function readCluster(cluster: Entry<ClusterFields>): Promise<ClusterPart> {
  const server = serverOf(cluster);
  const ca = await caOf(cluster);
  const { 'tls-server-name': serverName, 'insecure-skip-tls-verify': insecure } = cluster.value;
  if (insecure && ca) {
    throw wrong(cluster, 'insecure-skip-tls-verify', 'has a CA and insecure-skip-tls-verify: give one of them');
  }
  const proxy = proxyOf(cluster);
  return {
    server,
    ...(ca && { ca }),
    tls: { ...(serverName && { serverName }), insecure },
    ...(proxy && { proxy }),
    info: clusterInfo(cluster, server, ca),
  };
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
  learnPassword(text);
  return text;
}

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
