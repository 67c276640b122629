import { beforeAll, describe, expect, it } from 'vitest';
import { sightings } from '../../canaries.ts';
import { products, servers } from '../../servers/servers.ts';
import type { Sent } from '../../servers/wire.ts';
import type { Workbench } from '../../servers/workbench.ts';
import { all, type Prepared, tokensOf } from './methods.ts';
import { loginScene } from './scene.ts';

describe.each(products)('on %s', (product) => {
  const scene = loginScene(product);
  let bench: Workbench;
  beforeAll(async () => {
    bench = scene.bench;
    expect((await bench.cli('apply', '-f', 'recipe.yaml', '--yes')).exit).toBe(0);
  });

  const path = ({ method, path }: Sent) => `${method} ${path}`;
  const ofLogin = (sent: Sent[], { requests }: Prepared) => sent.map(path).filter((one) => requests.includes(one));
  /** Tokens that a request to Vault carried; the one of a login is the only one that is not a workload's. */
  const operators = (sent: Sent[]) =>
    new Set(sent.filter((one) => one.path.startsWith('/v1/sys/auth')).map((one) => one.headers['x-vault-token']));

  describe.each(Object.keys(all))('%s', (name) => {
    const prepare = () => scene.prepare(all[name] as (typeof all)[string]);

    it.each(['plan', 'verify', 'step bind-role --yes', 'doctor', 'apply --yes --verify=all'])(
      'carries %s, with one login, whose token is gone after',
      async (command) => {
        const prepared = await prepare();
        const { result, sent } = await scene.run([...command.split(' '), '-vv', '-f', 'recipe.yaml'], prepared);
        expect(result.exit, result.stdout + result.stderr).toBe(0);
        expect(ofLogin(sent, prepared)).toEqual(prepared.requests);
        expect(sent.map(path).filter((one) => one.endsWith('/auth/token/revoke-self')).length).toBeGreaterThan(0);
        const [token, ...others] = [...operators(sent)];
        expect([typeof token, others]).toEqual(['string', []]);
        expect(token).not.toBe(servers().vaults[product].token);
        expect((await bench.vault('GET', 'auth/token/lookup-self', undefined, token)).status).toBe(403);
        const canaries = Object.entries({ ...prepared.secrets, token: token ?? '' });
        const text = [{ where: command, text: result.stdout + result.stderr }];
        expect(
          sightings(
            canaries.map(([one, value]) => ({ name: one, value })),
            text,
          ),
        ).toEqual([]);
      },
    );

    it('gives the token back after a run that fails', async () => {
      const prepared = await prepare();
      await bench.vault('POST', `sys/policies/acl/${bench.policy}`, { policy: 'path "x" { capabilities = ["read"] }' });
      const { result, sent } = await scene.run(['verify', '-f', 'recipe.yaml'], prepared);
      expect(result.exit).toBe(1);
      const [token] = [...operators(sent)];
      expect(token).toBeTypeOf('string');
      expect((await bench.vault('GET', 'auth/token/lookup-self', undefined, token)).status).toBe(403);
      expect((await bench.cli('apply', '-f', 'recipe.yaml', '--yes')).exit).toBe(0);
      if (prepared.at !== 'auth/token/create') expect(await tokensOf(bench, prepared)).toBe(0);
    });
  });
});
