import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { delimiter, join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readKubernetesConnection } from '../../src/kubernetes/connect.ts';
import { loadKubeconfig } from '../../src/kubernetes/kubeconfig/load.ts';
import { shown } from '../shown.ts';
import { errorOf, folderWith, kubeconfig } from './folder.ts';

const server = 'https://10.0.0.1:6443';
const [pem = ''] = rootCertificates;

/** One file of several: each names what it is given. */
function part(name: string, cluster: string, token: string, current?: string): object {
  return {
    clusters: [
      { name: 'shared', cluster: { server: cluster } },
      { name, cluster: { server: `${server}/${name}` } },
    ],
    users: [{ name: 'shared', user: { token } }],
    contexts: [
      { name: 'shared', context: { cluster: 'shared', user: 'shared' } },
      { name, context: { cluster: name, user: 'shared' } },
    ],
    ...(current && { 'current-context': current }),
  };
}

async function bearer(env: Record<string, string>, flags = {}, options = {}): Promise<[string, string | undefined]> {
  const connection = await readKubernetesConnection(env, flags, options);
  const { token } = await connection.credentials.current();
  return [connection.server, token?.reveal()];
}

describe('several files', () => {
  const files = {
    'a.yaml': part('a', 'https://first:1', 'token-of-the-first'),
    'b.yaml': part('b', 'https://second:2', 'token-of-the-second', 'b'),
    'c.yaml': part('c', 'https://third:3', 'token-of-the-third', 'c'),
  };

  it('takes an entry from the first file that names it, and the current context from the first that has one', async () => {
    const folder = await folderWith(files);
    const KUBECONFIG = ['a.yaml', '', 'missing.yaml', 'b.yaml', 'a.yaml', 'c.yaml']
      .map((name) => name && join(folder, name))
      .join(delimiter);
    const merged = await loadKubeconfig({ KUBECONFIG }, undefined, folder);
    expect(merged.currentContext).toBe('b');
    expect(merged.files.map((file) => file.slice(folder.length + 1))).toEqual(['a.yaml', 'b.yaml', 'c.yaml']);
    expect(merged.missing).toEqual([join(folder, 'missing.yaml')]);
    expect([...merged.contexts.keys()].sort()).toEqual(['a', 'b', 'c', 'shared']);
    expect(await bearer({ KUBECONFIG })).toEqual([`${server}/b`, 'token-of-the-first']);
    expect(await bearer({ KUBECONFIG }, { context: 'shared' })).toEqual(['https://first:1', 'token-of-the-first']);
  });

  it('takes the file of --kubeconfig alone', async () => {
    const folder = await folderWith(files);
    const env = { KUBECONFIG: join(folder, 'a.yaml') };
    expect(await bearer(env, { kubeconfig: 'c.yaml' }, { cwd: folder })).toEqual([`${server}/c`, 'token-of-the-third']);
  });

  it('reads ~/.kube/config when nothing is named', async () => {
    const folder = await folderWith({ '.kube/config': files['b.yaml'] });
    expect(await bearer({ HOME: folder })).toEqual([`${server}/b`, 'token-of-the-second']);
  });

  it('merges as the real kubectl does', async ({ skip }) => {
    const folder = await folderWith(files);
    const KUBECONFIG = ['b.yaml', 'none.yaml', '', 'a.yaml', 'c.yaml']
      .map((name) => name && join(folder, name))
      .join(delimiter);
    const view = promisify(execFile)('kubectl', ['config', 'view', '--raw', '-o', 'json'], {
      env: { ...process.env, KUBECONFIG },
    });
    const theirs = await view.catch((error: NodeJS.ErrnoException) =>
      error.code === 'ENOENT' ? undefined : Promise.reject(error),
    );
    skip(!theirs, 'kubectl is not on PATH to compare with');
    const ours = await loadKubeconfig({ KUBECONFIG }, undefined, folder);
    const kubectl = JSON.parse(theirs?.stdout ?? '') as Record<
      string,
      { name: string; cluster: { server: string }; user: { token: string } }[]
    >;
    expect(ours.currentContext).toBe(kubectl['current-context']);
    const clusters = kubectl['clusters']?.map(({ name, cluster }) => [name, cluster.server]);
    expect([...ours.clusters].map(([name, { value }]) => [name, value.server]).sort()).toEqual(clusters?.sort());
    const users = kubectl['users']?.map(({ name, user }) => [name, user.token]);
    expect([...ours.users].map(([name, { value }]) => [name, value.token])).toEqual(users);
  });
});

