import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import type { Environment } from '../../src/model/environment.ts';
import { readVaultConnection, type VaultFlags } from '../../src/operator/connect.ts';
import { readEnvironment } from '../../src/operator/connection/environment.ts';
import { createAuthority } from '../../src/sandbox/servers/certificates.ts';
import { readCa } from '../../src/trust/read-ca.ts';
import { shown } from '../shown.ts';

const address = 'https://vault.example:8200';
const canary = 'hvs.canary-operator-token';
let folder: string;
let ca: string;
let cert: string;
let key: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vaultbind-connect-'));
  const authority = await createAuthority('test CA');
  const pair = await authority.issue({ use: 'client', commonName: 'operator' });
  const other = await authority.issue({ use: 'client', commonName: 'other' });
  [ca, cert, key] = [authority.certificate, pair.certificate, pair.key.reveal()];
  await mkdir(join(folder, 'cas', 'deeper'), { recursive: true });
  await Promise.all([
    write('ca.pem', ca),
    write('cert.pem', cert),
    write('key.pem', key),
    write('other-key.pem', other.key.reveal()),
    write('no.pem', 'nothing here'),
    write('cas/one.pem', ca),
    write('cas/deeper/two.pem', cert),
  ]);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function write(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text);
  return join(folder, name);
}

/** An environment with a home of its own, so that nobody's token file is found. */
function read(env: Environment, flags?: VaultFlags) {
  return readVaultConnection({ HOME: folder, VAULT_ADDR: address, VAULT_TOKEN: canary, ...env }, flags, folder);
}

async function problemsOf(env: Environment, flags?: VaultFlags) {
  const error = await read(env, flags).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof InputError)) throw new Error(`no InputError but ${inspect(error)}`);
  expect(`${inspect(error, { depth: 9 })} ${error.stack}`).not.toContain('canary');
  return shown(error.problems);
}

describe('the address', () => {
  test.each([
    ['VAULT_ADDR', {}, {}, address, 'VAULT_ADDR'],
    ['a slash at the end', { VAULT_ADDR: `${address}/` }, {}, address, 'VAULT_ADDR'],
    ['BAO_ADDR comes first', { BAO_ADDR: 'http://127.0.0.1:1' }, {}, 'http://127.0.0.1:1', 'BAO_ADDR'],
    ['the flag before both', { BAO_ADDR: 'x' }, { address: 'http://[::1]:8200' }, 'http://[::1]:8200', '--vault-addr'],
    [
      'a default port is no difference',
      { VAULT_ADDR: 'https://vault.example:443' },
      {},
      'https://vault.example',
      'VAULT_ADDR',
    ],
  ])('%s', async (_, env, flags, expected, from) => {
    expect(await read(env, flags)).toMatchObject({ address: expected, addressFrom: from });
  });

  test.each([
    ['no scheme', 'vault.example:8200', 'does not start with', 'export VAULT_ADDR=https://vault.example:8200'],
    ['no scheme, no port', '127.0.0.1', 'does not start with', 'export VAULT_ADDR=https://127.0.0.1'],
    ['another scheme', 'ftp://vault.example', 'does not start with', 'export VAULT_ADDR=https://vault.example'],
    ['a path', `${address}/v1/`, 'the path /v1/', `export VAULT_ADDR=${address}`],
    ['a user', 'https://me:canary@vault.example', 'user name', 'export VAULT_ADDR=https://vault.example'],
    ['a query', 'http://vault.example?a=1', 'a query', 'export VAULT_ADDR=http://vault.example'],
    ['no host', 'https://', 'not a URL', 'export VAULT_ADDR=https://vault.example.com:8200'],
  ])('%s is refused with the way out', async (_, value, message, command) => {
    const problems = await problemsOf({ VAULT_ADDR: value });
    expect(problems).toMatchObject([
      { code: 'usage', subject: 'VAULT_ADDR', message: expect.stringContaining(message), fix: [{ command }] },
    ]);
  });

  test('a unix socket is refused', async () => {
    expect((await problemsOf({ VAULT_ADDR: 'unix:///run/vault.sock' }))[0]?.message).toContain('unix socket');
  });

  test('none is no guess', async () => {
    expect(await problemsOf({ VAULT_ADDR: undefined })).toMatchObject([
      { code: 'address-missing', subject: 'VAULT_ADDR' },
    ]);
    // OpenBao's order: an empty BAO_ADDR hides VAULT_ADDR.
    expect(await problemsOf({ BAO_ADDR: '' })).toMatchObject([{ code: 'address-missing', subject: 'VAULT_ADDR' }]);
  });
});

