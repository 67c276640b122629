import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { handshake } from '../../src/kubernetes/handshake.ts';
import { type Authority, createAuthority } from '../../src/sandbox/servers/certificates.ts';
import { readCa } from '../../src/trust/read-ca.ts';
import { startHttpProxy, startSocksProxy } from '../servers/forward-proxy.ts';
import { httpsServer } from './https-server.ts';

const version = { status: 200, body: JSON.stringify({ gitVersion: 'v1.37.2' }) };
const unauthorized = { status: 401, body: JSON.stringify({ kind: 'Status', message: 'Unauthorized', code: 401 }) };

let authority: Authority;
let stranger: Authority;
beforeAll(async () => {
  authority = await createAuthority('the cluster CA');
  stranger = await createAuthority('another CA');
});

async function serving(
  answer: Parameters<typeof httpsServer>[1],
  more: { ips?: string[]; names?: string[]; notAfter?: Date } = {},
) {
  const identity = await authority.issue({ use: 'server', commonName: 'kube-apiserver', ips: ['127.0.0.1'], ...more });
  return httpsServer(identity, answer);
}

describe('a handshake', () => {
  it('does not take for silence what this process was too busy to hear', async () => {
    const { url } = await serving(version);
    const seen = handshake(url, { ca: readCa(authority.certificate), timeout: 500 });
    for (const began = performance.now(); performance.now() - began < 1_000; );
    expect(await seen).toMatchObject({ status: 'ok' });
  });

  it('is fine with a server that the CA signs and that answers as an API server', async () => {
    const { url, requests } = await serving(version, { names: ['kubernetes.default.svc'] });
    const seen = await handshake(url, { ca: readCa(authority.certificate) });
    expect(seen).toMatchObject({ status: 'ok', said: '', connected: true, signed: true, named: true, current: true });
    expect(seen.answer).toMatchObject({ apiServer: true, version: 'v1.37.2' });
    expect(seen.chain[0]).toMatchObject({
      subject: 'CN=kube-apiserver',
      issuer: 'CN=the cluster CA',
      names: ['127.0.0.1', 'kubernetes.default.svc'],
    });
    expect(requests).toEqual(['GET /version']);
  });

  it('takes a Status of 401 for an API server, below a path too', async () => {
    const { url, requests } = await serving(unauthorized);
    expect((await handshake(`${url}/k8s/clusters/c-1/`, { ca: readCa(authority.certificate) })).status).toBe('ok');
    expect(requests).toEqual(['GET /k8s/clusters/c-1/version']);
  });

  it('finds the signing CA among several', async () => {
    const { url } = await serving(version);
    const bundle = `# old and new\n${stranger.certificate}\n${authority.certificate}`;
    expect((await handshake(url, { ca: readCa(bundle) })).status).toBe('ok');
  });

  it('names both sides when the CA does not sign', async () => {
    const { url } = await serving(version);
    const seen = await handshake(url, { ca: readCa(stranger.certificate) });
    expect(seen).toMatchObject({ status: 'untrusted', signed: false, named: true });
    expect(seen.said).toMatch(/it shows CN=kube-apiserver, issued by CN=the cluster CA.*; trusted is CN=another CA$/);
  });

  it('is not fooled by another CA of the same name', async () => {
    const twin = await createAuthority('the cluster CA');
    const { url } = await serving(version);
    expect((await handshake(url, { ca: readCa(twin.certificate) })).status).toBe('untrusted');
  });

  it('is untrusted without a CA when no public root signs it', async () => {
    const { url } = await serving(version);
    expect((await handshake(url)).status).toBe('untrusted');
  });

  it('tells the names of a certificate for another address', async () => {
    const { url } = await serving(version, { ips: [], names: ['api.test'] });
    const seen = await handshake(url, { ca: readCa(authority.certificate) });
    expect(seen).toMatchObject({
      status: 'wrong-name',
      signed: true,
      said: '127.0.0.1 is not among its names: api.test',
    });
    expect((await handshake(url, { ca: readCa(authority.certificate), serverName: 'api.test' })).status).toBe('ok');
  });

  it('tells when a certificate has ended, and still who signed it', async () => {
    const { url } = await serving(version, { notAfter: new Date('2020-01-02T03:04:05Z') });
    const seen = await handshake(url, { ca: readCa(authority.certificate) });
    expect(seen).toMatchObject({ status: 'expired', signed: true, current: false });
    expect(seen.said).toContain('valid until 2020-01-02T03:04:05Z');
  });

  it.each([
    [
      'a page',
      { status: 200, type: 'text/html', body: '<html><title>Log in</title>' },
      'GET /version answers 200 an HTML page, "Log in"',
    ],
    ['another JSON', { status: 404, body: '{"errors":[]}' }, 'GET /version answers 404 {"errors":[]}'],
  ])('sees that %s is no API server', async (_, answer, said) => {
    const { url } = await serving(answer);
    expect(await handshake(url, { ca: readCa(authority.certificate) })).toMatchObject({
      status: 'not-an-api-server',
      said,
    });
  });

  it('is unreachable where nothing listens and where nothing answers, and no API server where no TLS is spoken', async () => {
    const mute = createServer(() => {});
    const plain = createServer((socket) => socket.end('SSH-2.0-x\r\n'));
    const [silent, ssh] = await Promise.all([mute, plain].map((server) => portOf(server)));
    const { ca } = { ca: readCa(authority.certificate) };
    expect(await handshake(`https://127.0.0.1:${silent}`, { ca, timeout: 100 })).toMatchObject({
      status: 'unreachable',
      said: 'no answer within 0.1 s',
    });
    expect(await handshake(`https://127.0.0.1:${ssh}`, { ca })).toMatchObject({
      status: 'not-an-api-server',
      said: 'it does not speak TLS',
    });
    mute.close();
    expect((await handshake('https://127.0.0.1:1', { ca })).said).toContain('ECONNREFUSED');
  });
});

