import { createServer as createTlsServer } from 'node:https';
import { createServer, type Server } from 'node:net';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createKubernetes } from '../../src/kubernetes/client.ts';
import type { KubernetesConnection } from '../../src/kubernetes/connection.ts';
import { fixedCredentials } from '../../src/kubernetes/credentials/credentials.ts';
import { type Authority, createAuthority } from '../../src/sandbox/servers/certificates.ts';
import { Secret } from '../../src/secret.ts';
import { readCa } from '../../src/trust/read-ca.ts';
import { apiHost } from '../trust/host.ts';
import { errorOf } from './folder.ts';
import { httpsServer } from './https-server.ts';

const canary = 'canary-bearer-token-of-the-operator';
const html = { status: 200, type: 'text/html', body: '<html><title>Log in</title></html>' };

let authority: Authority;
beforeAll(async () => {
  authority = await createAuthority('the cluster CA');
});

async function failing(server: string, more: Partial<KubernetesConnection> = {}, signal?: AbortSignal) {
  const connection: KubernetesConnection = {
    server: apiHost(server),
    ca: readCa(authority.certificate),
    context: 'it',
    origin: '/home/me/.kube/config',
    user: 'it',
    tls: { insecure: false },
    proxy: 'environment',
    env: {},
    credentials: fixedCredentials('token of user "it"', { token: new Secret(canary) }),
    ...more,
  };
  const kubernetes = createKubernetes(connection, {
    userAgent: 'test',
    parallel: 1,
    timeout: 1_500,
    ...(signal && { signal }),
  });
  onTestFinished(() => kubernetes.close());
  const error = await errorOf(kubernetes.reader.version());
  expect(JSON.stringify(error) + JSON.stringify(error.problems) + String(error.stack)).not.toContain(canary);
  expect(error.message).toContain(server);
  return error;
}

async function serving(
  answer: Parameters<typeof httpsServer>[1],
  more: { ips?: string[]; names?: string[]; notAfter?: Date } = {},
) {
  return httpsServer(await authority.issue({ use: 'server', commonName: 'api', ips: ['127.0.0.1'], ...more }), answer);
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.close();
  });
  const address = server.address();
  return `https://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
}

describe('no answer', () => {
  it('because nothing listens', async () => {
    expect(await failing('https://127.0.0.1:1')).toMatchObject({ exit: 4, code: 'kubernetes-unreachable' });
  });

  it('in time', async () => {
    const error = await failing(await listening(createServer()));
    expect(error).toMatchObject({ exit: 4, code: 'timeout' });
  });

  it('because TLS is not spoken', async () => {
    const error = await failing(
      await listening(createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))),
    );
    expect(error).toMatchObject({ exit: 4, code: 'kubernetes-not-an-api-server' });
  });

  it('because of the CA: issuer and names of what is shown are told', async () => {
    const { url } = await serving(html, { names: ['api.test'] });
    const error = await failing(url, { ca: readCa((await createAuthority('another CA')).certificate) });
    expect(error).toMatchObject({ exit: 4, code: 'kubernetes-tls-untrusted' });
    expect(error.problems[0]?.evidence?.[0]?.said).toMatch(
      /^CN=api, issued by CN=the cluster CA, for 127.0.0.1, api.test, valid until /,
    );
  });

  it('because the certificate names another address', async () => {
    const { url } = await serving(html, { ips: [], names: ['api.test'] });
    const error = await failing(url);
    expect(error).toMatchObject({ exit: 4, code: 'certificate-name-mismatch' });
    expect(error.problems[0]?.fix?.[0]?.why).toContain('(api.test)');
  });

  it('because the certificate has ended', async () => {
    const { url } = await serving(html, { notAfter: new Date('2020-01-02T03:04:05Z') });
    const error = await failing(url);
    expect(error).toMatchObject({ exit: 4, code: 'certificate-expired' });
    expect(error.message).toContain('valid until 2020-01-02T03:04:05Z');
  });

  it('because the other side demands a client certificate', async () => {
    const { certificate, key } = await authority.issue({ use: 'server', commonName: 'api', ips: ['127.0.0.1'] });
    const demanding = {
      maxVersion: 'TLSv1.2' as const,
      cert: certificate,
      key: key.reveal(),
      ca: authority.certificate,
      requestCert: true,
      rejectUnauthorized: true,
    };
    const error = await failing(await listening(createTlsServer(demanding)));
    expect(error).toMatchObject({ exit: 4, code: 'kubernetes-credentials-rejected' });
  });

  it('because of Ctrl-C', async () => {
    const controller = new AbortController();
    const server = await listening(createServer(() => controller.abort()));
    expect(await failing(server, {}, controller.signal)).toMatchObject({ exit: 130, code: 'interrupted' });
  });
});

describe('an answer that is none of an API server', () => {
  it('is a page', async () => {
    const { url } = await serving(html);
    const error = await failing(url);
    expect(error).toMatchObject({ exit: 4, code: 'kubernetes-not-an-api-server' });
    expect(error.message).toContain('an HTML page, "Log in"');
  });

  it('is a redirect, and the token does not follow it', async () => {
    const elsewhere = await serving(html);
    const { url } = await serving({ status: 307, body: '', headers: { location: `${elsewhere.url}/version` } });
    expect((await failing(url)).code).toBe('kubernetes-not-an-api-server');
    expect(elsewhere.requests).toEqual([]);
  });
});
