import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportOf, runCli } from '../servers/cli.ts';
import { kubernetes } from '../servers/raw.ts';
import { products, uniqueName } from '../servers/servers.ts';
import { type Bench, healthy } from './bench.ts';

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe.each(products)('doctor --jwt-file, on %s', (product) => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await healthy(product);
  });
  afterAll(() => bench.remove());

  const mount = () => ['--mount', bench.mount];

  /** Both formats, and -vv: no part of the token's signature may show. */
  async function doctor(token: string, ...args: string[]) {
    bench.file('token', `${token}\n`);
    const settings = { env: bench.env, cwd: bench.folder };
    const line = ['doctor', '--jwt-file', 'token', ...args];
    const human = await runCli([...line, '-vv'], settings);
    const json = await runCli([...line, '-o', 'json'], settings);
    const signature = token.split('.')[2] ?? token;
    for (const { stdout, stderr } of [human, json]) {
      expect(stdout + stderr).not.toContain(token);
      expect(stdout + stderr).not.toContain(signature);
    }
    return { ...reportOf(json), exit: json.exit, human: human.stdout };
  }

  const causes = ({ causes: found }: Awaited<ReturnType<typeof doctor>>) =>
    found.map(({ certainty, cause }) => `${certainty} ${cause}`);

  /** Of these claims, signed by nobody. */
  const forged = (claims: object) => `${part({ alg: 'RS256' })}.${part(claims)}.${'c2lnbmF0dXJlLWNhbmFyeQ'}`;

  it('shows what the token says of itself', async () => {
    const report = await doctor(await bench.token(), ...mount(), '--role', bench.role);
    expect(causes(report)).toEqual([]);
    expect(report.exit).toBe(0);
    const told = report.findings.find(({ code }) => code === 'token-claims');
    expect(Object.fromEntries(told?.fields.map(({ field, after }) => [field, after]) ?? [])).toEqual({
      sub: `system:serviceaccount:${bench.namespace}:my-sa`,
      aud: ['vault'],
      iss: 'https://kubernetes.default.svc.cluster.local',
      iat: expect.stringMatching(/^20\d\d-/),
      exp: expect.stringMatching(/^20\d\d-/),
    });
    expect(report.human).toContain(`system:serviceaccount:${bench.namespace}:my-sa`);
  });

  it('finds by itself the one mount of several of which a role binds the account of the token', async () => {
    const { vault, mount: own, role, namespace } = bench;
    const other = `${own}-2`;
    await vault('POST', `sys/auth/${other}`, { type: 'kubernetes' });
    const asked = async () =>
      (await bench.report('doctor', '--jwt-file', bench.file('token', await bench.token()))).findings;
    expect((await asked()).filter(({ code }) => code === 'usage')).toEqual([]);
    const bound = { bound_service_account_names: ['my-sa'], bound_service_account_namespaces: [namespace] };
    await vault('POST', `auth/${other}/role/${role}`, bound);
    const [which] = (await asked()).filter(({ code }) => code === 'usage');
    await vault('DELETE', `sys/auth/${other}`);
    expect(which?.message).toContain(`roles at ${[own, other].sort().join(', ')} bind the token's account`);
    expect(which?.fix[0]?.command).toMatch(/^vaultbind doctor --mount k-\S+ --role \S+ --jwt-file token$/);
    expect(which?.fix.at(-1)?.why).toMatch(/^or one of the \d+ others|^if it is /);
  });

  it('takes the recipe, and finds the role by the account of the token', async () => {
    const good = await doctor(await bench.token(), '-f', 'recipe.yaml');
    expect([causes(good), good.exit]).toEqual([[], 0]);
    const other = await doctor(await bench.token('stranger'), '-f', 'recipe.yaml', '--role', bench.role);
    expect(causes(other)).toEqual(['certain service-account-not-bound']);
  });

  it('without a role: nothing is wrong with a good token', async () => {
    const report = await doctor(await bench.token(), ...mount());
    expect([causes(report), report.exit]).toEqual([[], 0]);
  });

  it('without a role: the audience that no role of this account takes', async () => {
    const report = await doctor(await bench.token('my-sa', { audiences: ['elsewhere'] }), ...mount());
    expect(causes(report)).toEqual(['certain audience-mismatch']);
    expect(report.causes[0]?.evidence[0]?.said).toContain(`role ${bench.role} wants vault`);
  });

  it.each<[title: string, token: () => Promise<string> | string, cause: string]>([
    ['no JWT', () => 'signature-canary-no-jwt-at-all', 'login-token-malformed'],
    ['quoted', async () => `"${await bench.token()}"`, 'login-token-malformed'],
    [
      'past its end',
      () => forged({ sub: `system:serviceaccount:${bench.namespace}:my-sa`, exp: 1_600_000_000 }),
      'login-token-expired',
    ],
    [
      'of another cluster',
      () =>
        forged({
          sub: 'system:serviceaccount:default:x',
          exp: 9_000_000_000,
          iss: 'https://elsewhere.example',
          'kubernetes.io': { namespace: 'default', serviceaccount: { name: 'x', uid: 'u' } },
        }),
      'login-token-foreign',
    ],
    ['of a person', () => forged({ sub: 'alice@example.com', exp: 9_000_000_000 }), 'login-token-foreign'],
    ['of an account that is gone', () => goneToken(), 'login-token-revoked'],
  ])('without a role: a token that is %s', async (_title, token, cause) => {
    const report = await doctor(await token(), ...mount());
    expect(causes(report)).toEqual([`certain ${cause}`]);
    expect(report.exit).toBe(1);
  });

  async function goneToken(): Promise<string> {
    const name = uniqueName('gone');
    const accounts = `/api/v1/namespaces/${bench.namespace}/serviceaccounts`;
    await kubernetes('POST', accounts, { metadata: { name } });
    const token = await bench.token(name);
    await kubernetes('DELETE', `${accounts}/${name}`);
    return token;
  }

  it('without a mount, and no role for its account: the choice is put, since there are several', async () => {
    const other = uniqueName('second');
    await bench.vault('POST', `sys/auth/${other}`, { type: 'kubernetes' });
    try {
      const report = await doctor(await bench.token('stranger'));
      expect(report.exit).toBe(3);
      expect(report.findings[0]?.message).toContain(bench.mount);
      expect(report.findings[0]?.message).toContain(other);
    } finally {
      await bench.vault('DELETE', `sys/auth/${other}`);
    }
  });

  it('without Vault: Kubernetes judges the token', async () => {
    const env = { ...bench.env, VAULT_ADDR: '', VAULT_TOKEN: '' };
    bench.file('token', await bench.token());
    const settings = { env, cwd: bench.folder };
    const good = await runCli(['doctor', '--jwt-file', 'token', '-o', 'json'], settings);
    expect([good.exit, reportOf(good).causes]).toEqual([0, []]);
    bench.file('token', await goneToken());
    const bad = await runCli(['doctor', '--jwt-file', 'token', '-o', 'json'], settings);
    expect([bad.exit, reportOf(bad).causes.map(({ cause }) => cause)]).toEqual([1, ['login-token-revoked']]);
  });
});
