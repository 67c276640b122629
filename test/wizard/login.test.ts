import { describe, expect, it } from 'vitest';
import { loginsOf } from '../../src/actions/init/login-methods.ts';
import { loginAgain } from '../../src/actions/login/login-words.ts';
import { loginMethods } from '../../src/operator/login/index.ts';
import type { TypedInput } from '../../src/operator/login/place.ts';
import { Secret } from '../../src/secret.ts';
import { questionsOf } from '../../src/wizard/login.ts';

type Words = Record<string, string>;

function asked(method: string, { flags = {}, env = {} }: { flags?: Words; env?: Words }, again = false) {
  const way = loginsOf({ flags, env }).ways.find((one) => one.method.name === method);
  if (!way) throw new Error(`no method ${method}`);
  const questions = questionsOf(way, new Map([['userpass username', 'of-before']]), again);
  return questions.map(({ message, default: proposed, otherwise }) =>
    [message, proposed ?? otherwise].join(' ').trim(),
  );
}

const github = { ACTIONS_ID_TOKEN_REQUEST_URL: 'https://x', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'abcdefgh' };

describe('what is asked for a login by', () => {
  it.each<[method: string, said: { flags?: Words; env?: Words }, questions: string[]]>([
    ['approle', {}, ['role id:', 'secret id: file']],
    ['approle', { env: { VAULTBIND_LOGIN_ROLE_ID: 'x' } }, ['secret id: file']],
    ['kubernetes', { flags: { '--vault-login-jwt-env': 'ID' } }, ['role:']],
    ['jwt', {}, ['role (may be left out):', 'jwt: file', 'audience (may be left out):']],
    ['jwt', { env: github }, ['role (may be left out):', 'audience (may be left out):']],
    ['userpass', {}, ['username: of-before', 'password: file']],
    ['ldap', { flags: { '--vault-login-username': 'x', '--vault-login-password-file': 'y' } }, []],
    ['wrapped', {}, ['wrapping token: file', 'wrapping path (may be left out):', 'role id (may be left out):']],
  ])('%s with %j', (method, said, questions) => expect(asked(method, said)).toEqual(questions));

  it('userpass again: also what was given, which Enter alone takes', () => {
    const env = { VAULTBIND_LOGIN_USERNAME: 'ci', VAULTBIND_LOGIN_PASSWORD: 'abcdefgh' };
    expect(asked('userpass', { env })).toEqual([]);
    expect(asked('ldap', { env }, true)).toEqual(['username: ci', 'password: given']);
    expect(asked('userpass', { env }, true)).toEqual(['username: of-before', 'password: given']);
  });

  it('any method in hidden questions where it is a secret, which are proposed nothing', () => {
    const env = Object.fromEntries(
      loginMethods.flatMap(({ inputs }) => inputs.map((one) => [one.env, 'canary-of-env'])),
    );
    for (const way of loginsOf({ flags: {}, env }).ways)
      for (const { input, default: proposed } of questionsOf(way, new Map(), true))
        expect([proposed, way.given.get(input.name)?.text], input.name).toEqual(
          input.secret ? [undefined, undefined] : ['canary-of-env', 'canary-of-env'],
        );
  });
});

describe('a path of the environment', () => {
  it('counts for the method that is named with it', () => {
    const env = { VAULTBIND_LOGIN: 'jwt', VAULTBIND_LOGIN_PATH: 'gitlab' };
    const mounts = loginsOf({ flags: {}, env }).ways.map(({ method, mount }) => [method.name, mount]);
    expect(mounts.filter(([, mount]) => mount !== undefined)).toEqual([['jwt', 'gitlab']]);
  });
});

describe('a login is said again', () => {
  const typed = (method: string, mount: string, inputs: [string, TypedInput][]) => ({
    ...{ flags: {}, env: {} as Words, typed: { method, mount, inputs: new Map(inputs) } },
  });
  const secret = new Secret('canary-secret');
  it.each([
    ['a token', { flags: {}, env: {} }, '', ['a token in VAULT_TOKEN']],
    [
      'userpass, typed',
      typed('userpass', 'people', [
        ['username', { text: 'ci' }],
        ['password', { secret }],
      ]),
      '--vault-login userpass --vault-login-path people --vault-login-username ci',
      ['the password in VAULTBIND_LOGIN_PASSWORD'],
    ],
    [
      'jwt, typed, of a file',
      typed('jwt', 'jwt', [
        ['role', { text: '' }],
        ['jwt', { file: 'id-token' }],
      ]),
      '--vault-login jwt --vault-login-jwt-file id-token',
      [],
    ],
    [
      'jwt of a variable, as flags say',
      { flags: { '--vault-login': 'jwt', '--vault-login-jwt-env': 'ID', '--vault-login-role': 'ci' }, env: {} },
      '--vault-login jwt --vault-login-role ci --vault-login-jwt-env ID',
      ['the jwt in ID'],
    ],
    [
      'approle, as the environment says',
      { flags: {}, env: { VAULTBIND_LOGIN: 'approle', VAULTBIND_LOGIN_ROLE_ID: 'r', VAULTBIND_LOGIN_SECRET_ID: 's' } },
      '--vault-login approle --vault-login-role-id r',
      ['the secret id in VAULTBIND_LOGIN_SECRET_ID'],
    ],
    [
      'jwt of GitHub',
      { flags: { '--vault-login': 'jwt' }, env: github },
      '--vault-login jwt',
      [expect.stringContaining('the jwt from GitHub Actions')],
    ],
  ])('%s', (_what, sources, words, needs) => {
    const again = loginAgain(sources);
    expect([again.words.join(' '), again.needs]).toEqual([words, needs]);
  });
});
