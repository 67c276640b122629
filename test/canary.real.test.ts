import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { createAuthority } from '../src/sandbox/servers/certificates.ts';
import { type Canary, sightings } from './canaries.ts';
import { runCli } from './servers/cli.ts';
import { type Listening, listen } from './servers/listen.ts';
import { kubernetes, vault } from './servers/raw.ts';
import { products, servers, uniqueName } from './servers/servers.ts';
import { watched } from './servers/wire.ts';
import { type Workbench, workbench } from './servers/workbench.ts';

const commands = [
  ['plan'],
  ['plan', '--show-commands'],
  ['plan', '--out', 'r/plan.json'],
  ['apply', '--yes', '--verify=all'],
  ['init', '--yes'],
  ['step', 'write-config', '--yes'],
  ['step', 'review-token'],
  ['step', 'review-token', '-o', 'yaml'],
  ['step', 'login'],
  ['verify'],
  ['validate'],
];

const kinds = ['junit=r/j.xml', 'sarif=r/s.json', 'github=r/sum.md', 'gitlab=r/g.json', 'markdown=r/m.md'];
const reports = kinds.flatMap((one) => ['--report', one]);

const styles = [['-vv'], ['-o', 'json', '-v']];

/** What is asked first, so that the run goes on and shows its tokens. */
const greetings: Record<string, object> = {
  '/v1/sys/health': { initialized: true, sealed: false, standby: false, version: '2.7.2' },
  '/version': { major: '1', minor: '37', gitVersion: 'v1.37.2' },
};

/** Says in its answer all it was shown, in the words of an error. */
function echo(status: number) {
  return async (request: IncomingMessage, response: ServerResponse) => {
    const greeting = greetings[(request.url ?? '').replace(/[?].*|\/$/g, '')];
    if (greeting) {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(greeting));
      return;
    }
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    const token = String(request.headers['x-vault-token'] ?? request.headers['authorization'] ?? '');
    const said = [
      token,
      encodeURIComponent(token),
      Buffer.from(token).toString('base64'),
      JSON.stringify(request.headers),
      body,
    ];
    response.writeHead(status, { 'content-type': 'application/json', 'x-echo': encodeURIComponent(said.join(' ')) });
    const message = said.join(' ');
    response.end(
      JSON.stringify({
        kind: 'Status',
        apiVersion: 'v1',
        status: 'Failure',
        code: status,
        message,
        errors: [message],
        warnings: said,
      }),
    );
  };
}

const secret = (name: string) => `canary-${name}!val+ue/9%41~${uniqueName('x')}`;

/** What each login method reads; the values that start with `canary` are secrets. */
const logins: Record<string, Record<string, string>> = {
  approle: { VAULTBIND_LOGIN_ROLE_ID: 'a-role-id', VAULTBIND_LOGIN_SECRET_ID: secret('secret-id') },
  kubernetes: { VAULTBIND_LOGIN_ROLE: 'ci', VAULTBIND_LOGIN_JWT: secret('sa-token') },
  jwt: { VAULTBIND_LOGIN_ROLE: 'ci', VAULTBIND_LOGIN_JWT: secret('jwt') },
  'jwt from GitHub': { VAULTBIND_LOGIN_ROLE: 'ci', ACTIONS_ID_TOKEN_REQUEST_TOKEN: secret('bearer') },
  userpass: { VAULTBIND_LOGIN_USERNAME: 'ci', VAULTBIND_LOGIN_PASSWORD: secret('password') },
  ldap: { VAULTBIND_LOGIN_USERNAME: 'ci', VAULTBIND_LOGIN_PASSWORD: secret('ldap-password') },
  wrapped: { VAULTBIND_LOGIN_WRAPPING_TOKEN: secret('wrapping-token') },
};

