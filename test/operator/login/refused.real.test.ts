import { createServer } from 'node:http';
import { beforeAll, describe, expect, it } from 'vitest';
import { idToken } from '../../servers/issuer.ts';
import { listen } from '../../servers/listen.ts';
import { products } from '../../servers/servers.ts';
import type { Workbench } from '../../servers/workbench.ts';
import {
  approle,
  audience,
  github,
  gitlab,
  inCluster,
  type Prepared,
  userpass,
  wrap,
  wrappedSecretId,
  wrappedToken,
} from './methods.ts';
import { loginScene } from './scene.ts';

describe.each(products)('what %s refuses', (product) => {
  const scene = loginScene(product);
  const made = scene.prepare;
  let bench: Workbench;
  beforeAll(() => {
    bench = scene.bench;
  });

  const run = async (login: Pick<Prepared, 'env' | 'flags'>, command = 'plan') => {
    const { result, sent } = await scene.run([command, '-f', 'recipe.yaml', '-o', 'json'], login);
    const toVault = sent.filter(({ path }) => path.startsWith('/v1/')).map(({ method, path }) => `${method} ${path}`);
    return { ...result, problem: JSON.parse(result.stdout).findings[0], toVault };
  };
  const mountOf = ({ at }: Prepared) => at.split('/')[1] ?? '';

  /** What is wrong, and what the person is told: code, message, and a word of a fix. */
  const table: [
    what: string,
    prepare: () => Promise<Pick<Prepared, 'env' | 'flags'>>,
    code: string,
    said: RegExp,
    fix: RegExp,
  ][] = [
    [
      'a wrong secret id',
      async () => {
        const { env, flags } = await made(approle);
        return { flags, env: { ...env, VAULTBIND_LOGIN_SECRET_ID: '00000000-0000-0000-0000-000000000000' } };
      },
      'operator-login-refused',
      /^the login at auth\/approle-\w+ with the role id given was refused: Vault answered 400: .*invalid/,
      /secret_id_num_uses/,
    ],
    [
      'a secret id that is used up',
      async () => {
        const prepared = await made(approle, { secret_id_num_uses: 1 });
        await run(prepared);
        return prepared;
      },
      'operator-login-refused',
      /was refused: Vault answered 400: .*invalid/,
      /vault write -f auth\/.*secret-id/,
    ],
    [
      'a wrong password',
      async () => {
        const { env, flags } = await made(userpass);
        return { flags, env: { ...env, VAULTBIND_LOGIN_PASSWORD: 'not-this-one' } };
      },
      'operator-login-refused',
      /with user ci was refused: Vault answered 40\d: invalid username or password/,
      /vault list auth\/userpass-\w+\/users/,
    ],
    [
      'a wrong audience',
      async () => {
        const { env, flags } = await made(gitlab);
        return { flags, env: { ...env, MY_ID_TOKEN: idToken({ aud: 'somebody-else' }) } };
      },
      'operator-login-refused',
      /with role ci was refused: Vault answered 400: .*aud/,
      /bound_audiences/,
    ],
    [
      'an id token that has ended',
      async () => {
        const { env, flags } = await made(gitlab);
        const past = Math.floor(Date.now() / 1000) - 3600;
        return { flags, env: { ...env, MY_ID_TOKEN: idToken({ aud: audience, iat: past, exp: past + 60 }) } };
      },
      'operator-login-refused',
      /was refused: Vault answered 400: .*expired/,
      /vault read auth\/jwt-\w+\/config/,
    ],
    [
      'a claim that the role does not take',
      async () => made(gitlab, { bound_claims: { environment: 'production' } }),
      'operator-login-refused',
      /was refused: Vault answered 400: .*environment/,
      /bound_claims/,
    ],
    [
      'an audience of GitHub that nobody asked for',
      async () => {
        const { env, flags } = await made(github);
        return { env, flags: flags.map((one) => (one === 'vaultbind-test' ? 'other' : one)) };
      },
      'operator-login-refused',
      /with role ci was refused: Vault answered 400: .*aud/,
      /bound_audiences/,
    ],
    [
      'a wrong bearer for GitHub',
      async () => {
        const { env, flags } = await made(github);
        return { flags, env: { ...env, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'canary-wrong-bearer' } };
      },
      'id-token-refused',
      /^no id token came from http:\/\/127\.0\.0\.1:\d+: it answered 401: bad bearer Bearer \*\*\*$/,
      /id-token: write/,
    ],
    [
      'an account that the role does not bind',
      async () => made(inCluster, { bound_service_account_names: ['other'] }),
      'operator-login-refused',
      /with role ci was refused: Vault answered 403: service account name not authorized/,
      /does not bind this ServiceAccount/,
    ],
    [
      'a role that is not there',
      async () => {
        const { env, flags } = await made(inCluster);
        return { env, flags: flags.map((one) => (one === 'ci' ? 'no-such-role' : one)) };
      },
      'operator-login-refused',
      /with role no-such-role was refused: Vault answered 400: .*no-such-role/,
      /vault list auth\/kubernetes-\w+\/role"/,
    ],
    [
      'a path where nothing is enabled',
      async () => {
        const prepared = await made(approle);
        const flags = prepared.flags.map((one) => (one === mountOf(prepared) ? 'nothing-here' : one));
        return { env: prepared.env, flags };
      },
      'operator-login-refused',
      /^the login at auth\/nothing-here with the role id given was refused: Vault answered 40[34]/,
      /nothing is enabled at auth\/nothing-here/,
    ],
    [
      'a wrapping token that was used',
      async () => {
        const prepared = await made(wrappedToken);
        const { token = '' } = prepared.secrets;
        expect((await bench.vault('POST', 'sys/wrapping/unwrap', {}, token)).status).toBe(200);
        return prepared;
      },
      'wrapping-token-used',
      /^the wrapping token was already used, is past its end, or is none: Vault says /,
      /audit log/,
    ],
    [
      'a wrapping token of another path',
      async () => ({
        flags: ['--vault-login', 'wrapped'],
        env: { VAULTBIND_LOGIN_WRAPPING_TOKEN: await wrap(bench, 'sys/wrapping/wrap', { token: 'x' }) },
      }),
      'wrapping-token-foreign',
      /^the wrapping token was made at sys\/wrapping\/wrap, neither a path that makes tokens nor auth\/approle\/role\/…\/secret-id; it was not unwrapped$/,
      /swapped on its way/,
    ],
    [
      'a wrapping token of another path than the one named',
      async () => {
        const { flags, env } = await made(wrappedToken);
        return { env, flags: [...flags, '--vault-login-wrapping-path', 'auth/token/create-orphan'] };
      },
      'wrapping-token-foreign',
      /^the wrapping token was made at auth\/token\/create, not auth\/token\/create-orphan; it was not unwrapped$/,
      /swapped on its way/,
    ],
  ];

  it.each(table)('%s: exit 4, and nothing is asked after', async (_what, prepare, code, said, fix) => {
    const { exit, problem, toVault } = await run(await prepare());
    expect(problem).toMatchObject({ code, message: expect.stringMatching(said) });
    expect(JSON.stringify(problem.fix)).toMatch(fix);
    expect(exit).toBe(4);
    // The login alone went to Vault: no health of the recipe's, no plan, no revoke.
    expect(toVault.length).toBeLessThanOrEqual(1);
  });

  it('a wrapped secret id without the id of its role: exit 3, and it can still be unwrapped', async () => {
    const { flags, env, secrets } = await made(wrappedSecretId);
    const { exit, problem } = await run({ flags, env: { ...env, VAULTBIND_LOGIN_ROLE_ID: '' } });
    expect([exit, problem.code]).toEqual([3, 'login-input-missing']);
    expect((await bench.vault('POST', 'sys/wrapping/unwrap', {}, secrets['token'])).status).toBe(200);
  });

  it('the doctor goes on without the token, and says that the login was refused', async () => {
    const { env, flags } = await made(userpass);
    const wrong = { flags, env: { ...env, VAULTBIND_LOGIN_PASSWORD: 'not-this-one' } };
    const { exit, stdout } = await run(wrong, 'doctor');
    expect(exit).not.toBe(0);
    expect(stdout).toContain('invalid username or password');
  });

  it('says plainly that the token of the login ended in the middle of the run', async () => {
    const { env, flags } = await made(approle, { token_ttl: '1s', token_max_ttl: '1s' });
    const target = new URL(bench.env['VAULT_ADDR'] ?? '');
    // The first answer after the login waits until its token has ended.
    const slow = await listen(
      createServer(async (request, response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk);
        if (!request.url?.endsWith('/login')) await new Promise((done) => setTimeout(done, 1500));
        const answer = await fetch(new URL(request.url ?? '', target), {
          method: request.method ?? 'GET',
          headers: { 'x-vault-token': String(request.headers['x-vault-token'] ?? '') },
          ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
        });
        response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
      }),
    );
    try {
      const slowed = { flags, env: { ...env, VAULT_ADDR: `http://127.0.0.1:${slow.port}` } };
      const { exit, problem } = await run(slowed);
      expect(problem).toMatchObject({
        code: 'operator-token-invalid',
        message: expect.stringMatching(/^the token of the login at auth\/approle-\w+ came to its end in the middle/),
      });
      expect(exit).toBe(4);
    } finally {
      await slow.close();
    }
  });
});
