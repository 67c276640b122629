import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectGolden } from '../golden.ts';
import { between, reachedDirectly } from '../servers/between.ts';
import { type CliResult, runCli } from '../servers/cli.ts';
import { type Faults, startFaults } from '../servers/faults.ts';
import { type Listening, listen } from '../servers/listen.ts';
import { kubernetes, vault } from '../servers/raw.ts';
import { products, servers } from '../servers/servers.ts';
import { type Workbench, workbench } from '../servers/workbench.ts';
import { validReport } from './schema.ts';

describe.each(products)('exit codes on %s', (product) => {
  let bench: Workbench;
  let front: Faults;
  let hanging: Listening;
  beforeAll(async () => {
    bench = await workbench(product);
    bench.write(bench.recipe());
    front = await startFaults({ target: servers().vaults[product].address });
    hanging = await listen(createServer(() => undefined));
  });
  afterAll(async () => {
    await Promise.all([front.close(), hanging.close()]);
    await bench.remove();
  });

  /** The same line for a person and as a report: one exit code, and a report that is valid. */
  async function both(args: string[], env: Record<string, string> = {}): Promise<CliResult> {
    const settings = { env: { ...bench.env, ...env }, cwd: bench.folder };
    const forProgram = await runCli([...args, '-o', 'json'], settings);
    const report = validReport(forProgram);
    const forPerson = await runCli(args, settings);
    expect([forPerson.exit, report.command]).toEqual([
      forProgram.exit,
      args.slice(0, args[0] === 'step' ? 2 : 1).join(' '),
    ]);
    expect(report.ok).toBe(forProgram.exit === 0 || forProgram.exit === 2);
    return forPerson;
  }

  it('0: as asked, whether there was anything to do or not', async () => {
    expect((await both(['plan', '-f', 'recipe.yaml'])).exit).toBe(0);
    expect((await both(['plan', '--detailed-exitcode', '-f', 'recipe.yaml'])).exit).toBe(2);
    expect((await both(['apply', '--yes', '-f', 'recipe.yaml'])).exit).toBe(0);
    expect((await both(['plan', '--detailed-exitcode', '-f', 'recipe.yaml'])).exit).toBe(0);
    expect((await both(['verify', '-f', 'recipe.yaml'])).exit).toBe(0);
    expect((await both(['step', 'bind-role', '--yes', '-f', 'recipe.yaml'])).exit).toBe(0);
  });

  it('1: drift, seen by verify', async () => {
    await bench.vault('POST', `auth/${bench.mount}/role/${bench.role}`, { token_ttl: 60 });
    const { exit, stdout } = await both(['verify', '-f', 'recipe.yaml']);
    expect([exit, stdout]).toEqual([1, expect.stringContaining('drift')]);
    expect((await both(['plan', '--detailed-exitcode', '-f', 'recipe.yaml'])).exit).toBe(2);
    expect((await both(['apply', '--yes', '-f', 'recipe.yaml'])).exit).toBe(0);
  });

  it('1: blocked', async () => {
    const recipe = bench.recipe();
    bench.write({ ...recipe, auth: { ...recipe.auth, path: 'token' } }, 'blocked.yaml');
    bench.write(
      { ...recipe, auth: { ...recipe.auth, reviewer: { service_account: 'no-such-namespace/reviewer' } } },
      'nowhere.yaml',
    );
    const { exit, stdout } = await both(['apply', '--yes', '-f', 'nowhere.yaml']);
    expect([exit, stdout]).toEqual([1, expect.stringContaining('kubectl create namespace no-such-namespace')]);
  });

  it('1: --only and --skip walk no other step, and name what is missing', async () => {
    const recipe = bench.recipe();
    bench.write({ ...recipe, auth: { ...recipe.auth, path: `${bench.mount}-other` } }, 'other.yaml');
    const report = await bench.report('plan', '-f', 'other.yaml', '--only', 'bind-role');
    expect([report.exit, report.findings.map(({ step, code }) => `${step} ${code}`)]).toEqual([
      1,
      ['bind-role need-missing'],
    ]);
    expect(report.findings[0]?.fix[0]?.command).toBe('vaultbind step enable-auth -f other.yaml');
    const skipped = await bench.report('plan', '-f', 'recipe.yaml', '--skip', 'write-policy', '--skip', 'login');
    expect(skipped.findings.some(({ step }) => step === 'write-policy')).toBe(false);
  });

  it('3: another mistake than the command line', async () => {
    expect((await both(['plan', '-f', 'missing.yaml'])).exit).toBe(3);
  });

  it.each([['plan'], ['apply', '--yes'], ['verify'], ['step', 'bind-role', '--yes']])(
    '4: %s when a system does not answer',
    async (...words) => {
      const args = [...words.filter(Boolean), '-f', 'recipe.yaml'];
      const { exit, stderr } = await both(args, { VAULT_ADDR: 'http://127.0.0.1:1', VAULT_MAX_RETRIES: '0' });
      expect([exit, stderr]).toEqual([4, expect.stringContaining('http://127.0.0.1:1')]);
    },
  );

  it('4: a server that never answers is left after --timeout, and named', async () => {
    const address = `http://127.0.0.1:${hanging.port}`;
    const { exit, stderr } = await both(['plan', '-f', 'recipe.yaml', '--timeout', '1s'], { VAULT_ADDR: address });
    expect([exit, stderr]).toEqual([4, expect.stringContaining(address)]);
    expect(stderr).toContain('timeout');
  });

  it('4: the operator is refused, and told which right is missing', async () => {
    const { body } = await vault(product, 'POST', 'auth/token/create', { policies: ['default'] });
    const { exit, stdout } = await both(['plan', '-f', 'recipe.yaml'], { VAULT_TOKEN: body.auth.client_token });
    expect([exit, stdout]).toEqual([4, expect.stringContaining('operator-forbidden')]);
    const verified = await both(['verify', '-f', 'recipe.yaml'], { VAULT_TOKEN: body.auth.client_token });
    expect(verified.exit).toBe(4);
  });

  it('4: an API server that is broken has judged nobody, neither for verify nor for doctor', async () => {
    const proxies = await between(bench);
    bench.write(reachedDirectly(bench.recipe()), 'near.yaml');
    expect((await both(['apply', '--yes', '-f', 'near.yaml'])).exit).toBe(0);
    try {
      const broken = { kind: 'Status', status: 'Failure', code: 500, reason: 'InternalError', message: 'etcd is away' };
      proxies.kubernetes.inject({
        fault: { kind: 'answer', status: 500, body: JSON.stringify(broken) },
        when: ({ path }) => path.endsWith('/tokenreviews'),
      });
      const { exit, stdout } = await both(['verify', '-f', 'near.yaml'], proxies.env);
      expect([exit, stdout]).toEqual([4, expect.stringContaining('etcd is away')]);
      expect(stdout).not.toContain('TokenReview refuses');
      const examined = await both(['doctor', '-f', 'near.yaml'], proxies.env);
      expect(examined.stdout).not.toMatch(/✗ (reviewer|client-review)/);
    } finally {
      await proxies.close();
    }
  });

  it('4: a wrong token, a sealed Vault, an answer that is no API', async () => {
    expect((await both(['plan', '-f', 'recipe.yaml'], { VAULT_TOKEN: 'hvs.wrong-wrong-wrong-wrong' })).exit).toBe(4);
    front.inject({
      fault: { kind: 'answer', status: 503, body: '{"errors":["Vault is sealed"]}' },
      when: ({ path }) => !path.includes('health'),
    });
    expect((await both(['plan', '-f', 'recipe.yaml'], { VAULT_ADDR: front.url, VAULT_MAX_RETRIES: '0' })).exit).toBe(4);
    front.clear();
    front.inject({ fault: { kind: 'answer', status: 200, body: '<html>' } });
    expect((await both(['plan', '-f', 'recipe.yaml'], { VAULT_ADDR: front.url })).exit).toBe(4);
    front.clear();
  });

  it('130: stopped before anything was written', async () => {
    const stopped = new AbortController();
    stopped.abort();
    await bench.vault('DELETE', `auth/${bench.mount}/role/${bench.role}`);
    const settings = { env: bench.env, cwd: bench.folder, signal: stopped.signal };
    const result = await runCli(['apply', '--yes', '-f', 'recipe.yaml', '-o', 'json'], settings);
    validReport(result);
    expect(result.exit).toBe(130);
    expect((await bench.vault('GET', `auth/${bench.mount}/role/${bench.role}`)).status).toBe(404);
  });
});

