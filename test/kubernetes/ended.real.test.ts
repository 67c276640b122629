import { createPrivateKey, createSign } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readKubernetesConnection } from '../../src/kubernetes/connect.ts';
import { silent } from '../../src/sandbox/progress.ts';
import { type KubernetesServer, startKubernetes } from '../../src/sandbox/servers/kubernetes.ts';
import { errorOf, folderWith, kubeconfig } from './folder.ts';
import { opened } from './scene.ts';

/** An own control plane: only who starts it can issue certificates in its name, and end it. */
let server: KubernetesServer;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vaultbind-test-'));
  server = await startKubernetes({ folder }, { env: process.env, progress: silent });
});
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

const base64 = (text: string) => Buffer.from(text).toString('base64');

async function as(user: object) {
  const cluster = { server: server.server, 'certificate-authority-data': base64(server.ca) };
  const files = await folderWith({ config: kubeconfig(cluster, user) });
  return opened(await readKubernetesConnection({}, { kubeconfig: join(files, 'config') }));
}

/** Like a token of TokenRequest, but over: the API server makes none that live shorter than ten minutes. */
async function endedToken(): Promise<string> {
  const key = createPrivateKey(await readFile(server.serviceAccountKeyFile, 'utf8'));
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const algorithm = key.asymmetricKeyType === 'rsa' ? 'RS256' : 'ES256';
  const text = `${part({ alg: algorithm })}.${part({ sub: 'system:serviceaccount:default:default', exp: 1_600_000_000 })}`;
  const signature = createSign('sha256').update(text).sign({ key, dsaEncoding: 'ieee-p1363' }, 'base64url');
  return `${text}.${signature}`;
}

describe('credentials that have ended', () => {
  it('is told of a client certificate, with its date', async () => {
    const notAfter = new Date('2020-01-02T03:04:05Z');
    const old = await server.authority.issue({
      use: 'client',
      commonName: 'admin',
      organizations: ['system:masters'],
      notAfter,
    });
    const { reader } = await as({
      'client-certificate-data': base64(old.certificate),
      'client-key-data': base64(old.key.reveal()),
    });
    const error = await errorOf(reader.namespace('default'));
    expect(error).toMatchObject({ exit: 4, code: 'kubernetes-credentials-rejected' });
    expect(error.message).toContain('client certificate of user "it": it ended at 2020-01-02T03:04:05Z');
  });

  it('is told of a token, with its date, and the token is not shown', async () => {
    const token = await endedToken();
    const { reader } = await as({ token });
    const error = await errorOf(reader.namespace('default'));
    expect(error).toMatchObject({ exit: 4, code: 'kubernetes-credentials-rejected' });
    expect(error.message).toContain('token of user "it": it ended at 2020-09-13T12:26:40Z');
    expect(JSON.stringify(error.problems) + String(error.stack)).not.toContain(token.split('.')[2]);
  });
});

describe('an API server that ends', () => {
  it('is told with its address, and asked again when it is back', async () => {
    const { certificate, key } = server.admin;
    const { reader } = await as({
      'client-certificate-data': base64(certificate),
      'client-key-data': base64(key.reveal()),
    });
    const before = await reader.version();
    await server.kill('kube-apiserver');
    const error = await errorOf(reader.namespace('default'));
    expect(error).toMatchObject({ exit: 4, code: 'kubernetes-unreachable' });
    expect(error.message).toContain(server.server);
    await server.restart();
    expect((await reader.namespace('default'))?.metadata?.name).toBe('default');
    expect(await reader.version()).toBe(before);
  });
});