describe('a variable of OpenBao and one of Vault that differ', () => {
  const names = ['ADDR', 'NAMESPACE', 'TOKEN', 'TOKEN_PATH', 'CONFIG_PATH', 'AGENT_ADDR', 'SRV_LOOKUP', 'SKIP_VERIFY'];
  const tls = ['TLS_SERVER_NAME', 'CACERT', 'CACERT_BYTES', 'CAPATH', 'CLIENT_CERT', 'CLIENT_KEY', 'CLIENT_KEY_BYTES'];
  const others = ['PROXY_ADDR', 'HTTP_PROXY', 'CLIENT_TIMEOUT', 'MAX_RETRIES', 'RATE_LIMIT'];
  test.each([...names, ...tls, ...others])("%s: OpenBao's is used, and both are named", (name) => {
    const environment = readEnvironment({ [`BAO_${name}`]: `${canary}-a`, [`VAULT_${name}`]: `${canary}-b` });
    expect(environment.differing()).toEqual([]);
    expect(environment.get(name)?.value).toBe(`${canary}-a`);
    const [problem, ...more] = shown(environment.differing());
    expect([problem?.code, problem?.subject, more]).toEqual(['variables-differ', `BAO_${name}`, []]);
    expect(problem?.message).toMatch(
      new RegExp(`^BAO_${name} and VAULT_${name} .*BAO_${name}.* is used.*VAULT_${name}.* is not$`),
    );
    expect(problem?.message.includes(canary)).toBe(name === 'ADDR' || name === 'NAMESPACE');
    expect(problem?.fix).toEqual([
      { why: `unset the one that is not meant: VAULT_${name} if BAO_${name} is right, else BAO_${name}` },
    ]);
  });

  test('is told of a connection, without a password, and only of what was used', async () => {
    const env = { BAO_ADDR: address, VAULT_ADDR: 'https://me:pass-canary@elsewhere', BAO_TOKEN: 'a', VAULT_TOKEN: 'b' };
    const { differing = [] } = await read({ ...env, BAO_NAMESPACE: 'x', VAULT_NAMESPACE: 'y' }, { namespace: 'z' });
    expect(differing.map(({ subject }) => subject)).toEqual(['BAO_ADDR', 'BAO_TOKEN']);
    expect(JSON.stringify(differing)).not.toContain('pass-canary');
    expect((await read({ BAO_ADDR: address, VAULT_ADDR: address })).differing).toEqual([]);
  });

  test('one that is set to nothing hides the other, and that is said', async () => {
    const [problem] = await problemsOf({ BAO_ADDR: '', VAULT_ADDR: address });
    expect(problem?.evidence).toEqual([
      { experiment: 'environment', said: expect.stringMatching(/BAO_ADDR \(nothing\) is used/) },
    ]);
  });
});

