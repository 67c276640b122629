import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'undici';
import { expect, vi } from 'vitest';
import { silent } from '../../src/sandbox/progress.ts';
import type { SandboxVault } from '../../src/sandbox/servers/vault.ts';
import { startVaultCluster } from '../../src/sandbox/servers/vault-cluster.ts';
import type { VaultProduct } from '../../src/sandbox/servers/vault-options.ts';

/** Three nodes of one Vault, for one file's tests. */
export interface Cluster {
  nodes: SandboxVault[];
  /** The node that writes now. */
  leader(): Promise<SandboxVault>;
  /** As root, through whichever node answers well. Undefined: 404. */
  ask(method: string, path: string, body?: unknown): Promise<Record<string, unknown> | undefined>;
  /** Every node serves, and one of them writes. */
  whole(): Promise<void>;
  stop(): Promise<void>;
}

export async function cluster(product: VaultProduct): Promise<Cluster> {
  const folder = await mkdtemp(join(tmpdir(), 'vaultbind-cluster-'));
  const nodes = await startVaultCluster({ product, folder }, 3, { env: process.env, progress: silent });
  const active = async () => {
    const answers = await Promise.all(nodes.map((node) => node.isActive()));
    return nodes.filter((_, index) => answers[index]);
  };
  const leader = () =>
    vi.waitFor(
      async () => {
        const [only, ...more] = await active();
        if (!only || more.length > 0) throw new Error(`${more.length + (only ? 1 : 0)} nodes write`);
        return only;
      },
      { timeout: 60_000, interval: 50 },
    );
  return {
    nodes,
    leader,
    ask: async (method, path, body) => answerOf(await leader(), method, path, body),
    whole: async () => {
      await leader();
      await expect.poll(() => Promise.all(nodes.map(serves)), { timeout: 60_000, interval: 50 }).not.toContain(false);
    },
    stop: async () => {
      await Promise.all(nodes.map((node) => node.stop()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function answerOf({ address, token }: SandboxVault, method: string, path: string, body: unknown) {
  const answer = await request(`${address}/v1/${path}`, {
    method: method as 'GET',
    headers: { 'x-vault-token': token.reveal() },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.body.text();
  if (answer.statusCode === 404) return undefined;
  if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${text}`);
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}

/** A standby that knows its leader forwards; one that does not yet answers 500 or 503. */
async function serves({ address, token }: SandboxVault): Promise<boolean> {
  try {
    const answer = await request(`${address}/v1/auth/token/lookup-self`, {
      headers: { 'x-vault-token': token.reveal() },
    });
    await answer.body.dump();
    return answer.statusCode === 200;
  } catch {
    return false;
  }
}