describe('the words for the article', () => {
  let bench: Workbench;
  beforeAll(async () => {
    bench = await workbench('openbao');
    bench.write(bench.recipe());
  });
  afterAll(() => bench.remove());

  /** Names of this run and its servers are replaced, by one as long so that columns stay; nothing else varies. */
  function normal(text: string): string {
    const { kubernetes: api, vaults } = servers();
    return text
      .replaceAll(bench.namespace, 'name-of-run')
      .replaceAll(api.server, 'https://API')
      .replaceAll(vaults.openbao.address, 'http://VAULT')
      .replace(/-----BEGIN CERTIFICATE-----.*-----END CERTIFICATE-----/g, 'CA')
      .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'UID')
      .replace(/\d{4}-\d\d-\d\d(T[\d:.]+Z)?/g, 'DATE')
      .replace(/\b\d+ ms\b/g, 'N ms')
      .replace(/ in \d+\.\d s$/gm, ' in N s');
  }

  it.each([
    ['plan', ['plan']],
    ['apply', ['apply', '--yes']],
    ['plan-again', ['plan']],
    ['plan-again-verbose', ['plan', '-v']],
    ['verify', ['verify', '-q']],
    ['commands', ['plan', '--show-commands']],
  ])('%s', async (name, args) => {
    const { exit, stdout, stderr } = await bench.cli(...args, '-f', 'recipe.yaml');
    expect([exit, stderr]).toEqual([0, '']);
    expectGolden(`cli/${name}.txt`, normal(stdout));
  });

  it('-vv names each request on stderr and leaves stdout alone', async () => {
    const quiet = await bench.cli('plan', '-v', '-f', 'recipe.yaml');
    const { stdout, stderr } = await bench.cli('plan', '-vv', '-f', 'recipe.yaml');
    expect(normal(stdout)).toBe(normal(quiet.stdout));
    expect(stderr).toMatch(/^GET \/v1\/sys\/health 200 \d+ ms$/m);
    expect(stderr.split('\n').filter((line) => line !== '' && !/^(GET|POST) \/\S+ \d{3} \d+ ms$/.test(line))).toEqual(
      [],
    );
  });

  it('a broken chain says where', async () => {
    await kubernetes('DELETE', `/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/${bench.binding}`);
    const { exit, stdout } = await bench.cli('verify', '-f', 'recipe.yaml');
    expect(exit).toBe(1);
    expectGolden('cli/verify-broken.txt', normal(stdout));
  });
});
