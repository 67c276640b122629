import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportOf, runCli } from '../servers/cli.ts';
import { type Listening, listen } from '../servers/listen.ts';
import { products } from '../servers/servers.ts';
import { type Bench, healthy } from './bench.ts';

/** Takes connections and never says a word: what hangs on it hangs until its deadline, or this test's. */
describe.each(products)('doctor and a host that never answers, on %s', (product) => {
  let bench: Bench;
  let silent: Listening;
  beforeAll(async () => {
    silent = await listen(createServer());
    bench = await healthy(product);
  });
  afterAll(async () => {
    await bench.remove();
    await silent.close();
  });

  async function doctor(env: Record<string, string>, ...more: string[]) {
    const args = ['doctor', '-f', 'recipe.yaml', '--timeout', '1s', '-o', 'json', ...more];
    const result = await runCli(args, { env: { ...bench.env, ...env }, cwd: bench.folder });
    return { ...reportOf(result), exit: result.exit };
  }
  const causes = ({ causes: found }: Awaited<ReturnType<typeof doctor>>) =>
    found.map(({ certainty, cause }) => `${certainty} ${cause}`);

  it('healthy, for comparison', async () => {
    const started = performance.now();
    const report = await doctor({});
    process.stderr.write(`doctor on a healthy ${product}: ${Math.round(performance.now() - started)} ms\n`);
    expect(report.exit).toBe(0);
  });

  it.each(['http', 'https'])('Vault itself, by %s', async (scheme) => {
    const report = await doctor({ VAULT_ADDR: `${scheme}://127.0.0.1:${silent.port}` });
    expect(causes(report)).toEqual(['certain vault-unreachable']);
    expect(report.exit).toBe(1);
  });

  it("the kubeconfig's server: likely, since Vault may see it otherwise; Vault's side is told all the same", async () => {
    const config = {
      'current-context': 'x',
      clusters: [{ name: 'x', cluster: { server: `https://127.0.0.1:${silent.port}` } }],
      users: [{ name: 'x', user: { token: 'x' } }],
      contexts: [{ name: 'x', context: { cluster: 'x', user: 'x' } }],
    };
    const kubeconfig = join(bench.folder, 'silent.kubeconfig');
    writeFileSync(kubeconfig, JSON.stringify(config));
    const role = ['--role', 'nobody'];
    const report = await doctor({ KUBECONFIG: kubeconfig }, ...role);
    expect(causes(report)).toEqual(['certain role-missing', 'likely kubernetes-unreachable']);
    expect(report.exit).toBe(1);
  });

  it('the API server in the auth config', async () => {
    await bench.config({ kubernetes_host: `https://127.0.0.1:${silent.port}` });
    const report = await doctor({});
    expect(causes(report)[0]).toMatch(/^(certain|likely) host-unreachable$/);
    expect(report.exit).toBe(1);
  });
});