describe.each(products)('no secret is shown, on %s,', (product) => {
  let bench: Workbench;
  const listening: Listening[] = [];
  const canaries: Canary[] = [];
  const tokens = { root: '', none: '', wrong: 'canary-wrong!tok+en/9%41~zzz' };
  const kubeconfigs: Record<string, string> = {};
  const vaults: Record<string, string> = {};

  beforeAll(async () => {
    bench = await workbench(product);
    const kept = secret('kv');
    await bench.vault('POST', `secret/data/${bench.secret}`, { data: { password: kept } });
    for (const [name, policies] of [
      ['root', ['root']],
      ['none', ['default']],
    ] as const) {
      tokens[name] = `canary-${name}!tok+en/9%41~${uniqueName('x')}`;
      await vault(product, 'POST', 'auth/token/create', {
        id: tokens[name],
        policies,
        no_default_policy: name === 'none',
      });
    }
    canaries.push({ name: 'KV value', value: kept });
    for (const value of Object.values(logins).flatMap((one) => Object.values(one)))
      if (value.startsWith('canary')) canaries.push({ name: 'secret of a login', value });
    for (const [name, value] of Object.entries(tokens)) canaries.push({ name: `operator token (${name})`, value });
    const key = servers()
      .kubernetes.clientKey.split('\n')
      .filter((line) => line.length > 40);
    canaries.push(...key.map((value) => ({ name: 'client key', value })));
    bench.write(bench.recipe());
    await addServers();
  });

  afterAll(async () => {
    await Promise.all(listening.map((one) => one.close()));
    await bench.remove();
  });

  async function addServers(): Promise<void> {
    const authority = await createAuthority('echo');
    const { certificate, key } = await authority.issue({ use: 'server', commonName: 'server', ips: ['127.0.0.1'] });
    const tls = { cert: certificate, key: key.reveal() };
    for (const status of [200, 400, 403, 500]) {
      const plain = await listen(createServer(echo(status)));
      const secure = await listen(createTlsServer(tls, echo(status)));
      listening.push(plain, secure);
      vaults[`echo-${status}`] = `http://127.0.0.1:${plain.port}`;
      writeKubeconfig(`echo-${status}`, `https://127.0.0.1:${secure.port}`, authority.certificate);
      if (status === 200) vaults['tls'] = `https://127.0.0.1:${secure.port}`;
    }
    writeKubeconfig('unreachable', 'https://127.0.0.1:1', authority.certificate);
  }

  /** With the client key of the shared servers, and a token besides. */
  function writeKubeconfig(name: string, server: string, ca: string): void {
    const token = `canary-kube-${name}!tok+en`;
    canaries.push({ name: 'kubeconfig token', value: token });
    const data = (text: string) => Buffer.from(text).toString('base64');
    const { clientCertificate, clientKey } = servers().kubernetes;
    const user = { token, 'client-certificate-data': data(clientCertificate), 'client-key-data': data(clientKey) };
    const config = {
      'current-context': 'c',
      clusters: [{ name: 'c', cluster: { server, 'certificate-authority-data': data(ca) } }],
      users: [{ name: 'u', user }],
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    };
    kubeconfigs[name] = join(bench.folder, `${name}.kubeconfig`);
    writeFileSync(kubeconfigs[name], stringify(config));
  }

  /** GitHub's endpoint is an echo too: it is shown the bearer. */
  function loginBy(method: string): Record<string, string> {
    const values: Record<string, string> = { VAULTBIND_LOGIN: method.replace(/ .*/, ''), ...logins[method] };
    const url = `${vaults['echo-403']}/token`;
    return 'ACTIONS_ID_TOKEN_REQUEST_TOKEN' in values ? { ...values, ACTIONS_ID_TOKEN_REQUEST_URL: url } : values;
  }

  /** What is wrong, as changes to the environment. */
  const situations: [string, () => Record<string, string | undefined>][] = [
    ['when all is well', () => ({})],
    ['with DEBUG and NODE_DEBUG', () => ({ DEBUG: '*', NODE_DEBUG: 'http,https,tls,net,undici' })],
    ['with a wrong token', () => ({ VAULT_TOKEN: tokens.wrong })],
    ['with a token without rights', () => ({ VAULT_TOKEN: tokens.none })],
    ['with a token with a line break', () => ({ VAULT_TOKEN: `${tokens.root}\nx` })],
    ['when Vault is unreachable', () => ({ VAULT_ADDR: 'http://127.0.0.1:1' })],
    [
      'when Vault speaks http and not https',
      () => ({ VAULT_ADDR: servers().vaults[product].address.replace('http', 'https') }),
    ],
    ['when Vault is not trusted', () => ({ VAULT_ADDR: vaults['tls'] })],
    [
      'when the address holds a token',
      () => ({ VAULT_ADDR: `http://user:${encodeURIComponent(tokens.wrong)}@127.0.0.1:1` }),
    ],
    ...[200, 400, 403, 500].map((status): [string, () => Record<string, string | undefined>] => [
      `when Vault echoes with ${status}`,
      () => ({ VAULT_ADDR: vaults[`echo-${status}`] }),
    ]),
    ...[200, 400, 403, 500].map((status): [string, () => Record<string, string | undefined>] => [
      `when Kubernetes echoes with ${status}`,
      () => ({ KUBECONFIG: kubeconfigs[`echo-${status}`] }),
    ]),
    ...Object.keys(logins).flatMap((method) =>
      [200, 400, 403].map((status): [string, () => Record<string, string | undefined>] => [
        `with a login by ${method}, when Vault echoes with ${status}`,
        () => ({ VAULT_TOKEN: undefined, VAULT_ADDR: vaults[`echo-${status}`], ...loginBy(method) }),
      ]),
    ),
    ['when Kubernetes is unreachable', () => ({ KUBECONFIG: kubeconfigs['unreachable'] })],
  ];

  // What stands between is ours and the same for both.
  const tried = product === 'openbao' ? situations : situations.slice(0, 4);

  // Side by side, since most of their time is waiting for servers that are not there.
  it.concurrent.each(tried)('%s', { timeout: 240_000 }, async (_what, change) => {
    const folder = mkdtempSync(join(bench.folder, 'tried-'));
    const env = { ...bench.env, VAULT_TOKEN: tokens.root, ...change() };
    writeFileSync(join(folder, 'recipe.yaml'), stringify(bench.recipe()));
    const texts: { where: string; text: string }[] = [];
    const { sent } = await watched(async () => {
      for (const command of commands)
        for (const style of styles.filter((each) => !(command.includes('-o') && each.includes('-o')))) {
          const mute = command.some((word) => word === '--show-commands' || word === '-o' || word === 'init');
          const args = [...command, ...style, '-f', 'recipe.yaml', ...(mute ? [] : reports)];
          const { stdout, stderr } = await runCli(args, { env, cwd: folder });
          texts.push({ where: args.join(' '), text: `${stdout}\n${stderr}` });
          if (!mute) texts.push(...written(folder));
          if (command.includes('--out')) texts.push(...planSaved(folder));
        }
    });
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => !/^r\b/.test(file));
    texts.push(...files.map((file) => ({ where: file, text: readFileSync(join(folder, file), 'utf8') })));
    expect(texts.some(({ text }) => text.includes('***') || text.includes('role'))).toBe(true);
    expect(sightings([...canaries, ...(await reviewerToken()), ...shownTo(sent)], texts)).toEqual([]);
  });

  /** The reports of the last command; the next one replaces them. */
  function written(folder: string): { where: string; text: string }[] {
    const files = kinds.map((one) => one.replace(/^.*=/, ''));
    return files.map((file) => ({ where: file, text: readFileSync(join(folder, file), 'utf8') }));
  }

  /** None where the run ended before. */
  function planSaved(folder: string): { where: string; text: string }[] {
    const file = join(folder, 'r/plan.json');
    return existsSync(file) ? [{ where: 'r/plan.json', text: readFileSync(file, 'utf8') }] : [];
  }

  /** Tokens that were made on the way: of workloads at Vault, of ServiceAccounts at Kubernetes. */
  function shownTo(sent: Awaited<ReturnType<typeof watched>>['sent']): Canary[] {
    const headers = sent.flatMap((one) => [one.headers['x-vault-token'], one.headers['authorization']]);
    const values = headers.flatMap((value) => (value ? [value.replace(/^\w+ /, '')] : []));
    const bodies = sent.flatMap(({ body }) => [...body.matchAll(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g)].map(([jwt]) => jwt));
    return [...new Set([...values, ...bodies])].map((value) => ({ name: `sent ${value.slice(0, 12)}`, value }));
  }

  async function reviewerToken(): Promise<Canary[]> {
    const { body } = await kubernetes('GET', `/api/v1/namespaces/${bench.namespace}/secrets/vault-reviewer-token`);
    const token = body.data?.token;
    return token ? [{ name: 'reviewer token', value: Buffer.from(token, 'base64').toString() }] : [];
  }

  it('nor to a credential plugin or to whoever lists processes', async () => {
    const seen = join(bench.folder, 'processes.txt');
    const plugin = join(bench.folder, 'plugin.sh');
    const credential = `canary-plugin!tok+en-${uniqueName('x')}`;
    const answer = {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token: credential },
    };
    const environment = join(bench.folder, 'environment.txt');
    const password = `canary-password-${uniqueName('x')}`;
    const script = `#!/bin/sh\nenv > ${environment}\nfor p in /proc/[0-9]*/cmdline; do tr '\\0' ' ' < $p; echo; done > ${seen} 2>/dev/null\necho '${JSON.stringify(answer)}'\n`;
    writeFileSync(plugin, script, { mode: 0o755 });
    const { server, ca } = servers().kubernetes;
    const cluster = { server, 'certificate-authority-data': Buffer.from(ca).toString('base64') };
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: plugin, interactiveMode: 'Never' };
    const config = {
      'current-context': 'c',
      clusters: [{ name: 'c', cluster }],
      users: [{ name: 'u', user: { exec } }],
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    };
    const kubeconfig = join(bench.folder, 'plugin.kubeconfig');
    writeFileSync(kubeconfig, stringify(config));
    const login = { VAULTBIND_LOGIN_PASSWORD: password };
    const env = { ...bench.env, ...login, VAULT_TOKEN: tokens.root, KUBECONFIG: kubeconfig };
    const { exit, stdout, stderr } = await runCli(['plan', '-f', 'recipe.yaml', '-vv'], { env, cwd: bench.folder });
    expect(exit).toBe(4);
    const everything = [
      ...canaries,
      { name: 'plugin token', value: credential },
      { name: 'root token', value: servers().vaults[product].token },
    ];
    const texts = [
      { where: 'process list', text: readFileSync(seen, 'utf8') },
      { where: 'output', text: stdout + stderr },
    ];
    expect(texts[0]?.text).toContain('plugin.sh');
    expect(sightings(everything, texts)).toEqual([]);
    // A plugin may need VAULT_TOKEN, but nothing that we log in with.
    const told = { where: 'environment of the plugin', text: readFileSync(environment, 'utf8') };
    expect(told.text).toContain('KUBERNETES_EXEC_INFO');
    expect(sightings([{ name: 'password', value: password }], [told])).toEqual([]);
  });
});
