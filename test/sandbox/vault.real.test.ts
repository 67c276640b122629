import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { describe, expect, onTestFinished, test } from 'vitest';
import { isAlive } from '../../src/sandbox/processes/process-identity.ts';
import { type SandboxVault, startVault } from '../../src/sandbox/servers/vault.ts';
import type { SandboxVaultOptions } from '../../src/sandbox/servers/vault-options.ts';
import { products } from '../servers/servers.ts';
import { contextOf, endAfterTest, temporaryFolder } from './scene.ts';

async function start(options: Omit<SandboxVaultOptions, 'folder'>): Promise<SandboxVault> {
  const server = await startVault({ ...options, folder: await temporaryFolder() }, contextOf(process.env));
  endAfterTest(() => [server.process()]);
  return server;
}

async function get(server: SandboxVault, path: string, agent?: Agent) {
  const headers = { 'x-vault-token': server.token.reveal() };
  const answer = await request(`${server.address}/v1/${path}`, { headers, ...(agent ? { dispatcher: agent } : {}) });
  return { status: answer.statusCode, text: await answer.body.text() };
}

describe.each(products)('%s', (product) => {
  test('is reachable only with its own CA when it serves https', async () => {
    const server = await start({ product, tls: true });
    expect(server.environment()).toEqual({
      VAULT_ADDR: server.address,
      VAULT_TOKEN: server.token.reveal(),
      VAULT_CACERT: server.caFile,
    });
    const agent = new Agent({ connect: { ca: await readFile(server.caFile ?? '', 'utf8') } });
    onTestFinished(() => agent.close());
    expect((await get(server, 'secret/config', agent)).status).toBe(200);
    await expect(get(server, 'secret/config')).rejects.toMatchObject({ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
  });

  test('can be had uninitialised, then initialised, sealed and unsealed', async () => {
    const server = await start({ product, state: 'uninitialized' });
    expect(server.token.empty).toBe(true);
    expect((await get(server, 'sys/health')).status).toBe(501);
    await server.initialize();
    expect((await get(server, 'secret/config')).status).toBe(200);
    await server.seal();
    expect((await get(server, 'sys/health')).status).toBe(503);
    await server.unseal();
    expect((await get(server, 'secret/config')).status).toBe(200);
  });

  test('comes back sealed, at the same address, with what it stored', async () => {
    const server = await start({ product, storage: 'disk' });
    const { address, token } = server;
    await server.kill();
    await expect(get(server, 'sys/health')).rejects.toMatchObject({
      // A kept connection may hear of the end only now.
      code: expect.stringMatching(/^(ECONNREFUSED|ECONNRESET|UND_ERR_SOCKET)$/),
    });
    await server.restart();
    expect((await get(server, 'sys/health')).status).toBe(503);
    await server.unseal();
    expect((await get(server, 'secret/config')).status).toBe(200);
    expect([server.address, server.token]).toEqual([address, token]);
  });

  test('leaves no process, shows no token, and keeps its files to this user', async () => {
    const server = await start({ product, tls: true });
    const { pid } = server.process();
    const shown = await Promise.all(['cmdline', 'environ'].map((each) => readFile(`/proc/${pid}/${each}`, 'utf8')));
    const log = await readFile(server.process().log, 'utf8');
    expect([...shown, log].join()).not.toContain(server.token.reveal());
    const folder = join(server.process().log, '..');
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    for (const file of ['config.json', 'server-key.pem', 'ca.pem', `${server.process().name}.log`]) {
      expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600);
    }
    await server.stop();
    expect(isAlive(server.process())).toBe(false);
  });
});
