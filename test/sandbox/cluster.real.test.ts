import { request } from 'undici';
import { expect, test } from 'vitest';
import type { VaultServer } from '../../src/sandbox/servers/vault.ts';
import { startVaultCluster } from '../../src/sandbox/servers/vault-cluster.ts';
import { products } from '../servers/servers.ts';
import { contextOf, endAfterTest, temporaryFolder } from './scene.ts';

async function read({ address, token }: VaultServer): Promise<number> {
  const answer = await request(`${address}/v1/secret/data/kept`, { headers: { 'x-vault-token': token.reveal() } });
  await answer.body.dump();
  return answer.statusCode;
}

async function activeOf(nodes: VaultServer[]): Promise<VaultServer[]> {
  const active = await Promise.all(nodes.map((node) => node.isActive()));
  return nodes.filter((_, index) => active[index]);
}

test.each(products)('three nodes of %s share what one wrote, and go on without the first', async (product) => {
  const folder = await temporaryFolder();
  const nodes = await startVaultCluster({ product, folder }, 3, contextOf(process.env));
  endAfterTest(() => nodes.map((node) => node.process()));
  const [first] = nodes as [VaultServer];
  expect(await activeOf(nodes)).toEqual([first]);
  const headers = { 'x-vault-token': first.token.reveal() };
  const body = JSON.stringify({ data: { a: 'b' } });
  await request(`${first.address}/v1/secret/data/kept`, { method: 'POST', headers, body });
  await expect.poll(() => Promise.all(nodes.map(read))).toEqual([200, 200, 200]);
  await first.kill();
  await expect.poll(() => activeOf(nodes), { timeout: 30_000 }).toHaveLength(1);
  const [next] = (await activeOf(nodes)) as [VaultServer];
  expect(await read(next)).toBe(200);
  await first.restart();
  await first.unseal();
  expect(await read(first)).toBe(200);
});
