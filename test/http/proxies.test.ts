import { beforeAll, describe, expect, test } from 'vitest';
import { type Authority, type Certificate, createAuthority } from '../../src/sandbox/servers/certificates.ts';
import { readCa } from '../../src/trust/read-ca.ts';
import { startFaults } from '../servers/faults.ts';
import { startHttpProxy, startSocksProxy } from '../servers/forward-proxy.ts';
import { failureOf, get, started, transportWith } from './with.ts';

let authority: Authority;
let identity: Certificate;

beforeAll(async () => {
  authority = await createAuthority('test CA');
  identity = await authority.issue({ use: 'server', commonName: 'vault', names: ['vault.test'] });
});

const https = () => started(startFaults({ identity: { cert: identity.certificate, key: identity.key.reveal() } }));

describe('an http proxy', () => {
  test('carries https in a tunnel; the certificate is the server’s', async () => {
    const server = await https();
    const proxy = await started(startHttpProxy(() => ({ host: '127.0.0.1', port: server.port })));
    const transport = transportWith({ proxy: proxy.url, tls: { ca: readCa(authority.certificate) } });
    expect((await transport.send(get('https://vault.test:8200/v1/x'))).status).toBe(200);
    expect(proxy.used).toEqual(['vault.test:8200']);
  });

  test('carries http by absolute URLs, as the vault command asks', async () => {
    const server = await started(startFaults());
    const proxy = await started(startHttpProxy(() => ({ host: '127.0.0.1', port: server.port })));
    expect((await transportWith({ proxy: proxy.url }).send(get('http://vault.test:8200/v1/x?a=1'))).status).toBe(200);
    expect(proxy.used).toEqual(['http://vault.test:8200/v1/x?a=1']);
  });

  test('of the environment is used, and NO_PROXY is heard', async () => {
    const server = await https();
    const proxy = await started(startHttpProxy(() => ({ host: '127.0.0.1', port: server.port })));
    const tls = { ca: readCa(authority.certificate) };
    const env = { HTTPS_PROXY: proxy.url };
    await transportWith({ proxy: 'environment', env, tls }).send(get('https://vault.test:8200/'));
    expect(proxy.used).toEqual(['vault.test:8200']);
    const without = transportWith({ proxy: 'environment', env: { ...env, NO_PROXY: '.test' }, tls });
    expect(await failureOf(without.send(get('https://vault.test:8200/')))).toMatchObject({ kind: 'dns' });
    expect(proxy.used).toHaveLength(1);
  });

  test('wants a password: ours is given, and never shown', async () => {
    const server = await https();
    const proxy = await started(startHttpProxy(() => ({ host: '127.0.0.1', port: server.port }), 'me:proxy-canary'));
    const tls = { ca: readCa(authority.certificate) };
    const right = proxy.url.replace('//', '//me:proxy-canary@');
    expect((await transportWith({ proxy: right, tls }).send(get('https://vault.test/'))).status).toBe(200);
    const wrong = proxy.url.replace('//', '//me:wrong-canary@');
    const failure = await failureOf(transportWith({ proxy: wrong, tls }).send(get('https://vault.test/')));
    expect(failure).toMatchObject({ kind: 'proxy' });
    expect(failure.detail).toContain('407');
    expect(failure.detail).not.toContain('canary');
  });

  test('that is gone is named', async () => {
    const proxy = await startHttpProxy((target) => target);
    await proxy.close();
    const failure = await failureOf(transportWith({ proxy: proxy.url }).send(get('https://vault.test/')));
    expect(failure).toMatchObject({ kind: 'proxy', detail: expect.stringContaining(proxy.url) });
  });

  test('does not make an untrusted server trusted', async () => {
    const server = await https();
    const proxy = await started(startHttpProxy(() => ({ host: '127.0.0.1', port: server.port })));
    const failure = await failureOf(transportWith({ proxy: proxy.url }).send(get('https://vault.test/')));
    expect(failure).toMatchObject({ kind: 'tls' });
    expect(server.seen).toEqual([]);
  });
});

describe('a socks5 proxy', () => {
  test('carries https and resolves the name', async () => {
    const server = await https();
    const proxy = await started(startSocksProxy(() => ({ host: '127.0.0.1', port: server.port })));
    const transport = transportWith({ proxy: proxy.url, tls: { ca: readCa(authority.certificate) } });
    expect((await transport.send(get('https://vault.test:8200/'))).status).toBe(200);
    expect(proxy.used).toEqual(['vault.test:8200']);
  });

  test('carries http', async () => {
    const server = await started(startFaults());
    const proxy = await started(startSocksProxy(() => ({ host: '127.0.0.1', port: server.port })));
    expect((await transportWith({ proxy: proxy.url }).send(get('http://vault.test/'))).status).toBe(200);
    expect(proxy.used).toEqual(['vault.test:80']);
  });

  test('that is gone is named', async () => {
    const proxy = await startSocksProxy((target) => target);
    await proxy.close();
    const failure = await failureOf(transportWith({ proxy: proxy.url }).send(get('https://vault.test/')));
    expect(failure).toMatchObject({ kind: 'proxy' });
  });
});
