import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Authority, createAuthority } from '../../src/sandbox/servers/certificates.ts';
import { readCa } from '../../src/trust/read-ca.ts';
import { runCli } from '../servers/cli.ts';
import { type Faults, startFaults } from '../servers/faults.ts';
import { kubernetes } from '../servers/raw.ts';
import { products, servers } from '../servers/servers.ts';
import { watched } from '../servers/wire.ts';
import { notable, type RecipeData, type Workbench, workbench } from '../servers/workbench.ts';

/** Answers as an API server does, and notes what it is shown. */
async function attackersApi(authority: Authority): Promise<Faults> {
  const { certificate, key } = await authority.issue({ use: 'server', commonName: 'api', ips: ['127.0.0.1'] });
  const attacker = await startFaults({ identity: { cert: certificate, key: key.reveal() } });
  const body = JSON.stringify({ major: '1', minor: '37', gitVersion: 'v1.37.2', platform: 'linux/amd64' });
  attacker.inject({ fault: { kind: 'answer', status: 200, body } });
  return attacker;
}

/** Nothing but a look without credentials. */
function expectOnlyLooks({ seen }: Faults): void {
  expect([...new Set(seen.map(({ method, path }) => `${method} ${path}`))]).toEqual(['GET /version']);
  for (const { headers, body } of seen) {
    expect(Object.keys(headers).filter((name) => /authorization|cookie|token|namespace|request/.test(name))).toEqual(
      [],
    );
    expect(body).toBe('');
  }
}

const commands = [['plan'], ['apply', '--yes'], ['verify'], ['step', 'enable-auth', '--yes'], ['step', 'login']];