describe('a handshake by way of a proxy', () => {
  const target = 'https://api.test:6443/k8s';
  const api = async () => {
    const { url, requests } = await serving(version, { ips: [], names: ['api.test'] });
    const to = { host: '127.0.0.1', port: Number(new URL(url).port) };
    return { requests, to, ca: readCa(authority.certificate) };
  };

  it('of http gives its password there, and asks the server', async () => {
    const { to, ca, requests } = await api();
    const proxy = await startHttpProxy(() => to, 'me:pa%20ss');
    onTestFinished(() => proxy.close());
    const way = proxy.url.replace('//', '//me:pa%2520ss@');
    expect((await handshake(target, { ca, proxy: way })).status).toBe('ok');
    expect([proxy.used, requests]).toEqual([['api.test:6443'], ['GET /k8s/version']]);
    const refused = await handshake(target, { ca, proxy: way.replace('ss@', 'canary@') });
    expect(refused.status).toBe('unreachable');
    expect(refused.said).toBe(`by way of the proxy ${proxy.url}: the proxy answers 407`);
  });

  it('of socks5 lets it find the name', async () => {
    const { to, ca } = await api();
    const proxy = await startSocksProxy(() => to);
    onTestFinished(() => proxy.close());
    const seen = await handshake(target, { ca, proxy: proxy.url });
    expect([seen.status, seen.chain[0]?.subject, proxy.used]).toEqual(['ok', 'CN=kube-apiserver', ['api.test:6443']]);
  });

  it.each(['http', 'socks5'])('of %s that says nothing ends in time, that is not there at once', async (scheme) => {
    const mute = await portOf(createServer(() => {}));
    const slow = await handshake(target, { proxy: `${scheme}://me:canary@127.0.0.1:${mute}`, timeout: 100 });
    expect(slow).toMatchObject({
      status: 'unreachable',
      said: `by way of the proxy ${scheme}://127.0.0.1:${mute}: no answer within 0.1 s`,
    });
    const gone = await handshake(target, { proxy: `${scheme}://127.0.0.1:1` });
    expect(gone.said).toContain('ECONNREFUSED');
  });

  it('of http takes plain http along', async () => {
    const plain = createHttpServer((_, response) => response.end(version.body));
    const to = { host: '127.0.0.1', port: await portOf(plain) };
    const proxy = await startHttpProxy(() => to);
    onTestFinished(() => proxy.close());
    expect((await handshake('http://api.test:8080', { proxy: proxy.url })).status).toBe('ok');
    expect(proxy.used).toEqual(['api.test:8080']);
  });
});

async function portOf(server: ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.close();
  });
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}
