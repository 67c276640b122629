/**
 * How fast vaultbind is beside a program that makes the same requests and nothing else, on both Vaults: `npm run bench`,
 * or `VAULTBIND_BENCH_APPS=1,100 npm run bench` for other numbers of applications and `VAULTBIND_BENCH_ROUNDS=1` for
 * one turn of each. An application is a policy, a role, a ServiceAccount that vaultbind makes, and one expected login.
 *
 * How to read the table. Both sides are whole processes, bundled alike, on the same servers, in turns; a number is a
 * median, a ratio the median of the turns' ratios, so that a busy machine slows both sides of it.
 *   ms        from start to end of the process, Node's start included; then the raw client's, then the ratio
 *   work      from the first request to the end: without start-up and without the reading of the recipe
 *   CPU       milliseconds of processor time, which other programs on the machine disturb least
 *   requests  what was sent; the raw client's is the fewest that do the job when one knows the answers beforehand
 * What is compared: for plan and apply without changes, reading each object once; for the first apply, writing each object
 * once and reading it back (`--verify none`); for verify, TokenRequest, login, capabilities, read and revoke, to which
 * vaultbind adds a whole look for drift, as doctor does. A saved plan is compared with a plan, its apply with a look. With
 * few applications a ratio says what start-up costs and no more.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'vitest';
import { createProgress } from '../../src/sandbox/progress.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import type { VaultProduct } from '../../src/sandbox/servers/vault-options.ts';
import { buildRaw } from './measure.ts';
import { startUp } from './startup.ts';
import { header, line } from './table.ts';
import { type Bench, walk } from './walk.ts';

const sizes = (process.env['VAULTBIND_BENCH_APPS'] ?? '1,100,1000,10000').split(',').map(Number);
const most = Number(process.env['VAULTBIND_BENCH_ROUNDS'] ?? 5);
/** So that all of it takes about twenty minutes on two cores. */
const roundsOf = (apps: number) => (apps > 1000 ? 1 : apps > 100 ? 2 : 5);
const products: VaultProduct[] = ['openbao', 'hashicorp'];

it('prints the table', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vaultbind-bench-'));
  try {
    say(await startUp(folder, 15));
    const raw = await buildRaw(folder);
    for (const product of products) await onServers(product, folder, raw);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

/** Servers of their own for each Vault, so that neither works with what the other one left in Kubernetes. */
async function onServers(product: VaultProduct, folder: string, raw: string): Promise<void> {
  const context = { env: process.env, progress: createProgress(process.stderr) };
  const sandbox = await startSandbox({ folder: join(folder, product), products: [product] }, context);
  try {
    const bench = benchOn(sandbox, folder, raw);
    say(`\n${product}\n${header()}`);
    for (const apps of sizes) {
      const look = Math.min(roundsOf(apps), most);
      for await (const row of walk(bench, apps, { look, make: Math.min(3, look) })) say(line(row));
    }
  } finally {
    await sandbox.stop();
  }
}

function benchOn(sandbox: Awaited<ReturnType<typeof startSandbox>>, folder: string, raw: string): Bench {
  const { kubernetes, vaults } = sandbox;
  const [vault] = vaults;
  if (!vault) throw new Error('no Vault was started');
  const { server, ca, admin } = kubernetes;
  return {
    servers: {
      vault: { address: vault.address, token: vault.token.reveal() },
      kubernetes: { server, ca, certificate: admin.certificate, key: admin.key.reveal() },
    },
    environment: sandbox.environment(),
    folder,
    raw,
  };
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