describe('numbers and booleans', () => {
  test.each(['1', 't', 'T', 'TRUE', 'true', 'True'])('VAULT_SKIP_VERIFY=%s', async (value) => {
    expect((await read({ VAULT_SKIP_VERIFY: value })).tls.insecure).toBe(true);
  });

  test.each(['0', 'f', 'F', 'FALSE', 'false', 'False', ''])('VAULT_SKIP_VERIFY=%s', async (value) => {
    expect((await read({ VAULT_SKIP_VERIFY: value })).tls.insecure).toBe(false);
  });

  test.each(['yes', 'no', '2', 'tRuE', 'on'])(
    'VAULT_SKIP_VERIFY=%s is an error, as for the vault command',
    async (value) => {
      expect(await problemsOf({ VAULT_SKIP_VERIFY: value })).toMatchObject([{ subject: 'VAULT_SKIP_VERIFY' }]);
    },
  );

  test.each([
    ['60', 60_000],
    ['90s', 90_000],
    ['1m30s', 90_000],
    ['500ms', 500],
    ['1.5h', 5_400_000],
    ['0', 60_000],
  ])('VAULT_CLIENT_TIMEOUT=%s', async (value, expected) => {
    expect((await read({ VAULT_CLIENT_TIMEOUT: value })).timeout).toBe(expected);
  });

  test('--timeout comes first', async () => {
    expect((await read({ VAULT_CLIENT_TIMEOUT: '60' }, { timeout: 5_000 })).timeout).toBe(5_000);
  });

  test('retries, rate, namespace, proxy', async () => {
    const env = { VAULT_MAX_RETRIES: '0', VAULT_RATE_LIMIT: '20.5:40', BAO_NAMESPACE: '/team/a/' };
    expect(await read(env)).toMatchObject({ retries: 0, rate: 20.5, namespace: 'team/a', proxy: 'environment' });
    const both = { VAULT_HTTP_PROXY: 'http://one:1', VAULT_PROXY_ADDR: 'socks5://two:2' };
    expect((await read(both)).proxy).toBe('socks5://two:2');
    expect((await read({ VAULT_NAMESPACE: 'a' }, { namespace: 'b' })).namespace).toBe('b');
  });

  test('every mistake is told at once, by the name that was set', async () => {
    const problems = await problemsOf({
      VAULT_ADDR: 'vault.example',
      BAO_SKIP_VERIFY: 'maybe',
      VAULT_CLIENT_TIMEOUT: 'soon',
      VAULT_MAX_RETRIES: '-1',
      VAULT_RATE_LIMIT: 'fast',
      VAULT_PROXY_ADDR: 'proxy:3128',
      VAULT_AGENT_ADDR: 'http://127.0.0.1:8100',
      VAULT_SRV_LOOKUP: 'true',
      VAULT_CACERT: join(folder, 'missing.pem'),
    });
    expect(problems.map(({ subject }) => subject).sort()).toEqual([
      'BAO_SKIP_VERIFY',
      'VAULT_ADDR',
      'VAULT_AGENT_ADDR',
      'VAULT_CACERT',
      'VAULT_CLIENT_TIMEOUT',
      'VAULT_MAX_RETRIES',
      'VAULT_PROXY_ADDR',
      'VAULT_RATE_LIMIT',
      'VAULT_SRV_LOOKUP',
    ]);
  });
});

describe('certificates', () => {
  const at = (name: string) => join(folder, name);

  test('a CA from a file, from bytes, from a folder, in this order', async () => {
    const all = { VAULT_CACERT: at('ca.pem'), VAULT_CACERT_BYTES: cert, VAULT_CAPATH: at('cas') };
    expect((await read(all)).tls.ca).toEqual(readCa(ca));
    expect((await read({ ...all, VAULT_CACERT: undefined })).tls.ca).toEqual(readCa(cert));
    const folderOnly = await read({ VAULT_CAPATH: at('cas') });
    expect(folderOnly.tls.ca?.certificates).toHaveLength(2);
  });

  test('a client certificate with its key, which is not shown', async () => {
    const env = { VAULT_CLIENT_CERT: at('cert.pem'), VAULT_CLIENT_KEY: at('key.pem'), VAULT_TLS_SERVER_NAME: 'vault' };
    const connection = await read(env);
    expect(connection.tls).toMatchObject({ cert, serverName: 'vault' });
    expect(connection.tls.key?.reveal()).toBe(key);
    expect(inspect(connection, { depth: 9 }) + JSON.stringify(connection)).not.toMatch(/PRIVATE KEY|canary/);
    const bytes = await read({ BAO_CLIENT_CERT_BYTES: cert, BAO_CLIENT_KEY_BYTES: key });
    expect(bytes.tls.key?.reveal()).toBe(key);
  });

  test.each([
    ['a file that is not there', { VAULT_CACERT: 'missing.pem' }, 'VAULT_CACERT', 'ENOENT'],
    ['a folder that is not there', { VAULT_CAPATH: 'missing' }, 'VAULT_CAPATH', 'ENOENT'],
    ['a file without a certificate', { VAULT_CACERT: 'no.pem' }, 'VAULT_CACERT', 'holds no certificate'],
    ['a certificate without its key', { VAULT_CLIENT_CERT: 'cert.pem' }, 'VAULT_CLIENT_CERT', 'needs both'],
    ['a key without its certificate', { BAO_CLIENT_KEY: 'key.pem' }, 'BAO_CLIENT_KEY', 'needs both'],
    [
      'a key of another certificate',
      { VAULT_CLIENT_CERT: 'cert.pem', VAULT_CLIENT_KEY: 'other-key.pem' },
      'VAULT_CLIENT_KEY',
      'is not the key of',
    ],
    [
      'a key that is none',
      { VAULT_CLIENT_CERT: 'cert.pem', VAULT_CLIENT_KEY: 'no.pem' },
      'VAULT_CLIENT_KEY',
      'no private key',
    ],
  ])('%s', async (_, files, subject, message) => {
    const env = Object.fromEntries(Object.entries(files).map(([name, file]) => [name, at(file)]));
    expect(await problemsOf(env)).toMatchObject([
      { code: 'usage', subject, message: expect.stringContaining(message) },
    ]);
  });
});

