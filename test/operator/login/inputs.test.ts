import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { InputError } from '../../../src/errors.ts';
import type { Environment } from '../../../src/model/environment.ts';
import { readVaultConnection } from '../../../src/operator/connect.ts';
import { loginMethods } from '../../../src/operator/login/index.ts';
import { bare } from '../../../src/operator/login/place.ts';
import { flagsOf } from '../../../src/operator/login/read-inputs.ts';
import { runCli } from '../../servers/cli.ts';
import { uniqueName } from '../../servers/servers.ts';
import { shown } from '../../shown.ts';

const folder = mkdtempSync(join(tmpdir(), 'vaultbind-test-'));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, 'secret'), 'from-a-file\n');
writeFileSync(join(folder, 'empty'), '\n');
writeFileSync(join(folder, 'padded'), ' p w \r\n');

const base = { HOME: folder, VAULT_ADDR: 'http://127.0.0.1:1' };

async function connection(flags: Record<string, string>, env: Environment, stdin = '') {
  const found = await readVaultConnection({ ...base, ...env }, { login: { flags, stdin: async () => stdin } }, folder);
  if (!found.login) throw new Error('no login was prepared');
  return found.login;
}

async function problemsOf(flags: Record<string, string>, env: Environment): Promise<ReturnType<typeof shown>> {
  const error = await connection(flags, env).catch((reason: unknown) => reason);
  if (error instanceof InputError) return shown(error.problems);
  throw error;
}

describe('the methods', () => {
  it('have names and inputs once each, and a line for each', () => {
    const names = loginMethods.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
    expect(names[0]).toBe('token');
    for (const { inputs, summary } of loginMethods) {
      expect(summary).not.toBe('');
      expect(inputs.map(({ name }) => name)).toEqual([...new Set(inputs.map(({ name }) => name))]);
      for (const { why } of inputs) expect(why).not.toBe('');
    }
  });

  it('take no secret as the value of a flag', () => {
    const secrets = loginMethods.flatMap(({ inputs }) => inputs.filter(({ secret }) => secret));
    expect(secrets.length).toBeGreaterThan(5);
    expect(secrets.filter((one) => one.flag !== undefined || one.default !== undefined)).toEqual([]);
    expect(secrets.flatMap(flagsOf).every((flag) => /<(file|name)>$/.test(flag))).toBe(true);
  });
});

/** Every input of the method, its variables and files, in one sentence each. */
const missing: [method: string, env: Record<string, string>, subjects: string[]][] = [
  ['approle', {}, ['--vault-login-role-id', '--vault-login-secret-id-file']],
  ['approle', { VAULTBIND_LOGIN_ROLE_ID: 'r' }, ['--vault-login-secret-id-file']],
  ['kubernetes', {}, ['--vault-login-role', '--vault-login-jwt-file']],
  ['jwt', {}, ['--vault-login-jwt-file']],
  ['jwt', { ACTIONS_ID_TOKEN_REQUEST_URL: 'https://x' }, ['--vault-login-jwt-file']],
  ['userpass', {}, ['--vault-login-username', '--vault-login-password-file']],
  ['ldap', {}, ['--vault-login-username', '--vault-login-password-file']],
  ['wrapped', {}, ['--vault-login-wrapping-token-file']],
];

describe('what is missing is said at once', () => {
  it.each(missing)('%s with %j', async (method, env, subjects) => {
    const problems = await problemsOf({ '--vault-login': method }, env);
    expect(problems.map(({ subject }) => subject)).toEqual(subjects);
    for (const { code, fix, message } of problems) {
      expect(code).toBe('login-input-missing');
      expect(message).toContain(`the login method ${method} needs `);
      expect(fix?.[0]?.command).toMatch(/^export VAULTBIND_LOGIN_\w+=…$/);
    }
  });

  it('together with what else is wrong', async () => {
    const env = { VAULT_ADDR: '', VAULT_CLIENT_TIMEOUT: 'soon', VAULTBIND_LOGIN: 'userpass' };
    expect((await problemsOf({}, env)).map(({ subject }) => subject)).toEqual(
      expect.arrayContaining(['VAULT_CLIENT_TIMEOUT', '--vault-login-username', '--vault-login-password-file']),
    );
  });

  it('and ends with 3, before anything is contacted', async () => {
    writeFileSync(join(folder, 'r.yaml'), 'version: 1\nname: r\nauth: {path: k, reviewer: {service_account: a/b}}\n');
    const args = ['plan', '--vault-login', 'approle', '-f', 'r.yaml', '-o', 'json'];
    const { exit, stdout } = await runCli(args, { env: base, cwd: folder });
    const codes = JSON.parse(stdout).findings.map(({ code }: { code: string }) => code);
    expect([exit, codes]).toEqual([3, ['login-input-missing', 'login-input-missing', 'kubernetes-context-missing']]);
  });
});

