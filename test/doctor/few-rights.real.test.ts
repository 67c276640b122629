import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportOf, runCli } from '../servers/cli.ts';
import { kubernetes } from '../servers/raw.ts';
import { products, servers, uniqueName } from '../servers/servers.ts';
import { notable, type Workbench, workbench } from '../servers/workbench.ts';

describe.each(products)('doctor for somebody with few rights, on %s', (product) => {
  let bench: Workbench;
  let jwt: string;
  beforeAll(async () => {
    bench = await workbench(product);
    bench.write(bench.recipe());
    expect((await bench.report('apply', '-f', 'recipe.yaml', '--yes')).exit).toBe(0);
    const account = `/api/v1/namespaces/${bench.namespace}/serviceaccounts/my-sa/token`;
    const answer = await kubernetes('POST', account, { spec: { audiences: ['vault'], expirationSeconds: 3600 } });
    jwt = answer.body.status.token;
    writeFileSync(join(bench.folder, 'token'), `${jwt}\n`);
  });
  afterAll(() => bench.remove());

  async function doctor(env: Record<string, string>, ...args: string[]) {
    const result = await runCli(['doctor', ...args, '-o', 'json'], { env, cwd: bench.folder });
    expect(result.stdout + result.stderr).not.toContain(jwt.split('.')[2]);
    return { ...reportOf(result), exit: result.exit };
  }

  const skipped = (report: Awaited<ReturnType<typeof doctor>>) =>
    report.findings.filter(({ status }) => status === 'skipped').map(({ code, message }) => `${code} ${message}`);

  const without = (...names: string[]) =>
    Object.fromEntries(Object.entries(bench.env).filter(([name]) => !names.includes(name)));
  const trust = () => ['--trust-mount', bench.mount];
  const flags = () => ['--mount', bench.mount, '--role', bench.role, '--service-account', `${bench.namespace}/my-sa`];

  async function tokenWith(policy: string): Promise<string> {
    const name = uniqueName('narrow');
    await bench.vault('POST', `sys/policies/acl/${name}`, { policy: policy === '' ? '# nothing' : policy });
    const made = await bench.vault('POST', 'auth/token/create', { policies: [name], ttl: '1h' });
    return made.body.auth.client_token;
  }

  it('without a Vault token: nobody knows where the mount leads, so no login is tried, and the way out is named', async () => {
    const report = await doctor(without('VAULT_TOKEN'), '-f', 'recipe.yaml');
    expect(report.causes).toEqual([]);
    expect(skipped(report)).toContainEqual(
      expect.stringMatching(/^mount-not-vouched the login: not tried: .* may not be read \(no Vault token was found/),
    );
    expect(report.findings.flatMap(({ fix }) => fix.map(({ why }) => why)).join()).toContain(trust()[0]);
    expect(report.exit).toBe(4);
  });

  it('without a Vault token and with a word for the mount: the login that needs none is tried', async () => {
    const report = await doctor(without('VAULT_TOKEN'), '-f', 'recipe.yaml', ...trust());
    expect(report.causes).toEqual([]);
    expect(skipped(report)).toContainEqual(
      expect.stringMatching(/^token-missing .*the auth method at .*unknown, because no Vault token was found/),
    );
    expect(report.exit).toBe(0);
  });

  it('without a Vault token and without the mount: the mount is named all the same', async () => {
    const report = await doctor(without('VAULT_TOKEN'), '--mount', 'nowhere', '--role', 'x');
    expect(report.causes.map(({ cause, certainty }) => `${certainty} ${cause}`)).toEqual(['likely auth-mount-missing']);
    expect(report.exit).toBe(1);
  });

  it('without an address of Vault: the cluster is looked at, and that nobody was asked is no good news', async () => {
    const report = await doctor(without('VAULT_ADDR'), '-f', 'recipe.yaml');
    expect(report.causes).toEqual([]);
    expect(skipped(report)).toContainEqual(
      expect.stringMatching(/^address-missing Vault, .*unknown, because no Vault address/),
    );
    expect(report.exit).toBe(4);
  });

  it('with a Vault token only: Vault is looked at, and the login nobody could try is no good news', async () => {
    const report = await doctor(without('KUBECONFIG'), ...flags());
    expect(report.causes).toEqual([]);
    expect(skipped(report)).toContainEqual(
      expect.stringMatching(
        /^kubernetes-context-missing the cluster, the ServiceAccount, the login.*: unknown, because/,
      ),
    );
    expect(report.exit).toBe(4);
  });

  it('with a Vault token and a token of the application: the login is tried when the cluster is named', async () => {
    const unknown = await doctor(without('KUBECONFIG'), ...flags(), '--jwt-file', 'token');
    expect([unknown.causes, unknown.exit]).toEqual([[], 4]);
    expect(skipped(unknown).join()).toContain('mount-not-vouched the login: not tried:');
    const cluster = ['--cluster-host', servers().kubernetes.server];
    const report = await doctor(without('KUBECONFIG'), ...flags(), '--jwt-file', 'token', ...cluster);
    expect(report.causes).toEqual([]);
    expect(report.exit).toBe(0);
  });

  it('with nothing but the token of the application and the address of Vault', async () => {
    const env = without('KUBECONFIG', 'VAULT_TOKEN');
    const good = await doctor(env, ...flags(), '--jwt-file', 'token', ...trust());
    expect(good.causes).toEqual([]);
    expect(good.exit).toBe(0);
    const bad = await doctor(env, '--mount', bench.mount, '--role', 'nobody', '--jwt-file', 'token', ...trust());
    expect(bad.causes.map(({ cause, certainty }) => `${certainty} ${cause}`)).toEqual(['certain role-missing']);
  });

  it('with neither: all that is missing, at once', async () => {
    const result = await runCli(['doctor', ...flags(), '-o', 'json'], {
      env: without('KUBECONFIG', 'VAULT_ADDR'),
      cwd: bench.folder,
    });
    expect(result.exit).toBe(3);
    expect(reportOf(result).findings.map(({ code }) => code)).toEqual([
      'address-missing',
      'kubernetes-context-missing',
    ]);
  });

  it('a token of the default policy alone: the login works, and the rules to ask for are written out', async () => {
    const env = { ...bench.env, VAULT_TOKEN: await tokenWith('') };
    const secret = ['--secret', `secret/data/${bench.secret}`];
    const report = await doctor(env, ...flags(), ...trust(), '--audience', 'vault', ...secret);
    expect(report.causes).toEqual([]);
    expect(report.exit).toBe(0);
    const rules = report.findings.flatMap(({ fix }) => fix.map(({ why }) => why));
    expect(rules.join('\n')).toContain(`path "auth/${bench.mount}/role/${bench.role}" { capabilities = ["read"] }`);
  });

  it('a token that may not read the role, and a role with an audience: no certainty is made of the guess', async () => {
    const env = { ...bench.env, VAULT_TOKEN: await tokenWith('') };
    const mint = ['--mint-for', `${bench.namespace}/my-sa`];
    const report = await doctor(env, ...flags(), ...trust(), ...mint);
    expect(report.causes).toEqual([]);
    expect(skipped(report).join('\n')).toMatch(/the role wants an audience that may not be read/);
  });

  it('a token that may only read the config, or only list', async () => {
    for (const [path, capability] of [
      ['config', 'read'],
      ['role', 'list'],
    ]) {
      const policy = `path "auth/${bench.mount}/${path}" { capabilities = ["${capability}"] }`;
      const env = { ...bench.env, VAULT_TOKEN: await tokenWith(policy) };
      const report = await doctor(env, ...flags(), '--audience', 'vault', ...(path === 'config' ? [] : trust()));
      expect(report.causes).toEqual([]);
      expect(report.exit).toBe(0);
    }
  });

  it('a kubeconfig user without rights: each right is named, with the command for an administrator', async () => {
    const name = uniqueName('nobody');
    const accounts = `/api/v1/namespaces/${bench.namespace}/serviceaccounts`;
    await kubernetes('POST', accounts, { metadata: { name } });
    const token = await kubernetes('POST', `${accounts}/${name}/token`, { spec: { expirationSeconds: 3600 } });
    const kubeconfig = kubeconfigOf(token.body.status.token);
    const report = await doctor({ ...bench.env, KUBECONFIG: kubeconfig }, '-f', 'recipe.yaml');
    expect(report.causes).toEqual([]);
    expect(report.exit).toBe(4);
    const commands = report.findings.flatMap(({ fix }) => fix.flatMap(({ command }) => command ?? []));
    expect(commands).toContainEqual(
      expect.stringMatching(/^kubectl create role .* --resource=serviceaccounts\/token$/),
    );
    const held = await doctor({ ...bench.env, KUBECONFIG: kubeconfig }, '-f', 'recipe.yaml', '--jwt-file', 'token');
    expect(held.causes).toEqual([]);
    expect(held.exit).toBe(0);
  });

  function kubeconfigOf(token: string, server = servers().kubernetes.server): string {
    const file = join(bench.folder, `${uniqueName('user')}.kubeconfig`);
    const config = {
      'current-context': 'x',
      clusters: [{ name: 'x', cluster: { server, 'certificate-authority': servers().kubernetes.caFile } }],
      users: [{ name: 'x', user: { token } }],
      contexts: [{ name: 'x', context: { cluster: 'x', user: 'x' } }],
    };
    writeFileSync(file, JSON.stringify(config));
    return file;
  }

  it.each<[title: string, kubeconfig: () => string, cause: string]>([
    ['that the API server does not know', () => kubeconfigOf('nobody'), 'certain kubernetes-credentials-rejected'],
    ['of a dead server', () => kubeconfigOf('x', 'https://127.0.0.1:1'), 'likely kubernetes-unreachable'],
    ['of no API server', () => kubeconfigOf('x', servers().vaults[product].address), 'likely kubernetes-unreachable'],
  ])(
    'a kubeconfig %s: that is named, the login was not tried, and Vault is looked at all the same',
    async (_title, kubeconfig, cause) => {
      const env = { ...bench.env, KUBECONFIG: kubeconfig() };
      const report = await doctor(env, '-f', 'recipe.yaml');
      expect(report.causes.map((one) => `${one.certainty} ${one.cause}`)).toEqual([cause]);
      expect(report.exit).toBe(1);
      const held = await doctor(env, '-f', 'recipe.yaml', '--jwt-file', 'token');
      expect(held.chain[0]?.links.map(({ status }) => status)).not.toContain('failed');
    },
  );

  it('a context that does not exist is a mistake of its own', async () => {
    const report = await doctor(bench.env, '-f', 'recipe.yaml', '--context', 'elsewhere');
    expect(report.causes.map(({ cause, certainty }) => `${certainty} ${cause}`)).toEqual([
      'certain kubernetes-context-missing',
    ]);
    expect(notable(report).length).toBeGreaterThan(0);
    expect(report.exit).toBe(1);
  });
});
