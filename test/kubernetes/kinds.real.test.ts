import { rename, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readKubernetesConnection } from '../../src/kubernetes/connect.ts';
import type { Secret } from '../../src/secret.ts';
import { startHttpProxy, startSocksProxy } from '../servers/forward-proxy.ts';
import { errorOf, folderWith, kubeconfig } from './folder.ts';
import { adminConnection, allow, asAdmin, connected, opened, ownAccount, ownNamespace } from './scene.ts';

const v1 = 'client.authentication.k8s.io/v1';
const base64 = (text: string | undefined) => Buffer.from(text ?? '').toString('base64');

/** The administrator's parts, to build kubeconfigs of. */
async function parts() {
  const { server, ca: bundle, credentials } = await adminConnection();
  const ca = bundle?.pem ?? '';
  const { cert = '', key } = await credentials.current();
  const cluster = { server, 'certificate-authority-data': base64(ca) };
  const admin = { 'client-certificate-data': base64(cert), 'client-key-data': base64(key?.reveal()) };
  return { server, ca, cert, key: key?.reveal() ?? '', cluster, admin };
}

/** A fresh account that may read ServiceAccounts of its namespace, and its token. */
async function workload(): Promise<{ namespace: string; token: Secret }> {
  const namespace = await ownNamespace();
  await ownAccount(namespace);
  await allow(namespace, 'my-sa', [{ apiGroups: [''], resources: ['serviceaccounts'], verbs: ['get'] }]);
  const { token } = await (await asAdmin()).prober.requestToken({ namespace, name: 'my-sa' }, { seconds: 600 });
  return { namespace, token };
}

/** Who the API server takes us for: it says so when it refuses. */
async function whoAmI(folder: string, env = {}, context?: string): Promise<string> {
  const { reader } = await connected(env, { kubeconfig: join(folder, 'config'), ...(context && { context }) });
  const error = await errorOf(reader.tokenSecret({ namespace: 'kube-system', name: 'x' }));
  return /: (\S+) may not get secrets/.exec(error.message)?.[1] ?? error.message;
}

