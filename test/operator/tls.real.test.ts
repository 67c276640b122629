import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readVaultConnection } from '../../src/operator/connect.ts';
import { type Authority, createAuthority } from '../../src/sandbox/servers/certificates.ts';
import type { SandboxVault } from '../../src/sandbox/servers/vault.ts';
import { started } from '../http/with.ts';
import { startHttpProxy } from '../servers/forward-proxy.ts';
import { products } from '../servers/servers.ts';
import { shown } from '../shown.ts';
import { type MutualTlsVault, mutualTlsVault, ownVault, replaceCertificate } from '../vault/own-vault.ts';
import { errorOf, vaultAt } from '../vault/with.ts';

/** A gateway as the environment describes it, and nothing of ours. */
async function vaultOf(env: Record<string, string | undefined>) {
  const given = { VAULT_TOKEN: 'canary-token', HOME: '/nonexistent', ...env };
  return vaultAt(await readVaultConnection(given));
}

describe.each(products)('%s with a CA of its own', (product) => {
  let server: SandboxVault & { folder: string };
  let other: Authority;

  beforeAll(async () => {
    server = await ownVault({ product, tls: true, state: 'uninitialized' });
    other = await createAuthority('another CA');
    await writeFile(join(server.folder, 'other-ca.pem'), other.certificate);
  });
  afterAll(() => server?.stop());

  const healthy = async (env: Record<string, string | undefined>) =>
    (await vaultOf({ VAULT_ADDR: server.address, ...env })).reader.health();

  test('the right CA, from a file or from bytes', async () => {
    expect(await healthy({ VAULT_CACERT: server.caFile })).toMatchObject({ initialized: false });
    expect(await healthy({ BAO_CACERT_BYTES: server.ca })).toMatchObject({ initialized: false });
    expect(await healthy({ SSL_CERT_FILE: server.caFile })).toMatchObject({ initialized: false });
  });

  test.each([
    ['no CA', () => ({})],
    ['another CA', () => ({ VAULT_CACERT: join(server.folder, 'other-ca.pem') })],
    ['another CA, and VAULT_SKIP_VERIFY=false', () => ({ VAULT_SKIP_VERIFY: 'false' })],
  ])('%s: not trusted, and told whose certificate it is', async (_, env) => {
    const error = await errorOf(healthy(env()));
    expect(error).toMatchObject({ code: 'vault-tls-untrusted', exit: 4 });
    expect(shown(error.problems)).toMatchObject([
      {
        subject: server.address,
        message: expect.stringContaining('its issuer is CN=vaultbind sandbox Vault'),
        fix: [{ why: expect.stringContaining('name its file in VAULT_CACERT') }],
        evidence: [{ said: expect.stringContaining('for 127.0.0.1, localhost') }],
      },
    ]);
  });

  test('VAULT_SKIP_VERIFY is heard only when it says so', async () => {
    expect(await healthy({ VAULT_SKIP_VERIFY: 'true' })).toMatchObject({ initialized: false });
    expect(await healthy({ VAULT_SKIP_VERIFY: '1' })).toMatchObject({ initialized: false });
    expect(await errorOf(healthy({ VAULT_SKIP_VERIFY: '0' }))).toMatchObject({ code: 'vault-tls-untrusted' });
  });

  test('the name asked for is the one checked', async () => {
    const trusted = { VAULT_CACERT: server.caFile };
    expect(await healthy({ ...trusted, VAULT_TLS_SERVER_NAME: 'localhost' })).toMatchObject({ initialized: false });
    const error = await errorOf(healthy({ ...trusted, VAULT_TLS_SERVER_NAME: 'vault.example' }));
    expect(shown(error.problems)).toMatchObject([
      {
        code: 'vault-tls-untrusted',
        message: expect.stringMatching(/does not name vault\.example; it names .*localhost/),
        fix: [{ command: 'export VAULT_TLS_SERVER_NAME=localhost' }],
      },
    ]);
  });

  test('an address can be the name checked', async () => {
    const trusted = { VAULT_ADDR: server.address.replace('127.0.0.1', 'localhost'), VAULT_CACERT: server.caFile };
    expect(await healthy({ ...trusted, VAULT_TLS_SERVER_NAME: '127.0.0.1' })).toMatchObject({ initialized: false });
    const error = await errorOf(healthy({ ...trusted, VAULT_TLS_SERVER_NAME: '10.9.9.9' }));
    expect(error).toMatchObject({
      code: 'vault-tls-untrusted',
      message: expect.stringContaining('does not name 10.9.9.9'),
    });
  });

  test('http to the TLS port: told, not changed over', async () => {
    const plain = server.address.replace('https:', 'http:');
    const vault = await vaultOf({ VAULT_ADDR: plain });
    const error = await errorOf(vault.reader.read('sys/auth'));
    expect(shown(error.problems)).toMatchObject([
      { code: 'vault-scheme-mismatch', fix: [{ command: `export VAULT_ADDR=${server.address}` }] },
    ]);
    expect(vault.sent).toEqual(['GET /v1/sys/auth']);
    expect(await errorOf(healthy({ VAULT_ADDR: plain }))).toMatchObject({ code: 'vault-scheme-mismatch' });
  });

  test('through a proxy, to the same certificate', async () => {
    const port = Number(new URL(server.address).port);
    const proxy = await started(startHttpProxy(() => ({ host: '127.0.0.1', port })));
    const env = {
      VAULT_ADDR: 'https://vault.test:8200',
      VAULT_CACERT: server.caFile,
      VAULT_TLS_SERVER_NAME: 'localhost',
    };
    expect(await healthy({ ...env, VAULT_PROXY_ADDR: proxy.url })).toMatchObject({ initialized: false });
    expect(await healthy({ ...env, https_proxy: proxy.url })).toMatchObject({ initialized: false });
    expect(proxy.used).toEqual(['vault.test:8200', 'vault.test:8200']);
    const direct = await errorOf(healthy({ ...env, HTTPS_PROXY: proxy.url, NO_PROXY: 'vault.test' }));
    expect(direct).toMatchObject({ code: 'vault-unreachable' });
    // Loopback is never proxied by HTTPS_PROXY, and always by Vault's own variable.
    expect(await healthy({ VAULT_CACERT: server.caFile, HTTPS_PROXY: proxy.url })).toBeDefined();
    expect(proxy.used).toHaveLength(2);
    expect(await healthy({ VAULT_CACERT: server.caFile, VAULT_HTTP_PROXY: proxy.url })).toBeDefined();
    expect(proxy.used).toHaveLength(3);
  });

  test('not initialised, then sealed', async () => {
    const env = { VAULT_ADDR: server.address, VAULT_CACERT: server.caFile };
    expect(await errorOf((await vaultOf(env)).reader.read('sys/auth'))).toMatchObject({ code: 'vault-uninitialized' });
    await server.initialize();
    await server.seal();
    const error = await errorOf((await vaultOf(env)).reader.read('sys/auth'));
    expect(error).toMatchObject({ code: 'vault-sealed', exit: 4 });
    await server.unseal();
    const vault = await vaultOf({ ...env, VAULT_TOKEN: server.token.reveal() });
    expect(await vault.reader.read('sys/auth')).toHaveProperty(['token/', 'type'], 'token');
  });

  test('a certificate past its end', async () => {
    const authority = await createAuthority('third CA');
    const notAfter = new Date(Date.now() - 86_400_000);
    const identity = await authority.issue({ use: 'server', commonName: 'vault', ips: ['127.0.0.1'], notAfter });
    await replaceCertificate(server, identity);
    const ask = () => errorOf(healthy({ VAULT_CACERT_BYTES: authority.certificate }));
    // Vault reads its files a moment after the signal.
    let error = await ask();
    for (let i = 0; i < 100 && error.code === 'vault-tls-untrusted'; i++) error = await ask();
    expect(shown(error.problems)).toMatchObject([
      { code: 'certificate-expired', message: expect.stringContaining(notAfter.toISOString().slice(0, 10)) },
    ]);
  });
});

