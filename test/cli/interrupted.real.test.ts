import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CliResult, runCli } from '../servers/cli.ts';
import { startFaults } from '../servers/faults.ts';
import { servers } from '../servers/servers.ts';
import { type Workbench, workbench } from '../servers/workbench.ts';
import { validReport } from './schema.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await workbench('openbao');
  bench.write(bench.recipe());
  expect((await bench.cli('apply', '--yes', '-f', 'recipe.yaml')).exit).toBe(0);
});
afterAll(() => bench?.remove());

/** Ctrl-C comes with the first request for the mount. */
async function stopped(...args: string[]): Promise<CliResult> {
  const stop = new AbortController();
  const between = await startFaults({ target: servers().vaults.openbao.address });
  between.inject({
    fault: { kind: 'delay', milliseconds: 50 },
    when: ({ path }) => {
      const isMount = path.includes(bench.mount);
      if (isMount) stop.abort();
      return isMount;
    },
  });
  const env = { ...bench.env, VAULT_ADDR: between.url };
  const result = await runCli([...args, '-f', 'recipe.yaml'], { env, cwd: bench.folder, signal: stop.signal });
  await between.close();
  expect(stop.signal.aborted).toBe(true);
  return result;
}

describe.each([[['plan', '--out', 'plan.json']], [['verify']], [['doctor', '--no-monitor']]])(
  '%j after Ctrl-C',
  (args) => {
    it('says that it was interrupted, and claims nothing', async () => {
      const { exit, stdout } = await stopped(...args);
      expect([exit, stdout]).toEqual([130, expect.stringMatching(/✗ .*: interrupted/)]);
      expect(stdout).toContain('stopped by a signal; run again to finish');
      expect(stdout).not.toMatch(/nothing to change|: good|: healthy/);
      expect(existsSync(join(bench.folder, 'plan.json'))).toBe(false);
    });

    it('says so in its report', async () => {
      const result = await stopped(...args, '-o', 'json');
      const { ok, findings } = validReport(result);
      expect([result.exit, ok]).toEqual([130, false]);
      expect(findings.filter(({ code }) => code === 'interrupted')).toMatchObject([{ status: 'skipped' }]);
    });
  },
);
