import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { caPublished } from '../servers/between.ts';
import { runCli } from '../servers/cli.ts';
import { kubernetes } from '../servers/raw.ts';
import { products, servers } from '../servers/servers.ts';
import { notable, type RecipeData, type Workbench, workbench } from '../servers/workbench.ts';
import { type Hand, handOf, pending } from './hand.ts';

describe.each(products)('reviewer mode client_jwt, on %s', (product) => {
  let bench: Workbench;
  let hand: Hand;
  beforeEach(async () => {
    bench = await workbench(product);
    hand = handOf(bench);
  });
  afterEach(() => bench.remove());

  /** Without the audience, which client review cannot have. */
  const withoutAudience = (): RecipeData => {
    const recipe = bench.recipe();
    for (const role of recipe.roles ?? []) delete role['audience'];
    return recipe;
  };
  const clientReview = (reviewer: Record<string, unknown>): RecipeData => {
    const recipe = withoutAudience();
    return { ...recipe, auth: { ...recipe.auth, reviewer: { mode: 'client_jwt', ...reviewer } } };
  };
  const bound = () => clientReview({ bind_clients: true, binding: bench.binding });
  const apply = (...more: string[]) => bench.report('apply', '-f', 'recipe.yaml', '--yes', ...more);
  /** The operator lets tokens of the accounts that the API server accepts go to the mount. */
  const mint = () => ['my-sa', 'stranger'].flatMap((name) => ['--mint-for', `${bench.namespace}/${name}`]);
  const nothingLeft = async () =>
    expect((await bench.report('plan', '-f', 'recipe.yaml', '--detailed-exitcode')).exit).toBe(0);

  it('with bind_clients the accounts review themselves: no reviewer, no token', async () => {
    bench.write(bound());
    const applied = await apply();
    expect(applied.findings.filter(({ status }) => status === 'created').map(({ subject }) => subject)).toEqual([
      hand.address.mount,
      hand.address.policy,
      hand.address.binding,
      hand.address.config,
      hand.address.role,
    ]);
    expect(applied.exit).toBe(0);
    const config = (await bench.vault('GET', hand.address.config)).body.data;
    expect(config).toMatchObject({ token_reviewer_jwt_set: false, disable_local_ca_jwt: true });
    expect((await kubernetes('GET', hand.url.account)).status).toBe(404);
    const subjects = (await kubernetes('GET', hand.url.binding)).body.subjects;
    expect(subjects).toEqual([{ kind: 'ServiceAccount', name: 'my-sa', namespace: bench.namespace }]);
    await nothingLeft();
    // Nothing in the cluster tells of the run that wrote it, and a recipe's word for its mount is none.
    const again = await bench.report('verify', '-f', 'recipe.yaml');
    expect([again.exit, notable(again)]).toEqual([
      1,
      expect.arrayContaining([expect.stringMatching(/^failed audience-not-minted/)]),
    ]);
    expect((await bench.report('verify', '-f', 'recipe.yaml', ...mint())).exit).toBe(0);
  });

  it('a client added to the recipe is added to the binding', async () => {
    bench.write(bound());
    await apply();
    const recipe = bound();
    recipe.roles?.push({ name: `${bench.role}-2`, service_accounts: [`${bench.namespace}/stranger`] });
    bench.write({ ...recipe, expect: [{ role: `${bench.role}-2`, service_account: `${bench.namespace}/stranger` }] });
    const plan = await bench.report('plan', '-f', 'recipe.yaml');
    const [mine, added] = [`${bench.namespace}/my-sa`, `${bench.namespace}/stranger`];
    expect(pending(plan)[hand.address.binding]).toEqual({ subjects: [[mine], [mine, added]] });
    expect((await apply(...mint())).exit).toBe(0);
    await nothingLeft();
  });

  it('without bind_clients a warning says that the accounts must be delegators', async () => {
    bench.write(clientReview({}));
    const validated = await bench.report('plan', '-f', 'recipe.yaml');
    const warnings = validated.findings.filter(({ status }) => status === 'warning').map(({ message }) => message);
    expect(warnings.join('\n')).toMatch(/bind_clients/);
  });

  it('switching from token_secret clears the stored token, and back again stores it', async () => {
    bench.write(withoutAudience());
    expect((await apply()).exit).toBe(0);

    const name = `${bench.binding}-clients`;
    bench.write(clientReview({ bind_clients: true, binding: name }));
    const plan = await bench.report('plan', '-f', 'recipe.yaml');
    expect(pending(plan)[hand.address.config]).toEqual({
      token_reviewer_jwt: ['(set, unknown)', '(not set)'],
      disable_local_ca_jwt: [false, true],
    });
    const finding = plan.findings.find(({ subject }) => subject === hand.address.config);
    expect(finding?.message).toContain('clears the stored reviewer token');
    expect((await apply()).exit).toBe(0);
    expect((await bench.vault('GET', hand.address.config)).body.data.token_reviewer_jwt_set).toBe(false);
    await nothingLeft();
    expect((await bench.report('verify', '-f', 'recipe.yaml', ...mint())).exit).toBe(0);

    bench.write(withoutAudience());
    const back = await bench.report('plan', '-f', 'recipe.yaml');
    expect(pending(back)).toEqual({
      [hand.address.config]: {
        token_reviewer_jwt: ['(not set)', `(from ${hand.address.secret})`],
        disable_local_ca_jwt: [true, false],
      },
    });
    expect((await apply()).exit).toBe(0);
    expect((await bench.vault('GET', hand.address.config)).body.data.token_reviewer_jwt_set).toBe(true);
    await nothingLeft();
    expect((await bench.report('verify', '-f', 'recipe.yaml')).exit).toBe(0);
    await kubernetes('DELETE', `/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/${name}`);
  });
});

describe("the cluster's CA, when the kubeconfig has none", () => {
  let bench: Workbench;
  beforeEach(async () => {
    bench = await workbench('openbao');
  });
  afterEach(() => bench.remove());

  it('comes from ConfigMap kube-root-ca.crt', async () => {
    const { server, ca, clientCertificate, clientKey } = servers().kubernetes;
    const base64 = (text: string) => Buffer.from(text).toString('base64');
    const file = join(bench.folder, 'insecure.kubeconfig');
    const user = { 'client-certificate-data': base64(clientCertificate), 'client-key-data': base64(clientKey) };
    const kubeconfig = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'c',
      clusters: [{ name: 'c', cluster: { server, 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'u', user }],
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    };
    writeFileSync(file, stringify(kubeconfig));
    bench.write(bench.recipe());
    await caPublished(bench.namespace);
    const settings = { env: { ...bench.env, KUBECONFIG: file }, cwd: bench.folder };
    const applied = await runCli(['apply', '-f', 'recipe.yaml', '--yes', '-o', 'json'], settings);
    expect(notable(JSON.parse(applied.stdout)).filter((line) => /^(failed|blocked)/.test(line))).toEqual([]);
    expect(applied.exit).toBe(0);
    const stored = (await bench.vault('GET', `auth/${bench.mount}/config`)).body.data.kubernetes_ca_cert;
    expect(stored.trim()).toBe(ca.trim());
    // The same as with the CA in the kubeconfig.
    expect((await bench.report('plan', '-f', 'recipe.yaml', '--detailed-exitcode')).exit).toBe(0);
  });
});