describe.each(products)('%s that insists on a client certificate', (product) => {
  let server: MutualTlsVault;
  let authority: Authority;

  beforeAll(async () => {
    authority = await createAuthority('mutual CA');
    const identity = await authority.issue({ use: 'server', commonName: 'vault', ips: ['127.0.0.1'] });
    server = await mutualTlsVault(product, identity, authority.certificate);
  });
  afterAll(() => server?.stop());

  const healthyWith = async (own: { certificate: string; key: { reveal(): string } } | undefined) => {
    const pair = own && { VAULT_CLIENT_CERT_BYTES: own.certificate, VAULT_CLIENT_KEY_BYTES: own.key.reveal() };
    const vault = await vaultOf({ VAULT_ADDR: server.address, VAULT_CACERT_BYTES: authority.certificate, ...pair });
    return vault.reader.health();
  };

  test('is shown it', async () => {
    const own = await authority.issue({ use: 'client', commonName: 'operator' });
    expect(await healthyWith(own)).toMatchObject({ initialized: false });
  });

  test('none is given', async () => {
    const error = await errorOf(healthyWith(undefined));
    expect(shown(error.problems)).toMatchObject([
      {
        code: 'vault-tls-untrusted',
        message: expect.stringContaining('wants a client certificate, and none is given'),
        fix: [{ command: expect.stringContaining('VAULT_CLIENT_CERT') }],
      },
    ]);
  });

  test('of another CA', async () => {
    const foreign = await createAuthority('foreign CA');
    const own = await foreign.issue({ use: 'client', commonName: 'stranger' });
    const error = await errorOf(healthyWith(own));
    expect(error).toMatchObject({ code: 'vault-tls-untrusted', message: expect.stringContaining('CN=stranger') });
  });

  test('past its end', async () => {
    const notAfter = new Date(Date.now() - 86_400_000);
    const own = await authority.issue({ use: 'client', commonName: 'operator', notAfter });
    const error = await errorOf(healthyWith(own));
    expect(shown(error.problems)).toMatchObject([{ code: 'certificate-expired', subject: 'VAULT_CLIENT_CERT' }]);
  });
});
