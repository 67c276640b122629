import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { type Between, between, reachedDirectly } from '../servers/between.ts';
import { reportOf, runCli } from '../servers/cli.ts';
import { products, uniqueName } from '../servers/servers.ts';
import { type Workbench, workbench } from '../servers/workbench.ts';

/**
 * Nothing is proved by silence: what verify and the doctor call good was tried, by the request that the workload itself
 * would make; what was only asked for, or could not be seen, is neither good nor missing.
 */
describe.each(products)('claims on %s', (product) => {
  let bench: Workbench;
  let proxies: Between;
  let folder: string;
  beforeAll(async () => {
    bench = await workbench(product);
    proxies = await between(bench);
    folder = bench.secret.replace('/config', '');
    await write([{ path: `secret/data/${bench.secret}`, capabilities: ['read'] }], { can: [] });
    const applied = await report('apply', '-f', 'recipe.yaml', '--yes', '--verify=none');
    expect(applied.exit, JSON.stringify(applied.findings)).toBe(0);
  });
  afterAll(async () => {
    await proxies.close();
    await bench.remove();
  });

  type Claims = { can?: string[]; cannot?: string[] };

  /** The recipe with these rules and claims; the policy itself stays as it is. */
  async function write(rules: object[], claims: Claims): Promise<void> {
    const recipe = reachedDirectly(bench.recipe());
    recipe.policies = [{ name: bench.policy, rules }];
    recipe.expect = [{ role: bench.role, service_account: `${bench.namespace}/my-sa`, ...claims }];
    bench.write(recipe);
  }

  async function report(...args: string[]): Promise<Report & { exit: number }> {
    const result = await runCli([...args, '-o', 'json'], { env: proxies.env, cwd: bench.folder });
    return { ...reportOf(result), exit: result.exit };
  }

  const hcl = (text: string) => bench.vault('POST', `sys/policies/acl/${bench.policy}`, { policy: text });
  const rule = (path: string, ...capabilities: string[]) =>
    `path "${path}" { capabilities = ${JSON.stringify(capabilities)} }`;
  const logins = ({ findings }: Report) =>
    findings.filter(({ step }) => step === 'login').map(({ status, code }) => `${status} ${code}`);
  const marks = ({ chain }: Report) =>
    chain.flatMap(({ links }) => links.slice(-2).map(({ link, status }) => `${link} ${status}`));
  const verify = (...args: string[]) => report('verify', '-f', 'recipe.yaml', '--only', 'login', ...args);

  /** With these rules alone. */
  async function token(text: string): Promise<string> {
    await hcl(text);
    const { body } = await bench.vault('POST', 'auth/token/create', { policies: [bench.policy], ttl: '5m' });
    return body.auth.client_token;
  }

  it.each([
    [(at: string) => rule(`${at}/*`, 'list')],
    [(at: string) => rule(`${at}/`, 'list')],
    [(at: string) => rule(at, 'list')],
    [(at: string) => rule(`${at}*`, 'list')],
    [(at: string) => `${rule(at, 'list')}\n${rule(`${at}/`, 'read')}`],
    [(at: string) => `${rule(at, 'deny')}\n${rule(`${at}/`, 'list')}`],
    [(at: string) => `${rule(`${at}/*`, 'deny')}\n${rule(`${at}*`, 'list')}`],
    [(at: string) => rule(`${at}/config`, 'list')],
    [(at: string) => rule(at, 'read')],
  ])('a LIST is what sys/capabilities says of the path with its slash: %s', async (rules) => {
    const at = `secret/metadata/${folder}`;
    const own = await token(rules(at));
    const [bare, slash] = await Promise.all(
      [at, `${at}/`].map((path) => bench.vault('GET', `${path}?list=true`, undefined, own)),
    );
    const asked = await bench.vault('POST', 'sys/capabilities-self', { paths: [`${at}/`] }, own);
    const may = (asked.body.data[`${at}/`] as string[]).includes('list');
    expect([bare?.status, slash?.status]).toEqual(may ? [200, 200] : [403, 403]);
  });

  it('F01: cannot list what the workload lists is bad, and can list is good', async () => {
    const list = `list secret/metadata/${folder}`;
    await write([{ path: 'secret/metadata/none', capabilities: ['read'] }], { cannot: [list] });
    await hcl(rule(`secret/metadata/${folder}/*`, 'list'));
    const wide = await verify();
    expect([wide.exit, logins(wide)]).toEqual([1, ['failed access-too-wide']]);
    const told = await report('doctor', '-f', 'recipe.yaml');
    expect([told.exit, told.findings.map(({ code }) => code)]).toEqual([
      1,
      expect.arrayContaining(['access-too-wide']),
    ]);
    await write([{ path: `secret/metadata/${folder}/*`, capabilities: ['list'] }], { can: [list] });
    const good = await verify();
    expect([good.exit, logins(good), marks(good)]).toEqual([0, ['ok in-place'], ['policy ok', 'secret ok']]);
    await write([{ path: 'secret/metadata/', capabilities: ['list'] }], { can: ['list secret/metadata'] });
    await hcl(rule('secret/metadata/', 'list'));
    expect(logins(await verify())).toEqual(['ok in-place']);
  });

  it('makes the request that must be refused: capabilities that say no are not enough', async () => {
    await write([{ path: 'secret/data/none', capabilities: ['read'] }], {
      cannot: [`read secret/data/${bench.secret}`],
    });
    await hcl(rule(`secret/data/${bench.secret}`, 'read'));
    const path = `secret/data/${bench.secret}`;
    proxies.vault.inject({
      fault: { kind: 'answer', status: 200, body: JSON.stringify({ request_id: 'x', data: { [path]: ['deny'] } }) },
      when: (one) => one.path === '/v1/sys/capabilities-self' && one.body.includes(path),
    });
    const result = await verify();
    proxies.vault.clear();
    expect([result.exit, logins(result)]).toEqual([1, ['failed access-too-wide']]);
    expect(JSON.stringify(result)).not.toContain('kv-canary');
  });

  // What is answered here is no server's own: one product tells.
  const ours = it.runIf(product === 'openbao');

  ours.each([['{}'], ['{"data":null}'], ['{"data":{}}'], ['{"data":{"secret/data/other":[]}}']])(
    'takes %s of sys/capabilities-self for no refusal',
    async (body) => {
      await write([{ path: 'secret/data/none', capabilities: ['read'] }], { cannot: ['read secret/data/other'] });
      await hcl(rule('secret/data/*', 'read'));
      proxies.vault.inject({
        fault: { kind: 'answer', status: 200, body },
        when: ({ path }) => path === '/v1/sys/capabilities-self',
      });
      const result = await verify();
      proxies.vault.clear();
      expect([result.exit, logins(result)]).toEqual([4, ['failed vault-answer-odd']]);
    },
  );

  ours.each([
    [429, '{"errors":["request path limited"]}', 'failed vault-error'],
    [500, '{"errors":["internal error"]}', 'failed vault-error'],
    [200, '<html>hello</html>', 'failed vault-not-vault'],
    [200, '{}', 'failed vault-answer-odd'],
    [204, '', 'failed vault-answer-odd'],
  ])('a read answered %s %s is no verdict', async (status, body, says) => {
    const read = `secret/data/${bench.secret}`;
    await write([{ path: read, capabilities: ['read'] }], { can: [`read ${read}`] });
    await hcl(rule(read, 'read'));
    proxies.vault.inject({ fault: { kind: 'answer', status, body }, when: ({ path }) => path === `/v1/${read}` });
    const result = await verify('--timeout', '5s');
    proxies.vault.clear();
    expect([result.exit, logins(result)]).toEqual([4, [says]]);
  });

  ours.each([
    [200, '{}'],
    [204, ''],
    [404, '{"errors":[]}'],
  ])('mounts that cannot be seen (%s %s) are neither there nor missing', async (status, body) => {
    const read = `secret/data/${bench.secret}`;
    await write([{ path: read, capabilities: ['read'] }], { can: [`read ${read}`] });
    await hcl(rule(read, 'read'));
    proxies.vault.inject({
      fault: { kind: 'answer', status, body },
      when: ({ path }) => path.startsWith('/v1/sys/internal/ui/mounts'),
    });
    const result = await verify();
    proxies.vault.clear();
    expect([result.exit, logins(result)]).toEqual([4, ['failed vault-answer-odd']]);
  });

  it('a path where no secrets engine is: bad to verify and the doctor, whoever looks', async () => {
    const path = `${uniqueName('none')}/data/x`;
    await write([{ path, capabilities: ['read'] }], { can: [`read ${path}`] });
    await hcl(rule(path, 'read'));
    const result = await verify();
    expect([result.exit, logins(result)]).toEqual([1, ['failed secrets-engine-missing']]);
    expect(marks(result)).toEqual(['policy asked', 'secret failed']);
    const told = await report('doctor', '-f', 'recipe.yaml');
    expect([told.exit, told.causes.map(({ cause }) => cause)]).toEqual([1, ['secrets-engine-missing']]);
    expect(marks(told)).toEqual(['policy asked', 'secret failed']);
  });

  it('what was only asked is told, counted, and fails with --strict alone', async () => {
    const mount = uniqueName('transit');
    await bench.vault('POST', `sys/mounts/${mount}`, { type: 'transit' });
    const path = `${mount}/keys/k`;
    await write([{ path, capabilities: ['read'] }], { can: [`read ${path}`], cannot: [`update ${path}`] });
    await hcl(rule(path, 'read'));
    const result = await verify();
    expect([result.exit, logins(result)]).toEqual([0, ['ok in-place', 'asked asked-only']]);
    expect([result.summary.asked, marks(result)]).toEqual([1, ['policy asked', 'secret asked']]);
    const told = await report('doctor', '-f', 'recipe.yaml');
    expect([told.exit, told.summary.asked, marks(told)]).toEqual([0, 1, ['policy asked', 'secret asked']]);
    const strict = await verify('--strict');
    expect([strict.exit, strict.ok, logins(strict)]).toEqual([1, false, ['ok in-place', 'failed asked-only']]);
    expect(proxies.vault.seen.filter(({ path: seen }) => seen.startsWith(`/v1/${mount}/`))).toEqual([]);
    await bench.vault('DELETE', `sys/mounts/${mount}`);
  });

  it('F07: a rule whose parameters refuse every write to KV version 2 is bad, although capabilities say yes', async () => {
    const path = `secret/data/${folder}/x`;
    const text = `path "secret/data/${folder}/*" {
      capabilities = ["create", "update"]
      allowed_parameters = { "password" = [] }
    }`;
    const own = await token(text);
    expect((await bench.vault('POST', path, { data: { password: 'x' } }, own)).status).toBe(403);
    const recipe = reachedDirectly(bench.recipe());
    recipe.policies = [{ name: bench.policy, hcl: text }];
    recipe.expect = [{ role: bench.role, service_account: `${bench.namespace}/my-sa`, can: [`update ${path}`] }];
    bench.write(recipe);
    const result = await verify();
    expect([result.exit, logins(result)]).toEqual([1, ['failed access-denied']]);
    const told = await report('doctor', '-f', 'recipe.yaml');
    expect([told.exit, told.causes.map(({ cause }) => cause)]).toEqual([1, ['policy-denied-by-other']]);
    const read = await report('validate', '-f', 'recipe.yaml');
    expect(read.findings.map(({ message }) => message).join()).toContain('every one is refused');
  });
});
