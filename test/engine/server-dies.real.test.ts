import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silent } from '../../src/sandbox/progress.ts';
import { type SandboxVault, startVault } from '../../src/sandbox/servers/vault.ts';
import { type Between, between, reachedDirectly } from '../servers/between.ts';
import { reportOf, runCli } from '../servers/cli.ts';
import { products } from '../servers/servers.ts';
import { notable, type Workbench, workbench } from '../servers/workbench.ts';

describe.each(products)('Vault dies in the middle of an apply, %s', (product) => {
  let folder: string;
  let vault: SandboxVault;
  let bench: Workbench;
  let proxies: Between;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vaultbind-test-'));
    vault = await startVault({ product, folder, storage: 'disk' }, { env: process.env, progress: silent });
    bench = await workbench(product);
    proxies = await between(bench, vault.address);
    const recipe = bench.recipe();
    bench.write(reachedDirectly(recipe));
  });
  afterAll(async () => {
    await proxies.close();
    await bench.remove();
    await vault.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Vault itself, without the proxy; Kubernetes behind its proxy. */
  const cli = async (...args: string[]) => {
    const env = { ...proxies.env, VAULT_ADDR: vault.address, VAULT_TOKEN: vault.token.reveal() };
    return await runCli([...args, '-f', 'recipe.yaml', '-o', 'json'], { env, cwd: bench.folder });
  };

  it('exit 4 with its address, what was made and what was not reached; then sealed, then the job is finished', async () => {
    // The third write goes to Kubernetes; when it arrives Vault has made the mount and the policy.
    let dead: Promise<void> = Promise.reject(new Error('no write arrived'));
    dead.catch(() => undefined);
    proxies.onWrite((number) => {
      if (number !== 1) return 'pass';
      dead = vault.kill();
      return 'slow';
    });
    const died = await cli('apply', '--yes');
    await dead;
    expect(died.exit).toBe(4);
    const { findings } = reportOf(died);
    expect(notable({ findings })).toEqual(
      expect.arrayContaining([
        `created created sys/auth/${bench.mount}`,
        `created created sys/policies/acl/${bench.policy}`,
        `created created ServiceAccount ${bench.namespace}/vault-reviewer`,
        `skipped not-reached auth/${bench.mount}/role/${bench.role}`,
      ]),
    );
    const failed = findings.filter(({ status }) => status === 'failed');
    expect(failed.map(({ code }) => code)).toEqual(['vault-unreachable']);
    expect(failed[0]?.message).toContain(vault.address);
    expect(failed[0]?.at?.file).toBe('recipe.yaml');

    const gone = await cli('apply', '--yes');
    expect(gone.exit).toBe(4);
    expect(gone.stderr + gone.stdout).toContain(vault.address);

    await vault.restart();
    const sealed = await cli('apply', '--yes');
    expect(sealed.exit).toBe(4);
    expect(sealed.stdout).toContain('vault-sealed');

    await vault.unseal();
    const finished = await cli('apply', '--yes');
    expect(notable(reportOf(finished)).filter((line) => /^(failed|blocked|skipped)/.test(line))).toEqual([]);
    expect(finished.exit).toBe(0);
    expect((await cli('plan', '--detailed-exitcode')).exit).toBe(0);
    expect((await cli('verify')).exit).toBe(0);
  });
});
