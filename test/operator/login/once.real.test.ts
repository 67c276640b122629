import { describe, expect, it } from 'vitest';
import { runCli } from '../../servers/cli.ts';
import { products, servers, uniqueName } from '../../servers/servers.ts';
import { watched } from '../../servers/wire.ts';
import { workbench } from '../../servers/workbench.ts';
import { wrappedToken } from './methods.ts';
import { loginScene } from './scene.ts';

describe.each(products)('a wrapping token, good once, is enough on %s for', (product) => {
  const scene = loginScene(product);

  /** The wrapping token comes on standard input, which can be read once too. */
  async function run(...args: string[]) {
    const { secrets } = await scene.prepare(wrappedToken);
    const flags = ['--vault-login', 'wrapped', '--vault-login-wrapping-token-file', '-'];
    const { result, sent } = await scene.run(args, { env: {}, flags, stdin: `${secrets['token']}\n` });
    const paths = sent.map(({ path }) => path);
    expect(result.exit, result.stderr + result.stdout).toBe(0);
    expect(paths.filter((path) => path === '/v1/sys/wrapping/unwrap')).toHaveLength(1);
    expect(sent.some(({ headers }) => headers['x-vault-token'] === servers().vaults[product].token)).toBe(false);
  }

  it('the wizard: what it looks at, what it applies and what it proves', async () => {
    const { bench } = scene;
    const account = ['--service-account', `${bench.namespace}/my-sa`, '--secret', `secret/data/${bench.secret}`];
    const names = ['--mount', bench.mount, '--role', bench.role, '--policy', bench.policy, '--name', uniqueName('w')];
    const reviewer = ['--reviewer', `${bench.namespace}/vault-reviewer`];
    await run('init', '--yes', '-f', 'wizard.yaml', ...account, ...names, ...reviewer);
  });

  it('doctor --fix: each look, and the writing between', async () => {
    const { bench } = scene;
    await bench.vault('DELETE', `auth/${bench.mount}/role/${bench.role}`);
    await run('doctor', '--fix', '--yes', '-f', 'wizard.yaml');
  });
});

describe('in a Vault namespace of OpenBao', () => {
  it('a wrapping token is of a path there, and the login and its end are there too', async () => {
    const bench = await workbench('openbao');
    const namespace = uniqueName('ns');
    const inside = (method: string, path: string, body?: unknown) => bench.vault(method, `${namespace}/${path}`, body);
    try {
      expect((await bench.vault('POST', `sys/namespaces/${namespace}`)).status).toBe(200);
      const policy = 'path "*" { capabilities = ["create", "read", "update", "delete", "list", "sudo"] }';
      await inside('POST', 'sys/policies/acl/operator', { policy });
      const { address, token } = servers().vaults.openbao;
      const answer = await fetch(`${address}/v1/auth/token/create`, {
        method: 'POST',
        headers: { 'x-vault-token': token, 'x-vault-namespace': namespace, 'x-vault-wrap-ttl': '60s' },
        body: JSON.stringify({ policies: ['operator'], ttl: '5m' }),
      });
      const { wrap_info: info } = (await answer.json()) as { wrap_info: { token: string } };
      const { VAULT_TOKEN: _, ...rest } = bench.env;
      const env = {
        ...rest,
        ...{ VAULT_NAMESPACE: namespace, VAULTBIND_LOGIN: 'wrapped', VAULTBIND_LOGIN_WRAPPING_TOKEN: info.token },
      };
      bench.write(bench.recipe());
      const { result, sent } = await watched(() => runCli(['plan', '-f', 'recipe.yaml'], { env, cwd: bench.folder }));
      expect(result.exit, result.stderr + result.stdout).toBe(0);
      const ofLogin = sent.filter(({ path }) => /wrapping|revoke-self/.test(path));
      expect(ofLogin.map(({ path }) => path)).toEqual([
        ...['/v1/sys/wrapping/lookup', '/v1/sys/wrapping/unwrap', '/v1/auth/token/revoke-self'],
      ]);
      for (const { headers } of ofLogin) expect(headers['x-vault-namespace']).toBe(namespace);
      const own = ofLogin.at(-1)?.headers['x-vault-token'];
      expect((await bench.vault('GET', `${namespace}/auth/token/lookup-self`, undefined, own)).status).toBe(403);
    } finally {
      await bench.vault('DELETE', `sys/namespaces/${namespace}`);
      await bench.remove();
    }
  });
});