describe('which context', () => {
  const file = part('prod-eu', server, 'token-of-prod');

  it('lists what exists and says what was meant', async () => {
    const folder = await folderWith({ config: file });
    const error = await errorOf(
      readKubernetesConnection({ KUBECONFIG: join(folder, 'config') }, { context: 'prod-ue' }),
    );
    expect(error).toMatchObject({ exit: 3, code: 'kubernetes-context-missing' });
    expect(error.message).toBe(
      'the kubeconfig has no context "prod-ue" (contexts that exist: shared, prod-eu); did you mean "prod-eu"?',
    );
    expect(error.problems[0]?.fix?.[0]?.why).toContain('--context prod-eu');
  });

  it('says that none is chosen', async () => {
    const folder = await folderWith({ config: file });
    const error = await errorOf(readKubernetesConnection({ KUBECONFIG: join(folder, 'config') }, {}));
    expect(error.message).toContain('no context is chosen');
    expect(shown(error.problems)[0]?.fix[0]?.command).toBe('kubectl config use-context shared');
  });

  it('does not fall back to localhost:8080 when there is nothing at all', async () => {
    const folder = await folderWith({ empty: '' });
    const env = { KUBECONFIG: [join(folder, 'empty'), join(folder, 'missing')].join(delimiter) };
    const error = await errorOf(readKubernetesConnection(env, {}, { serviceAccountFolder: folder }));
    expect(error).toMatchObject({ exit: 3, code: 'kubernetes-context-missing' });
    expect(error.message).toContain(`${join(folder, 'missing')} does not exist`);
    expect(error.message).toContain(`${join(folder, 'empty')} is empty`);
    expect(error.message).toContain('does not fall back to localhost:8080');
    expect(shown(error.problems)[0]?.fix.map(({ why, command }) => command ?? why)).toEqual([
      'Name the kubeconfig of your cluster with --kubeconfig FILE, or in KUBECONFIG.',
      expect.stringContaining('vaultbind sandbox up'),
    ]);
  });

  it('takes a named context for no pod', async () => {
    const folder = await folderWith({ token: 'the-token-of-a-pod', 'ca.crt': pem });
    const env = { HOME: folder, KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '443' };
    const error = await errorOf(readKubernetesConnection(env, { context: 'prod' }, { serviceAccountFolder: folder }));
    expect(error).toMatchObject({ exit: 3, code: 'kubernetes-context-missing' });
    expect(error.message).toContain('the context "prod" is asked for');
  });

  it('keeps the CA of a context without a user, and sends no credentials', async () => {
    const folder = await folderWith({
      config: kubeconfig({ server, 'certificate-authority': 'ca.pem' }, undefined),
      'ca.pem': pem,
    });
    const connection = await readKubernetesConnection({ KUBECONFIG: join(folder, 'config') }, {});
    expect(connection.ca?.certificates.map(({ raw }) => raw)).toEqual([new X509Certificate(pem).raw]);
    expect(await connection.credentials.current()).toEqual({});
  });
});

describe('a cluster', () => {
  it.each([
    ['a path stays, the slash at the end goes', `${server}/k8s/clusters/c-1/`, `${server}/k8s/clusters/c-1`],
    ['a query goes', `${server}/?x=1`, server],
  ])('%s', async (_, given, expected) => {
    const folder = await folderWith({ config: kubeconfig({ server: given }, {}) });
    expect((await readKubernetesConnection({}, { kubeconfig: join(folder, 'config') })).server).toBe(expected);
  });

  it('sends nothing secret over plain http, as client-go does', async () => {
    const folder = await folderWith({
      config: kubeconfig({ server: 'http://127.0.0.1:8001' }, { token: 'a-secret-token' }),
    });
    const connection = await readKubernetesConnection({}, { kubeconfig: join(folder, 'config') });
    expect(await connection.credentials.current()).toEqual({});
  });
});

it('names all files that cannot be read at once', async () => {
  const user = { 'client-certificate': 'no-cert.pem', 'client-key': 'no-key.pem' };
  const folder = await folderWith({ config: kubeconfig({ server, 'certificate-authority': 'no-ca.pem' }, user) });
  const { problems } = await errorOf(readKubernetesConnection({ KUBECONFIG: join(folder, 'config') }, {}));
  const named = problems.map(({ message }) => /no-\w+\.pem/.exec(message)?.[0]);
  expect(named).toEqual(['no-ca.pem', 'no-cert.pem', 'no-key.pem']);
});

