import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Apps, appsOf, recipeOf } from '../bench/apps.ts';
import { reportOf, runCli } from '../servers/cli.ts';
import { kubernetes, vault } from '../servers/raw.ts';
import { environmentFor, uniqueName } from '../servers/servers.ts';

/** More than OpenBao takes in one request: a request that grows with the recipe is sent in bounded parts. */
const count = 1100;
/** The other product takes more; `npm run bench` has ten thousand on both. */
const product = 'openbao';

describe('a recipe of 1,100 applications', () => {
  let apps: Apps;
  let folder: string;
  beforeEach(async () => {
    apps = { tag: uniqueName('many'), count };
    folder = mkdtempSync(join(tmpdir(), 'vaultbind-test-'));
    writeFileSync(join(folder, 'recipe.yaml'), recipeOf(apps));
    await kubernetes('POST', '/api/v1/namespaces', { metadata: { name: apps.tag } });
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true, force: true });
    await vault(product, 'DELETE', `sys/auth/${apps.tag}`);
    await Promise.all(appsOf(apps).map(({ name }) => vault(product, 'DELETE', `sys/policies/acl/${name}`)));
    await kubernetes('DELETE', `/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/${apps.tag}`);
    await kubernetes('DELETE', `/api/v1/namespaces/${apps.tag}/serviceaccounts`);
    await kubernetes('DELETE', `/api/v1/namespaces/${apps.tag}`);
  });

  it('is applied whole, its rights asked for before the first write, and rests', { timeout: 180_000 }, async () => {
    const call = async (...args: string[]) =>
      reportOf(
        await runCli([...args, '-f', 'recipe.yaml', '-o', 'json'], { env: environmentFor(product), cwd: folder }),
      );
    const applied = await call('apply', '--yes', '--verify', 'none');
    expect(applied.findings.filter(({ status }) => status === 'failed')).toEqual([]);
    // Mount, config, binding, the reviewer's account and its Secret; a policy, a role and an account for each.
    expect(applied.summary).toMatchObject({ changed: 5 + 3 * count, failed: 0, blocked: 0 });
    expect((await call('plan')).summary).toMatchObject({ pending: 0, failed: 0, blocked: 0 });
  });
});