const mistakes: [what: string, flags: Record<string, string>, env: Record<string, string>, said: RegExp][] = [
  [
    'a method that is none',
    { '--vault-login': 'magic' },
    {},
    /^there is no login method "magic"; there are token, approle, /,
  ],
  ['a method that is none, in the environment', {}, { VAULTBIND_LOGIN: 'magic' }, /no login method "magic"/],
  [
    'a flag without a method',
    { '--vault-login-role': 'x' },
    {},
    /^--vault-login-role is about a login, and no login method was chosen$/,
  ],
  [
    'a flag of another method',
    { '--vault-login': 'jwt', '--vault-login-username': 'x' },
    { VAULTBIND_LOGIN_JWT: 'x' },
    /^--vault-login-username says nothing to the login method jwt$/,
  ],
  [
    'a path that is none',
    { '--vault-login': 'jwt', '--vault-login-path': 'a//../b' },
    { VAULTBIND_LOGIN_JWT: 'x' },
    /^"a\/\/..\/b" is no path of an auth method$/,
  ],
  [
    'a file that is not there',
    { '--vault-login': 'jwt', '--vault-login-jwt-file': 'nowhere' },
    {},
    /^the file nowhere, which should hold the id token, cannot be read \(ENOENT\)$/,
  ],
  [
    'a file that is empty',
    { '--vault-login': 'jwt', '--vault-login-jwt-file': 'empty' },
    {},
    /^empty is empty, and should hold the id token$/,
  ],
  [
    'a variable that is not set',
    { '--vault-login': 'jwt', '--vault-login-jwt-env': 'NOWHERE' },
    {},
    /^the variable NOWHERE, which should hold the id token, is not set$/,
  ],
  [
    'a token with a line break',
    { '--vault-login': 'jwt' },
    { VAULTBIND_LOGIN_JWT: 'a\nb' },
    /^what was given as jwt holds spaces/,
  ],
  [
    'a user name that is a path',
    { '--vault-login': 'userpass', '--vault-login-username': '../x' },
    { VAULTBIND_LOGIN_PASSWORD: 'x' },
    /no single segment of a path/,
  ],
];

describe('what is wrong is said', () => {
  it.each(mistakes)('%s', async (_what, flags, env, said) => {
    const problems = await problemsOf(flags, { VAULT_TOKEN: 'x', ...env });
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toMatch(said);
  });

  it('two secrets cannot both be on standard input, nor a secret and the recipe', async () => {
    const args = ['plan', '--vault-login', 'jwt', '--vault-login-jwt-file', '-', '-f', '-'];
    const io = {
      env: base,
      cwd: folder,
      stdin: 'version: 1\nname: r\nauth: {path: k, reviewer: {service_account: a/b}}\n',
    };
    const { exit, stderr } = await runCli(args, io);
    expect(exit).toBe(3);
    expect(stderr).toContain('standard input cannot hold a secret of the login: it is the recipe already');
  });
});

/** Where the jwt comes from, the nearest first. */
const order: [what: string, flags: Record<string, string>, env: Record<string, string>, value: string][] = [
  ['a flag with a file', { '--vault-login-jwt-file': 'secret' }, { VAULTBIND_LOGIN_JWT: 'x' }, 'from-a-file'],
  ['a flag with a variable', { '--vault-login-jwt-env': 'ID' }, { ID: 'y', VAULTBIND_LOGIN_JWT: 'x' }, 'y'],
  ['standard input', { '--vault-login-jwt-file': '-' }, { VAULTBIND_LOGIN_JWT: 'x' }, 'typed'],
  ['the variable', {}, { VAULTBIND_LOGIN_JWT: 'x', VAULTBIND_LOGIN_JWT_FILE: 'secret' }, 'x'],
  ['a variable with a file', {}, { VAULTBIND_LOGIN_JWT_FILE: 'secret' }, 'from-a-file'],
  ['a variable with a variable', {}, { VAULTBIND_LOGIN_JWT_ENV: 'ID', ID: 'y' }, 'y'],
];

describe('an input is read', () => {
  it.each(order)('from %s', async (_what, flags, env, value) => {
    const { given } = await connection({ '--vault-login': 'jwt', ...flags }, env, 'typed\n');
    expect(given.secret('jwt')?.reveal()).toBe(value);
    expect(given.text('jwt')).toBe('');
  });

  it('whole: a password keeps its spaces, and loses the line break of its file', async () => {
    const flags = {
      '--vault-login': 'userpass',
      '--vault-login-username': 'u',
      '--vault-login-password-file': 'padded',
    };
    expect((await connection(flags, {})).given.secret('password')?.reveal()).toBe(' p w ');
  });

  it('and a name is not blanked out of what Vault says', async () => {
    const name = uniqueName('role');
    const { given } = await connection(
      { '--vault-login': 'jwt', '--vault-login-role': name },
      { VAULTBIND_LOGIN_JWT: 'x' },
    );
    expect(given.text('role')).toBe(name);
    const { scrub } = await import('../../../src/secret.ts');
    expect(scrub(`no role ${name}`)).toContain(name);
  });

  it.each([
    ['a/b', 'a/b'],
    ['/auth/a/', 'a'],
    ['auth/a', 'a'],
  ])('the path %s is %s', async (path, mount) => {
    const flags = { '--vault-login': 'jwt', '--vault-login-path': path };
    expect((await connection(flags, { VAULTBIND_LOGIN_JWT: 'x' })).given.mount).toBe(mount);
  });

  it('a bearer of GitHub goes to https or to this machine alone', async () => {
    const { githubToken } = await import('../../../src/operator/login/github.ts');
    const sent: string[] = [];
    const transport = {
      sent,
      send: () => Promise.reject(new Error('sent')),
      stream: () => Promise.reject(new Error('sent')),
      close: async () => undefined,
    };
    for (const url of ['http://github.example.com/', 'ftp://x/', 'x'])
      await expect(
        githubToken(transport, { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'x' }, ''),
      ).rejects.toThrow('no https URL');
  });

  it('flags are told by their name', () => expect(bare('--vault-login-role <role>')).toBe('--vault-login-role'));
});
