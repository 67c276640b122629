import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../servers/cli.ts';
import { type ForwardProxy, startHttpProxy, startSocksProxy } from '../servers/forward-proxy.ts';
import { servers } from '../servers/servers.ts';
import { notable, type Workbench, workbench } from '../servers/workbench.ts';
import { folderWith, kubeconfig } from './folder.ts';

/** Law: every connection to a cluster takes the way that its kubeconfig says, the look at its certificate too. */

/** Named by the sandbox's certificate, and nobody but the proxy knows the way. */
const server = 'https://kubernetes.default.svc';
const base64 = (text: string) => Buffer.from(text).toString('base64');
const toApi = () => ({ host: '127.0.0.1', port: Number(new URL(servers().kubernetes.server).port) });

describe('a cluster that only a proxy reaches', () => {
  let bench: Workbench;
  const proxies: Record<string, ForwardProxy> = {};
  beforeAll(async () => {
    bench = await workbench('openbao');
    bench.write(bench.recipe());
    proxies['http'] = await startHttpProxy(toApi, 'me:proxy-canary');
    proxies['socks5'] = await startSocksProxy(toApi);
  });
  afterAll(async () => {
    await Promise.all(Object.values(proxies).map((proxy) => proxy.close()));
    await bench.remove();
  });

  async function run(cluster: object, env: Record<string, string>, ...args: string[]) {
    const { ca, clientCertificate, clientKey } = servers().kubernetes;
    const user = { 'client-certificate-data': base64(clientCertificate), 'client-key-data': base64(clientKey) };
    const config = kubeconfig({ server, 'certificate-authority-data': base64(ca), ...cluster }, user);
    const folder = await folderWith({ config });
    const settings = { env: { ...bench.env, ...env, KUBECONFIG: `${folder}/config` }, cwd: bench.folder };
    const { exit, stdout, stderr } = await runCli([...args, '-f', 'recipe.yaml', '-o', 'json'], settings);
    expect(stdout + stderr).not.toContain('canary');
    return { exit, findings: JSON.parse(stdout).findings };
  }

  const ways: [string, () => [cluster: object, env: Record<string, string>], proxy: string][] = [
    ['proxy-url', () => [{ 'proxy-url': proxies['http']?.url.replace('//', '//me:proxy-canary@') }, {}], 'http'],
    ['proxy-url with socks5', () => [{ 'proxy-url': proxies['socks5']?.url }, {}], 'socks5'],
    ['HTTPS_PROXY', () => [{}, { HTTPS_PROXY: `${proxies['http']?.url.replace('//', '//me:proxy-canary@')}` }], 'http'],
  ];

  it.each(ways)('is planned for by %s', async (_, way, proxy) => {
    const before = proxies[proxy]?.used.length ?? 0;
    const { exit, findings } = await run(...way(), 'plan');
    expect(notable({ findings }).filter((line) => !/^(pending|skipped)/.test(line))).toEqual([]);
    expect(exit).toBe(0);
    expect([...new Set(proxies[proxy]?.used.slice(before))]).toEqual(['kubernetes.default.svc:443']);
  });

  it('is bound, with its own address and CA', async () => {
    const [cluster, env] = ways[0]?.[1]() ?? [{}, {}];
    const applied = await run(cluster, env, 'apply', '--yes', '--verify=none');
    expect(applied.exit).toBe(0);
    const { data } = (await bench.vault('GET', `auth/${bench.mount}/config`)).body;
    expect(data.kubernetes_host).toBe(server);
    expect((await run(cluster, env, 'plan', '--detailed-exitcode')).exit).toBe(0);
  });

  it('is not reached past the proxy', async () => {
    const { exit, findings } = await run({}, { NO_PROXY: '.svc', HTTPS_PROXY: `${proxies['http']?.url}` }, 'plan');
    expect([exit, findings[0]?.code]).toEqual([4, 'kubernetes-unreachable']);
  });
});