describe.each(products)("an attacker's recipe, on %s,", (product) => {
  let bench: Workbench;
  let attacker: Faults;
  const authority = createAuthority('attacker');
  beforeAll(async () => {
    bench = await workbench(product);
    bench.write(bench.recipe());
    expect((await bench.report('apply', '-f', 'recipe.yaml', '--yes')).exit).toBe(0);
    attacker = await attackersApi(await authority);
    writeFileSync(join(bench.folder, 'attacker.pem'), (await authority).certificate);
  });
  afterAll(async () => {
    await attacker.close();
    await bench.remove();
  });

  const attack = (change: Partial<RecipeData>) => bench.write({ ...bench.recipe(), ...change }, 'attack.yaml');

  /** By default init leaves a mount alone whose config is for another cluster. */
  const init = (...flags: string[]) => bench.report('init', '--yes', '-f', 'attack.yaml', '--manage', 'full', ...flags);

  it.each(commands)('that asserts another Vault is refused by %s %s, naming both', async (...command) => {
    const vault = await startFaults();
    attack({ vault: { address: vault.url } });
    const { result, sent } = await watched(() => bench.report(...command.filter(Boolean), '-f', 'attack.yaml'));
    await vault.close();
    expect([result.exit, result.findings[0]?.code]).toEqual([3, 'address-mismatch']);
    expect(result.findings[0]?.message).toContain(vault.url);
    expect(result.findings[0]?.message).toContain(servers().vaults[product].address);
    expect([vault.accepted(), sent.length]).toEqual([0, 0]);
  });

  it('that names another API server with its own CA gets a look and no token', async () => {
    attack({ cluster: { host: attacker.url, ca: './attacker.pem' } });
    const planned = await bench.report('plan', '-f', 'attack.yaml');
    expect(notable(planned)).toContain(`blocked host-not-vouched cluster ${attacker.url}`);
    const applied = await bench.report('apply', '-f', 'attack.yaml', '--yes', '--verify=all');
    expect(applied.exit).toBe(1);
    expect((await bench.report('step', 'write-config', '-f', 'attack.yaml', '--yes')).exit).toBe(1);
    await bench.report('verify', '-f', 'attack.yaml');
    const { body } = await bench.vault('GET', `auth/${bench.mount}/config`);
    expect(body.data.kubernetes_host).toBe(servers().kubernetes.server);
    expectOnlyLooks(attacker);
  });

  it('that names the address of the cluster with its own CA is refused: where Vault stands it may be another machine', async () => {
    attack({ cluster: { ca: './attacker.pem' } });
    const { result, sent } = await watched(() => bench.report('apply', '-f', 'attack.yaml', '--yes', '--verify=all'));
    expect(result.exit).toBe(1);
    expect(notable(result)).toContain(`blocked host-not-vouched cluster ${servers().kubernetes.server}`);
    expect(sent.filter(({ method, path }) => method !== 'GET' && /config$|login$|\/token$/.test(path))).toEqual([]);
  });

  /** Vault, written in Go, would take the last certificate where OpenSSL takes the first. */
  const unclear: [string, (own: string, theirs: string) => string][] = [
    ['an own CA without its END', (own, theirs) => `${own.trimEnd().split('\n').slice(0, -1).join('\n')}\n${theirs}`],
    ['an own CA with a header', (own, theirs) => `${own.replace('\n', '\nX: y\n\n')}\n${theirs}`],
    ['an own CA that only OpenSSL reads', (own, theirs) => `${own.replaceAll('CERT', 'TRUSTED CERT')}\n${theirs}`],
  ];

  it.each(unclear)('that brings %s and a CA of its own is refused, and nothing is sent', async (_, write) => {
    writeFileSync(join(bench.folder, 'unclear.pem'), write(servers().kubernetes.ca, (await authority).certificate));
    attack({ cluster: { host: attacker.url, ca: './unclear.pem' } });
    const before = attacker.accepted();
    const { result, sent } = await watched(() => bench.report('apply', '-f', 'attack.yaml', '--yes'));
    expect([result.exit, result.findings[0]?.code, sent.length]).toEqual([3, 'ca-malformed', 0]);
    expect(attacker.accepted()).toBe(before);
  });

  it("that adds its own CA to the cluster's gets a look and no token", async () => {
    const both = `${servers().kubernetes.ca}\n${(await authority).certificate}`;
    writeFileSync(join(bench.folder, 'both.pem'), both);
    attack({ cluster: { host: attacker.url, ca: './both.pem' } });
    const applied = await bench.report('apply', '-f', 'attack.yaml', '--yes', '--verify=all');
    expect([applied.exit, notable(applied)[0]]).toEqual([1, `blocked host-not-vouched cluster ${attacker.url}`]);
    expectOnlyLooks(attacker);
  });

  it('cannot hide behind a CA in Vault that only looks like the own one', async () => {
    const path = `auth/${bench.mount}/config`;
    const { data: stored } = (await bench.vault('GET', path)).body;
    const [, write = String] = unclear[0] ?? [];
    const kubernetes_ca_cert = write(servers().kubernetes.ca, (await authority).certificate);
    await bench.vault('POST', path, { ...stored, kubernetes_ca_cert });
    const planned = await bench.report('plan', '-f', 'recipe.yaml');
    const fields = planned.findings.find(({ subject }) => subject === path)?.fields;
    expect(fields?.map(({ field }) => field)).toContain('kubernetes_ca_cert');
    expect((await bench.report('apply', '-f', 'recipe.yaml', '--yes')).exit).toBe(0);
    expect((await bench.vault('GET', path)).body.data.kubernetes_ca_cert).toBe(readCa(servers().kubernetes.ca).pem);
  });

  it('is sent as what was judged, whatever stands around it in the file', async () => {
    const file = `# the CA\r\n${servers().kubernetes.ca.replaceAll('\n', '\r\n')}\r\n# its end`;
    writeFileSync(join(bench.folder, 'words.pem'), file);
    attack({ cluster: { ca: './words.pem' } });
    expect((await bench.report('step', 'write-config', '-f', 'attack.yaml', '--yes')).exit).toBe(0);
    const { body } = await bench.vault('GET', `auth/${bench.mount}/config`);
    expect(body.data.kubernetes_ca_cert).toBe(readCa(servers().kubernetes.ca).pem);
    const shown = await bench.cli('plan', '-f', 'attack.yaml', '--show-commands');
    expect(shown.stdout).not.toContain('# its end');
  });

  it('that init goes on with gets a look and no token', async () => {
    attack({ cluster: { host: attacker.url, ca: './attacker.pem' } });
    const { result, sent } = await watched(() => init());
    expect(notable(result)).toContain(`blocked host-not-vouched cluster ${attacker.url}`);
    expect(result.exit).toBe(1);
    expect(sent.filter(({ method, path }) => method !== 'GET' && path.endsWith('/config'))).toEqual([]);
    const { body } = await bench.vault('GET', `auth/${bench.mount}/config`);
    expect(body.data.kubernetes_host).toBe(servers().kubernetes.server);
    expectOnlyLooks(attacker);
  });

  it('that names another API server without a CA gets a look and no token', async () => {
    attack({ cluster: { host: attacker.url } });
    const applied = await bench.report('apply', '-f', 'attack.yaml', '--yes', '--verify=all');
    expect(applied.exit).toBe(1);
    expect(notable(applied)).toContain(`blocked ca-mismatch cluster ${attacker.url}`);
    const { body } = await bench.vault('GET', `auth/${bench.mount}/config`);
    expect(body.data.kubernetes_host).toBe(servers().kubernetes.server);
    expectOnlyLooks(attacker);
  });

  it('that names an API server over plain http gets no token', async () => {
    const plain = await startFaults();
    plain.inject({ fault: { kind: 'answer', status: 200, body: '{"major":"1","minor":"37","gitVersion":"v1.37.2"}' } });
    attack({ cluster: { host: plain.url } });
    const applied = await bench.report('apply', '-f', 'attack.yaml', '--yes');
    await plain.close();
    expect(applied.exit).toBe(1);
    expect(notable(applied)).toContain(`blocked host-not-vouched cluster ${plain.url}`);
    expectOnlyLooks(plain);
  });

  it('is taken when the operator vouches for the address', async () => {
    attack({ cluster: { host: attacker.url, ca: './attacker.pem' } });
    const planned = await bench.report('plan', '-f', 'attack.yaml', '--cluster-host', attacker.url);
    expect(notable(planned)).toEqual([`pending to-update auth/${bench.mount}/config`]);
  });

  it("may name the cluster's own CA and another address of it", async () => {
    const ownServer = servers().kubernetes.server.replace('127.0.0.1', 'localhost');
    writeFileSync(join(bench.folder, 'own.pem'), servers().kubernetes.ca);
    attack({ cluster: { host: ownServer, ca: './own.pem' } });
    expect(notable(await bench.report('plan', '-f', 'attack.yaml'))).toEqual([
      `pending to-update auth/${bench.mount}/config`,
    ]);
  });

  it.each([
    [['--context', 'elsewhere'], 'context-mismatch', { cluster: { context: 'production' } }],
    [[], 'context-mismatch', { cluster: { context: 'production' } }],
    [['--vault-namespace', 'mine'], 'namespace-mismatch', { vault: { namespace: 'theirs' } }],
  ])('that says another thing than is chosen (%j) is refused', async (flags, code, change) => {
    attack(change);
    const { result, sent } = await watched(() => bench.report('plan', '-f', 'attack.yaml', ...flags));
    expect([result.exit, result.findings[0]?.code, sent.length]).toEqual([3, code, 0]);
  });

  it.each(['${env:VAULT_TOKEN}', '${env:HOME}', '${env:KUBECONFIG:-x}'])('cannot read %s', async (text) => {
    attack({ auth: { ...bench.recipe().auth, description: text } });
    const { result, sent } = await watched(() => bench.report('plan', '-f', 'attack.yaml'));
    expect([result.exit, result.findings[0]?.code, sent.length]).toEqual([3, 'recipe-env', 0]);
    expect(JSON.stringify(result)).not.toContain(servers().vaults[product].token);
  });

  it('reads only what --env names', async () => {
    attack({ auth: { ...bench.recipe().auth, description: '${env:PLACE}' } });
    const env = { ...bench.env, PLACE: 'here' };
    const { exit, stdout } = await runCli(['plan', '-f', 'attack.yaml', '--env', 'PLACE'], { env, cwd: bench.folder });
    expect([exit, stdout]).toEqual([0, expect.stringContaining('here')]);
  });

  it.each(['../outside.hcl', '/etc/passwd', './link.hcl'])('cannot name the file %s', async (file) => {
    attack({ policies: [{ name: bench.policy, file }] });
    const { result, sent } = await watched(() => bench.report('plan', '-f', 'attack.yaml'));
    expect([result.exit, sent.length]).toEqual([3, 0]);
    expect(result.findings[0]?.code).toMatch(/recipe-(path-escape|unreadable)/);
  });

  it('gets tokens minted for no account that it does not name in expect', async () => {
    const { namespace, role } = bench;
    attack({ roles: [{ ...bench.recipe().roles?.[0], service_accounts: [`${namespace}/my-sa`] }] });
    const { sent } = await watched(() => bench.report('apply', '-f', 'attack.yaml', '--yes', '--verify=all'));
    const minted = sent.filter(({ method, path }) => method === 'POST' && path.endsWith('/token'));
    const named = ['my-sa', 'stranger'].map((name) => `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`);
    expect([...new Set(minted.map(({ path }) => path))].sort()).toEqual(named);
    expect(role).not.toBe('');
  });

  it("shows the reviewer's token to the kubeconfig's own server and to Vault alone", async () => {
    const secret = await kubernetes('GET', `/api/v1/namespaces/${bench.namespace}/secrets/vault-reviewer-token`);
    const token = Buffer.from(secret.body.data.token, 'base64').toString();
    bench.write(bench.recipe());
    const { sent } = await watched(() =>
      bench.report('apply', '-f', 'recipe.yaml', '--yes', '--verify=all', '--rewrite', `auth/${bench.mount}/config`),
    );
    const bearing = sent.filter(({ headers }) => headers['authorization']?.includes(token));
    expect([...new Set(bearing.map(({ origin, path }) => `${origin}${path}`))]).toEqual([
      `${servers().kubernetes.server}/apis/authentication.k8s.io/v1/tokenreviews`,
    ]);
    expect([...new Set(sent.map(({ origin }) => origin))].sort()).toEqual(
      [servers().kubernetes.server, servers().vaults[product].address].sort(),
    );
  });

  it.each([301, 302, 307, 308])('gains nothing from a redirect with status %i', async (status) => {
    const elsewhere = await startFaults();
    const proxy = await startFaults({ target: servers().vaults[product].address });
    const headers = { location: `${elsewhere.url}/v1/sys/auth` };
    proxy.inject({ fault: { kind: 'answer', status, headers }, when: ({ path }) => path.startsWith('/v1/sys/auth') });
    const env = { ...bench.env, VAULT_ADDR: proxy.url };
    const { exit } = await runCli(['plan', '-f', 'recipe.yaml'], { env, cwd: bench.folder });
    await Promise.all([elsewhere.close(), proxy.close()]);
    expect([exit, elsewhere.accepted()]).toEqual([4, 0]);
  });

  it('is taken by init when the operator says the address to it', async () => {
    attack({ cluster: { host: attacker.url, ca: './attacker.pem' } });
    const { findings } = await init('--api-host', attacker.url);
    const config = findings.find(({ subject, step }) => step === 'write-config' && subject.endsWith('/config'));
    expect(config).toMatchObject({ status: 'updated' });
  });
});
