import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { reportOf, runCli } from '../servers/cli.ts';
import { products } from '../servers/servers.ts';
import { type Bench, healthy } from './bench.ts';

describe.each(products)('doctor --fix on %s', (product) => {
  let bench: Bench;
  afterEach(() => bench.remove());

  it('mends three faults that hide each other, says what it wrote, and finds nothing more', async () => {
    bench = await healthy(product);
    await bench.delegate();
    await bench.bind({ bound_service_account_names: ['somebody'], audience: 'elsewhere' });
    await bench.writePolicy('path "secret/data/nothing" { capabilities = ["read"] }');
    const broken = await bench.report('doctor', '-f', 'recipe.yaml');
    expect(broken.exit).toBe(1);
    const fixed = await bench.report('doctor', '-f', 'recipe.yaml', '--fix', '--yes');
    expect(fixed.causes).toEqual([]);
    expect(fixed.exit).toBe(0);
    const written = fixed.findings.filter(({ status }) => status === 'created' || status === 'updated');
    expect(written.map(({ subject }) => subject).sort()).toEqual(
      [
        `ClusterRoleBinding ${bench.binding}`,
        `auth/${bench.mount}/role/${bench.role}`,
        `sys/policies/acl/${bench.policy}`,
      ].sort(),
    );
  });

  it('writes the auth config again when the stored reviewer token is another, which no plan shows', async () => {
    bench = await healthy(product);
    await bench.config({ token_reviewer_jwt: await bench.token('stranger', {}) });
    expect((await bench.report('plan', '-f', 'recipe.yaml', '--detailed-exitcode')).exit).toBe(0);
    await bench.config({ token_reviewer_jwt: 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.eA' });
    const fixed = await bench.report('doctor', '-f', 'recipe.yaml', '--fix', '--yes');
    expect(fixed.findings.filter(({ status }) => status === 'updated').map(({ subject }) => subject)).toEqual([
      `auth/${bench.mount}/config`,
    ]);
    expect(fixed.causes).toEqual([]);
    expect(fixed.exit).toBe(0);
  });

  it('leaves alone what no recipe decides, and says what remains', async () => {
    bench = await healthy(product);
    await bench.vault('DELETE', `secret/metadata/${bench.secret}`);
    const fixed = await bench.report('doctor', '-f', 'recipe.yaml', '--fix', '--yes');
    expect(fixed.causes.map(({ cause }) => cause)).toEqual(['secret-missing']);
    expect(fixed.summary.changed).toBe(0);
    expect(fixed.exit).toBe(1);
  });

  it('takes the recipe from standard input, which is there once', async () => {
    bench = await healthy(product);
    await bench.writePolicy('path "secret/data/nothing" { capabilities = ["read"] }');
    const stdin = readFileSync(join(bench.folder, 'recipe.yaml'), 'utf8');
    const args = ['doctor', '-f', '-', '--fix', '--yes', '-o', 'json'];
    const result = await runCli(args, { env: bench.env, cwd: bench.folder, stdin });
    expect([result.exit, reportOf(result).summary.changed]).toEqual([0, 1]);
  });

  it('asks first: without --yes and a terminal nothing is contacted; without a recipe there is nothing to write', async () => {
    bench = await healthy(product);
    const unasked = await bench.report('doctor', '-f', 'recipe.yaml', '--fix');
    expect([unasked.exit, unasked.findings[0]?.code]).toEqual([3, 'confirmation-needed']);
    const without = await bench.report('doctor', '--mount', bench.mount, '--fix', '--yes');
    expect([without.exit, without.findings[0]?.code]).toEqual([3, 'usage']);
  });
});