describe('a kubeconfig on a real API server', () => {
  it('with a client certificate inline', async () => {
    const { cluster, admin } = await parts();
    const folder = await folderWith({ config: kubeconfig(cluster, admin) });
    const { reader } = await connected({}, { kubeconfig: join(folder, 'config') });
    expect((await reader.namespace('kube-system'))?.metadata?.name).toBe('kube-system');
  });

  it('with certificates in files beside it', async () => {
    const { server, ca, cert, key } = await parts();
    const config = kubeconfig(
      { server, 'certificate-authority': '../pki/ca.pem' },
      { 'client-certificate': '../pki/admin.pem', 'client-key': '../pki/admin-key.pem' },
    );
    const folder = await folderWith({
      'conf/config': config,
      'pki/ca.pem': ca,
      'pki/admin.pem': cert,
      'pki/admin-key.pem': key,
    });
    const { reader } = await connected({ KUBECONFIG: 'conf/config' }, {}, { cwd: folder });
    expect((await reader.namespace('kube-system'))?.metadata?.name).toBe('kube-system');
  });

  it('with a token', async () => {
    const { cluster } = await parts();
    const { namespace, token } = await workload();
    const folder = await folderWith({ config: kubeconfig(cluster, { token: token.reveal() }) });
    expect(await whoAmI(folder)).toBe(`system:serviceaccount:${namespace}:my-sa`);
  });

  it('with a token file, which wins over a token and is read again when it is refused', async () => {
    const { cluster } = await parts();
    const { namespace, token } = await workload();
    const folder = await folderWith({
      config: kubeconfig(cluster, { tokenFile: 'token', token: 'a-token-nobody-takes' }),
      token: 'another-token-nobody-takes',
    });
    const { reader, sent } = await connected({}, { kubeconfig: join(folder, 'config') });
    const account = { namespace, name: 'my-sa' };
    const error = await errorOf(reader.serviceAccount(account));
    expect(error).toMatchObject({ exit: 4, code: 'kubernetes-credentials-rejected' });
    expect(error.message).toContain('token file of user "it"');
    expect(sent()).toHaveLength(1);
    await writeFile(join(folder, 'token'), `${token.reveal()}\n`);
    expect((await reader.serviceAccount(account))?.metadata?.name).toBe('my-sa');
    expect(sent()).toHaveLength(3);
    await rename(join(folder, 'token'), join(folder, 'gone'));
    expect((await reader.serviceAccount({ namespace, name: 'other' }))?.metadata).toBeUndefined();
  });

  it('with a credential plugin that gives a token, run again once when the API server refuses it', async () => {
    const { cluster } = await parts();
    const { namespace, token } = await workload();
    const answer = (text: string) =>
      JSON.stringify({ apiVersion: v1, kind: 'ExecCredential', status: { token: text } });
    const script = `#!/bin/sh\nif [ -e "$1/ran" ]; then cat "$1/good"; else touch "$1/ran"; cat "$1/bad"; fi\n`;
    const folder = await folderWith({
      'plugin.sh': script,
      good: answer(token.reveal()),
      bad: answer('a-token-nobody-takes'),
    });
    const exec = { command: './plugin.sh', args: [folder], apiVersion: v1, interactiveMode: 'Never' };
    await writeFile(join(folder, 'config'), JSON.stringify(kubeconfig(cluster, { exec })));
    const { reader, sent } = await connected({ PATH: process.env['PATH'] }, { kubeconfig: join(folder, 'config') });
    expect((await reader.serviceAccount({ namespace, name: 'my-sa' }))?.metadata?.name).toBe('my-sa');
    expect(sent()).toHaveLength(2);
  });

  it('with a credential plugin that gives a client certificate', async () => {
    const { cluster, cert, key } = await parts();
    const status = { clientCertificateData: cert, clientKeyData: key };
    const folder = await folderWith({
      'plugin.sh': '#!/bin/sh\ncat "$1/answer"\n',
      answer: { apiVersion: v1, kind: 'ExecCredential', status },
    });
    const exec = { command: './plugin.sh', args: [folder], apiVersion: v1, interactiveMode: 'Never' };
    await writeFile(join(folder, 'config'), JSON.stringify(kubeconfig(cluster, { exec })));
    const { reader } = await connected({ PATH: process.env['PATH'] }, { kubeconfig: join(folder, 'config') });
    expect((await reader.namespace('kube-system'))?.metadata?.name).toBe('kube-system');
  });

  it('in several files', async () => {
    const { cluster, admin } = await parts();
    const folder = await folderWith({
      one: { 'current-context': 'x', contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }] },
      two: { clusters: [{ name: 'c', cluster }], users: [{ name: 'other', user: { token: 'nobody' } }] },
      three: {
        users: [{ name: 'u', user: admin }],
        clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:1' } }],
      },
    });
    const KUBECONFIG = ['one', 'none', 'two', 'three'].map((name) => join(folder, name)).join(delimiter);
    const { reader } = await connected({ KUBECONFIG });
    expect((await reader.namespace('kube-system'))?.metadata?.name).toBe('kube-system');
  });

  it('with tls-server-name, by which the certificate is judged', async () => {
    const { cluster, admin } = await parts();
    const named = (name: string) => kubeconfig({ ...cluster, 'tls-server-name': name }, admin);
    const folder = await folderWith({ good: named('kubernetes.default.svc'), bad: named('api.test') });
    const good = await connected({}, { kubeconfig: join(folder, 'good') });
    expect(await good.reader.version()).toMatch(/^v1/);
    const bad = await connected({}, { kubeconfig: join(folder, 'bad') });
    const error = await errorOf(bad.reader.version());
    expect(error).toMatchObject({ exit: 4, code: 'certificate-name-mismatch' });
    expect(error.problems[0]?.fix?.[0]?.why).toContain('kubernetes.default.svc');
  });

  it('with proxy-url, which wins over the environment', async () => {
    const { cluster, admin, server } = await parts();
    const proxy = await startHttpProxy((target) => target);
    onTestFinished(() => proxy.close());
    const folder = await folderWith({ config: kubeconfig({ ...cluster, 'proxy-url': proxy.url }, admin) });
    const env = { HTTPS_PROXY: 'http://127.0.0.1:1', NO_PROXY: '*' };
    const { reader } = await connected(env, { kubeconfig: join(folder, 'config') });
    expect((await reader.namespace('kube-system'))?.metadata?.name).toBe('kube-system');
    expect(proxy.used).toEqual([new URL(server).host]);
  });

  /** A name that only the proxy can resolve, so that nothing gets there without it. Loopback is never proxied by environment. */
  async function behindProxy(start: typeof startHttpProxy) {
    const { cluster, admin, server } = await parts();
    const { port } = new URL(server);
    const proxy = await start(() => ({ host: '127.0.0.1', port: Number(port) }));
    onTestFinished(() => proxy.close());
    return {
      admin,
      proxy,
      cluster: { ...cluster, server: `https://kubernetes.default.svc:${port}` },
      host: `kubernetes.default.svc:${port}`,
    };
  }

  it('through HTTPS_PROXY, unless NO_PROXY names the host', async () => {
    const { admin, proxy, cluster, host } = await behindProxy(startHttpProxy);
    const folder = await folderWith({ config: kubeconfig(cluster, admin) });
    const { reader } = await connected({ HTTPS_PROXY: proxy.url }, { kubeconfig: join(folder, 'config') });
    expect((await reader.namespace('kube-system'))?.metadata?.name).toBe('kube-system');
    expect(proxy.used).toEqual([host]);
    const env = { HTTPS_PROXY: proxy.url, NO_PROXY: '.svc' };
    const direct = await connected(env, { kubeconfig: join(folder, 'config') });
    expect((await errorOf(direct.reader.version())).code).toBe('kubernetes-unreachable');
    expect(proxy.used).toEqual([host]);
  });

  it('through a socks5 proxy-url', async () => {
    const { admin, proxy, cluster, host } = await behindProxy(startSocksProxy);
    const folder = await folderWith({ config: kubeconfig({ ...cluster, 'proxy-url': proxy.url }, admin) });
    const { reader } = await connected({}, { kubeconfig: join(folder, 'config') });
    expect((await reader.namespace('kube-system'))?.metadata?.name).toBe('kube-system');
    expect(proxy.used).toEqual([host]);
  });

  it('says which proxy does not let us through', async () => {
    const { cluster, admin } = await parts();
    const folder = await folderWith({
      config: kubeconfig({ ...cluster, 'proxy-url': 'http://me:a-proxy-password@127.0.0.1:1' }, admin),
    });
    const { reader } = await connected({}, { kubeconfig: join(folder, 'config') });
    const error = await errorOf(reader.version());
    expect(error).toMatchObject({ exit: 4, code: 'kubernetes-unreachable' });
    expect(error.message).toContain('the proxy on the way to');
    expect(JSON.stringify(error.problems)).not.toContain('a-proxy-password');
  });

  it('with impersonation of a user and several groups', async () => {
    const { cluster, admin } = await parts();
    const as = (groups: string[]) =>
      kubeconfig(cluster, { ...admin, as: 'jane', 'as-groups': groups, 'as-user-extra': { 'team/name': ['a', 'b'] } });
    const folder = await folderWith({ config: as(['nobody', 'others']), master: as(['nobody', 'system:masters']) });
    expect(await whoAmI(folder)).toBe('jane');
    const { reader } = await connected({}, { kubeconfig: join(folder, 'master') });
    expect((await reader.namespace('kube-system'))?.metadata?.name).toBe('kube-system');
  });

  it.each([
    ['no user', undefined, 'no credentials (the context names no user)'],
    ['a user without credentials', {}, 'no credentials (user "it" has none)'],
    [
      'a password, which the API server knows nothing of',
      { username: 'me', password: 'a-kube-password' },
      'password of user "it"',
    ],
  ])('with %s: anonymous, over the right CA', async (_, user, credentials) => {
    const { cluster } = await parts();
    const folder = await folderWith({ config: kubeconfig(cluster, user) });
    const { reader } = await connected({}, { kubeconfig: join(folder, 'config') });
    const error = await errorOf(reader.namespace('default'));
    expect(error).toMatchObject({ exit: 4, code: 'kubernetes-credentials-rejected' });
    expect(error.message).toContain('takes us for system:anonymous');
    expect(error.message).toContain(credentials);
    expect(JSON.stringify(error.problems)).not.toMatch(/a-kube-password|--user=/);
  });

  it('with insecure-skip-tls-verify', async () => {
    const { server, admin } = await parts();
    const folder = await folderWith({ config: kubeconfig({ server, 'insecure-skip-tls-verify': true }, admin) });
    const { reader } = await connected({}, { kubeconfig: join(folder, 'config') });
    expect(await reader.version()).toMatch(/^v1/);
  });

  it('of a pod: its token, its CA, its environment', async () => {
    const { server, ca } = await parts();
    const { namespace, token } = await workload();
    const folder = await folderWith({ token: token.reveal(), 'ca.crt': ca });
    const { hostname, port } = new URL(server);
    const env = { HOME: folder, KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port };
    const connection = await readKubernetesConnection(env, {}, { serviceAccountFolder: folder });
    expect(connection).toMatchObject({ server, context: '' });
    const { reader } = opened(connection);
    expect((await reader.serviceAccount({ namespace, name: 'my-sa' }))?.metadata?.name).toBe('my-sa');
  });
});
