import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildProgram, startProgram } from '../servers/child.ts';
import { products } from '../servers/servers.ts';
import { type Workbench, workbench } from '../servers/workbench.ts';

beforeAll(buildProgram);

const rounds = [1, 2, 3, 4, 5];

describe.each(products)('two applies of one recipe at the same time both end well, on %s', (product) => {
  let bench: Workbench;
  beforeEach(async () => {
    bench = await workbench(product);
    const recipe = bench.recipe();
    bench.write({ ...recipe, auth: { ...recipe.auth, description: 'wanted by two' } });
  });
  afterEach(() => bench.remove());

  const rightAfterwards = async () => {
    expect((await bench.report('plan', '-f', 'recipe.yaml', '--detailed-exitcode')).exit).toBe(0);
    expect((await bench.report('verify', '-f', 'recipe.yaml')).exit).toBe(0);
  };

  it.each(rounds)('in one process, round %i', async () => {
    const both = [bench.cli('apply', '-f', 'recipe.yaml', '--yes'), bench.cli('apply', '-f', 'recipe.yaml', '--yes')];
    for (const { exit, stdout } of await Promise.all(both)) expect(exit, stdout).toBe(0);
    await rightAfterwards();
  });

  it.each(rounds)('as two processes, round %i', async () => {
    const start = () => startProgram(['apply', '-f', 'recipe.yaml', '--yes'], { env: bench.env, cwd: bench.folder });
    const both = [start().ended, start().ended];
    for (const { exit, stdout } of await Promise.all(both)) expect(exit, stdout).toBe(0);
    await rightAfterwards();
  });

  it('mending the same drift', async () => {
    await bench.report('apply', '-f', 'recipe.yaml', '--yes');
    await bench.vault('DELETE', `auth/${bench.mount}/role/${bench.role}`);
    await bench.vault('DELETE', `sys/policies/acl/${bench.policy}`);
    const both = [bench.cli('apply', '-f', 'recipe.yaml', '--yes'), bench.cli('apply', '-f', 'recipe.yaml', '--yes')];
    for (const { exit, stdout } of await Promise.all(both)) expect(exit, stdout).toBe(0);
    await rightAfterwards();
  });
});