describe('a file that cannot be used', () => {
  const ok = { server };
  const bomb = [...'abcdefghi']
    .map(
      (name, index) =>
        `${name}: &${name} [${
          index === 0
            ? 'x'
            : Array(9)
                .fill(`*${'abcdefghi'[index - 1]}`)
                .join(', ')
        }]\n`,
    )
    .join('');
  it.each<[string, unknown, string]>([
    ['broken YAML', 'users:\n- name: [a-secret-token', 'config:2:'],
    ['a server that is a number', kubeconfig({ server: 12 }, {}), 'clusters.0.cluster.server'],
    ['no server', kubeconfig({}, {}), 'a cluster without a server'],
    ['a server without a scheme', kubeconfig({ server: '10.0.0.1:6443' }, {}), 'no https:// URL'],
    [
      'a password in the server',
      kubeconfig({ server: 'https://a:a-secret-token@b' }, {}),
      'password may not stand in it',
    ],
    [
      'data that is no base64',
      kubeconfig({ ...ok, 'certificate-authority-data': '%%%' }, {}),
      'certificate-authority-data: is not base64',
    ],
    [
      'a CA that is no PEM',
      kubeconfig({ ...ok, 'certificate-authority-data': 'aGVsbG8=' }, {}),
      'no certificate in PEM',
    ],
    ['a CA file that is missing', kubeconfig({ ...ok, 'certificate-authority': 'no.pem' }, {}), 'no.pem: ENOENT'],
    [
      'a CA and no checking',
      kubeconfig(
        { ...ok, 'certificate-authority-data': Buffer.from(pem).toString('base64'), 'insecure-skip-tls-verify': true },
        {},
      ),
      'insecure-skip-tls-verify',
    ],
    ['a proxy of an unknown kind', kubeconfig({ ...ok, 'proxy-url': 'ftp://x' }, {}), 'http, https or socks5'],
    [
      'a certificate without its key',
      kubeconfig(ok, { 'client-certificate-data': Buffer.from(pem).toString('base64') }),
      'without client-key',
    ],
    [
      'a key that is none',
      kubeconfig(ok, { 'client-certificate-data': Buffer.from(pem).toString('base64'), 'client-key-data': 'aGVsbG8=' }),
      'not an unencrypted PEM key',
    ],
    ['a token and a password', kubeconfig(ok, { token: 'a-secret-token', username: 'u' }), 'only one of them'],
    ['a token with a line break', kubeconfig(ok, { token: 'a-secret-token\n' }), 'with a line break'],
    ['a token with a space', kubeconfig(ok, { token: 'a-secret-token x' }), 'with a space'],
    ['a reference that multiplies', `${bomb}kind: *i\n`, 'refers to parts of itself too often'],
    ['groups without a user', kubeconfig(ok, { 'as-groups': ['g'] }), 'without a user'],
    ['an auth-provider', kubeconfig(ok, { 'auth-provider': { name: 'gcp' } }), 'auth-provider "gcp"'],
    [
      'a plugin without interactiveMode',
      kubeconfig(ok, { exec: { command: 'x', apiVersion: 'client.authentication.k8s.io/v1' } }),
      'interactiveMode is missing',
    ],
    [
      'a plugin of an old version',
      kubeconfig(ok, { exec: { command: 'x', apiVersion: 'client.authentication.k8s.io/v1alpha1' } }),
      'v1alpha1',
    ],
    [
      'a plugin that must ask',
      kubeconfig(ok, {
        exec: { command: 'x', apiVersion: 'client.authentication.k8s.io/v1', interactiveMode: 'Always' },
      }),
      'not a terminal',
    ],
    [
      'an unknown cluster',
      kubeconfig(ok, {}, { contexts: [{ name: 'it', context: { cluster: 'other', user: 'it' } }] }),
      'the cluster "other"',
    ],
    [
      'an unknown user',
      kubeconfig(ok, {}, { contexts: [{ name: 'it', context: { cluster: 'it', user: 'other' } }] }),
      'the user "other"',
    ],
    ['a name twice', kubeconfig(ok, {}, { users: [{ name: 'it' }, { name: 'it' }] }), 'defined twice'],
    ['another kind', { kind: 'Pod', apiVersion: 'v1' }, 'kind:'],
  ])('%s', async (_, content, expected) => {
    const folder = await folderWith({ config: content });
    const error = await errorOf(readKubernetesConnection({ KUBECONFIG: join(folder, 'config') }, {}));
    expect(error).toMatchObject({ exit: 3, code: 'kubernetes-config-invalid' });
    expect(error.message).toContain(expected);
    expect(error.message).toMatch(/config:\d+:\d+: /);
    expect(error.problems[0]?.at).toMatchObject({ file: join(folder, 'config') });
    expect(JSON.stringify(error.problems) + String(error.stack)).not.toContain('a-secret-token');
  });

  it('names every mistake of every file at once', async () => {
    const folder = await folderWith({ one: kubeconfig({ server: 1 }, { token: 2 }), two: 'contexts: 3' });
    const KUBECONFIG = [join(folder, 'one'), join(folder, 'two')].join(delimiter);
    const error = await errorOf(readKubernetesConnection({ KUBECONFIG }, {}));
    expect(error.problems.map(({ message }) => /(one|two):\d+:\d+: (\S+):/.exec(message)?.slice(1))).toEqual([
      ['one', 'clusters.0.cluster.server'],
      ['one', 'users.0.user.token'],
      ['two', 'contexts'],
    ]);
  });

  it('says that the file of --kubeconfig is missing, and does not look elsewhere', async () => {
    const folder = await folderWith({ '.kube/config': kubeconfig({ server }, {}) });
    const error = await errorOf(readKubernetesConnection({ HOME: folder }, { kubeconfig: join(folder, 'none') }));
    expect(error.message).toContain('there is no such file');
  });
});
