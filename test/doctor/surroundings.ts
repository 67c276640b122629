import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asking } from '../../src/sandbox/processes/ask.ts';
import { silent } from '../../src/sandbox/progress.ts';
import { type Authority, createAuthority } from '../../src/sandbox/servers/certificates.ts';
import { type KubernetesServer, startKubernetes } from '../../src/sandbox/servers/kubernetes.ts';
import type { VaultProduct } from '../../src/sandbox/servers/vault-options.ts';
import { readCa } from '../../src/trust/read-ca.ts';
import { type Faults, startFaults } from '../servers/faults.ts';
import { startHttpProxy } from '../servers/forward-proxy.ts';
import { servers } from '../servers/servers.ts';

/** Servers that wrong addresses lead to. */
export interface Surroundings {
  /** Another cluster, of another CA and other signing keys. */
  cluster: KubernetesServer;
  /** A token of an account in the other cluster. */
  foreignToken(audience?: string): Promise<string>;
  /** Signs the certificates of the servers below. */
  authority: Authority;
  /** https, a page of HTML for every path. */
  page: Faults;
  /** The same with a certificate that ended. */
  expired: Faults;
  /** The same with a certificate for another name. */
  misnamed: Faults;
  /** Plain http. */
  plain: Faults;
  /** The environment in which a Vault is reached by a name that is not this machine's. */
  farAway(product: VaultProduct): Record<string, string>;
  /** Nothing listens there. */
  deadPort: number;
  stop(): Promise<void>;
}

export async function startSurroundings(): Promise<Surroundings> {
  const folder = await mkdtemp(join(tmpdir(), 'vaultbind-doctor-'));
  const cluster = await startKubernetes({ folder }, { env: process.env, progress: silent });
  const authority = await createAuthority('surroundings');
  const [page, expired, misnamed] = await Promise.all([
    webPage(authority, { ips: ['127.0.0.1'] }),
    webPage(authority, { ips: ['127.0.0.1'], notAfter: new Date(Date.now() - 60_000) }),
    webPage(authority, { names: ['kubernetes.example.com'] }),
  ]);
  const plain = await startFaults();
  const dead = await startFaults();
  await dead.close();
  const proxy = await startHttpProxy(({ port }) => ({ host: '127.0.0.1', port }));
  return {
    farAway: (product) => ({
      VAULT_ADDR: servers().vaults[product].address.replace('127.0.0.1', 'vault.example.com'),
      HTTP_PROXY: proxy.url,
      NO_PROXY: '127.0.0.1',
    }),
    cluster,
    foreignToken: (audience) => tokenOf(cluster, audience),
    authority,
    page,
    expired,
    misnamed,
    plain,
    deadPort: dead.port,
    stop: async () => {
      await Promise.all([page, expired, misnamed, plain, proxy].map((one) => one.close()));
      await cluster.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function webPage(authority: Authority, names: { ips?: string[]; names?: string[]; notAfter?: Date }) {
  const { certificate, key } = await authority.issue({ use: 'server', commonName: 'page', ...names });
  const server = await startFaults({ identity: { cert: certificate, key: key.reveal() } });
  const headers = { 'content-type': 'text/html' };
  server.inject({ fault: { kind: 'answer', status: 200, headers, body: '<html>Sign in</html>' }, times: Infinity });
  return server;
}

async function tokenOf({ server, ca, admin }: KubernetesServer, audience?: string): Promise<string> {
  const tls = { ca: readCa(ca), cert: admin.certificate, key: admin.key };
  const path = '/api/v1/namespaces/default/serviceaccounts/default/token';
  const spec = { expirationSeconds: 600, ...(audience === undefined ? {} : { audiences: [audience] }) };
  const { body } = await asking({ url: server, tls }, (ask) => ask('POST', path, { spec }));
  return (body as { status: { token: string } }).status.token;
}