describe('the token', () => {
  let home: string;
  beforeAll(async () => {
    home = join(folder, 'home');
    await mkdir(home);
  });
  const noToken = () => ({ VAULT_TOKEN: undefined, HOME: home });

  async function helper(name: string, script: string): Promise<string> {
    const path = await write(name, `#!/bin/sh\n${script}\n`);
    await chmod(path, 0o755);
    return path;
  }

  test('of the environment, BAO_TOKEN first', async () => {
    const { token, tokenFrom } = await read({ BAO_TOKEN: 'bao-token-canary' });
    expect([token.reveal(), tokenFrom]).toEqual(['bao-token-canary', 'BAO_TOKEN']);
    expect((await read({})).tokenFrom).toBe('VAULT_TOKEN');
  });

  test('none: what to do about it', async () => {
    expect(await problemsOf(noToken())).toMatchObject([
      { code: 'token-missing', fix: [{ command: 'vault login' }, {}] },
    ]);
  });

  test('of the token file, without its line break', async () => {
    await writeFile(join(home, '.vault-token'), `${canary}\n`);
    const { token, tokenFrom } = await read(noToken());
    expect([token.reveal(), tokenFrom]).toEqual([canary, join(home, '.vault-token')]);
    const elsewhere = await write('token', 'another-token');
    expect((await read({ ...noToken(), BAO_TOKEN_PATH: elsewhere })).token.reveal()).toBe('another-token');
  });

  test('of the token helper, before the file', async () => {
    const path = await helper('helper.sh', 'test "$1" = get && printf "%s\\n" helper-token');
    await writeFile(join(home, '.vault'), `# mine\ntoken_helper = ${JSON.stringify(path)}\n`);
    const { token, tokenFrom } = await read(noToken());
    expect([token.reveal(), tokenFrom]).toEqual(['helper-token', `token helper ${path}`]);
  });

  test('of the token helper, which is not told our logins', async () => {
    const path = await helper('curious.sh', 'env | grep -c VAULTBIND_LOGIN');
    const config = await write('vault-config', `token_helper = ${JSON.stringify(path)}`);
    const env = { ...noToken(), PATH: process.env['PATH'], VAULT_CONFIG_PATH: config };
    const [problem] = await problemsOf({ ...env, VAULTBIND_LOGIN_PASSWORD: canary });
    // grep counts none, and so fails.
    expect(problem).toMatchObject({ code: 'token-missing', message: expect.stringMatching(/failed: 1$/) });
  });

  test('of a helper that fails: what it says, scrubbed', async () => {
    const path = await helper('broken.sh', `echo "no luck with ${canary}" >&2; exit 3`);
    const config = await write('vault-config', `token_helper = ${JSON.stringify(path)}`);
    const [problem] = await problemsOf({ ...noToken(), VAULT_CONFIG_PATH: config });
    expect(problem).toMatchObject({ code: 'token-missing', fix: [{ command: `${path} get` }] });
    // Other tests of this process may have made the part after `hvs.` known.
    expect(problem?.message).toMatch(/no luck with (hvs\.)?\*\*\*/);
  });

  test('of a helper that has none', async () => {
    const path = await helper('empty.sh', 'exit 0');
    const config = await write('vault-config-2', `token_helper = ${JSON.stringify(path)}`);
    expect(await problemsOf({ ...noToken(), BAO_CONFIG_PATH: config })).toMatchObject([{ code: 'token-missing' }]);
  });

  test.each(['a b-canary', 'a\nb-canary', '"quoted-canary"\n', 'ä-canary'])('malformed: %j', async (value) => {
    expect(await problemsOf({ VAULT_TOKEN: value })).toMatchObject([{ code: 'operator-token-invalid' }]);
  });
});
