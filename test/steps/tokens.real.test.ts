import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Between, between, reachedDirectly } from '../servers/between.ts';
import { runCli } from '../servers/cli.ts';
import { kubernetes } from '../servers/raw.ts';
import { products } from '../servers/servers.ts';
import { notable, type Workbench, workbench } from '../servers/workbench.ts';
import { type Hand, handOf, watched } from './hand.ts';

describe.each(products)('tokens that are not what they were, on %s', (product) => {
  let bench: Workbench;
  let hand: Hand;
  beforeEach(async () => {
    bench = await workbench(product);
    hand = handOf(bench);
    bench.write(bench.recipe());
    expect((await bench.report('apply', '-f', 'recipe.yaml', '--yes')).exit).toBe(0);
  });
  afterEach(() => bench.remove());

  const accounts = () => `/api/v1/namespaces/${bench.namespace}/serviceaccounts`;
  const tokenOf = async (account: string, audiences?: string[]): Promise<string> => {
    const spec = { audiences, expirationSeconds: 600 };
    return (await hand.done(kubernetes('POST', `${accounts()}/${account}/token`, { spec }))).body.status.token;
  };
  const freshToken = () => tokenOf('my-sa', ['vault']);
  const login = async (jwt: string) =>
    (await bench.vault('POST', `auth/${bench.mount}/login`, { role: bench.role, jwt })).status;

  it("a deleted and recreated ServiceAccount's old token is refused, a new one is accepted", async () => {
    // Never reviewed before, since the API server remembers good reviews for a while.
    const old = await freshToken();
    await hand.done(kubernetes('DELETE', `${accounts()}/my-sa`));
    await hand.done(kubernetes('POST', accounts(), { metadata: { name: 'my-sa' } }));
    expect(await login(old)).toBe(403);
    expect(await login(await freshToken())).toBe(200);
    expect((await bench.report('plan', '-f', 'recipe.yaml', '--detailed-exitcode')).exit).toBe(0);
  });

  const replaced: [what: string, token: () => Promise<string>][] = [
    ['garbage', async () => 'garbage'],
    ['a token of an account that may not review', () => tokenOf('stranger')],
  ];
  it.each(replaced)(
    'a stored reviewer token replaced by %s shows at login, and --rewrite mends it',
    async (_, token) => {
      await hand.config({ token_reviewer_jwt: await token() });
      // Nothing that can be read tells.
      expect((await bench.report('plan', '-f', 'recipe.yaml', '--detailed-exitcode')).exit).toBe(0);
      const verified = await bench.report('verify', '-f', 'recipe.yaml');
      expect(verified.exit).toBe(1);
      const failed = verified.findings.filter(({ status }) => status === 'failed');
      expect(failed.map(({ step, code }) => `${step} ${code}`)).toEqual(['login login-refused']);
      const command = `vaultbind apply -f recipe.yaml --rewrite ${hand.address.config}`;
      expect(failed[0]?.fix.map((fix) => fix.command)).toContain(command);

      const mended = await watched(bench, ...command.split(' ').slice(1), '--yes');
      expect(mended.exit).toBe(0);
      expect(mended.writes.filter((line) => !line.startsWith('PATCH'))).toEqual([`POST /v1/${hand.address.config}`]);
      const finding = mended.report.findings.find(({ subject }) => subject === hand.address.config);
      expect(finding?.status).toBe('updated');
      expect((await bench.report('verify', '-f', 'recipe.yaml')).exit).toBe(0);
    },
  );
});

describe('a token Secret that the controller manager has not filled yet', () => {
  let bench: Workbench;
  let proxies: Between;
  beforeEach(async () => {
    bench = await workbench('openbao');
    proxies = await between(bench);
    bench.write(reachedDirectly(bench.recipe()));
    expect((await bench.report('apply', '-f', 'recipe.yaml', '--yes')).exit).toBe(0);
  });
  afterEach(async () => {
    await proxies.close();
    await bench.remove();
  });

  /** The Secret as it is, but for its data, in so many answers. */
  const emptyFor = async (times: number) => {
    const { url } = handOf(bench);
    const { data: _, ...secret } = (await kubernetes('GET', url.secret)).body;
    proxies.kubernetes.inject({
      fault: { kind: 'answer', status: 200, body: JSON.stringify(secret) },
      when: ({ method, path }) => method === 'GET' && path === url.secret,
      times,
    });
  };
  const plan = async () => {
    const { exit, stdout } = await runCli(['plan', '-f', 'recipe.yaml', '-o', 'json'], {
      env: proxies.env,
      cwd: bench.folder,
    });
    return { exit, blocked: notable(JSON.parse(stdout)) };
  };

  it('is waited for', async () => {
    await emptyFor(2);
    expect(await plan()).toEqual({ exit: 0, blocked: [] });
  });

  it('is blocked in the end, with the command that shows why', async () => {
    await emptyFor(Number.POSITIVE_INFINITY);
    const { namespace } = bench;
    const secret = `${namespace}/vault-reviewer-token`;
    expect(await plan()).toEqual({ exit: 1, blocked: [`blocked token-secret-not-filled token of Secret ${secret}`] });
  });
});
