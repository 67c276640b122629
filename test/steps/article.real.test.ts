import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { products } from '../servers/servers.ts';
import { notable, type Workbench, workbench } from '../servers/workbench.ts';

describe.each(products)('the article, end to end, on %s', (product) => {
  let bench: Workbench;
  beforeAll(async () => {
    bench = await workbench(product);
    bench.write(bench.recipe());
  });
  afterAll(() => bench.remove());

  it('plans everything, applies it, and has nothing left to do', async () => {
    const first = await bench.report('plan', '-f', 'recipe.yaml');
    expect(first.exit).toBe(0);
    expect(notable(first)).toEqual([
      `pending to-create sys/auth/${bench.mount}`,
      `pending to-create sys/policies/acl/${bench.policy}`,
      `pending to-create ServiceAccount ${bench.namespace}/vault-reviewer`,
      `pending to-create Secret ${bench.namespace}/vault-reviewer-token`,
      `pending to-create ClusterRoleBinding ${bench.binding}`,
      `skipped need-missing token of Secret ${bench.namespace}/vault-reviewer-token`,
      `pending to-create auth/${bench.mount}/config`,
      `pending to-create auth/${bench.mount}/role/${bench.role}`,
    ]);
    const applied = await bench.report('apply', '-f', 'recipe.yaml', '--yes');
    expect(applied.exit).toBe(0);
    expect(applied.summary.changed).toBe(7);
    const second = await bench.report('plan', '-f', 'recipe.yaml', '--detailed-exitcode');
    expect(notable(second)).toEqual([]);
    expect(second.exit).toBe(0);
  });

  it('shows what TokenReview says of the reviewer', async () => {
    const { findings } = await bench.report('verify', '-f', 'recipe.yaml');
    const fields = Object.fromEntries(
      findings
        .filter(({ step }) => step === 'review-token')
        .flatMap((one) => one.fields.map(({ field, after }) => [field, after])),
    );
    expect(fields).toEqual({
      username: `system:serviceaccount:${bench.namespace}:vault-reviewer`,
      uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      groups: ['system:serviceaccounts', `system:serviceaccounts:${bench.namespace}`, 'system:authenticated'],
      audiences: ['https://kubernetes.default.svc.cluster.local'],
    });
  });

  it('proves login, access and refusals, and draws the whole chain', async () => {
    const verified = await bench.report('verify', '-f', 'recipe.yaml');
    expect(verified.exit).toBe(0);
    const logins = verified.findings.filter(({ step }) => step === 'login');
    expect(logins.map(({ code, message }) => [code, message])).toEqual([
      ['in-place', expect.stringContaining('logs in, access is as expected where it was tried, token revoked')],
      ['asked-only', expect.stringContaining('cannot update secret/data/')],
      ['login-refused', expect.stringContaining('service account name not authorized')],
    ]);
    expect(verified.chain).toHaveLength(1);
    expect(verified.chain[0]?.links.map(({ link, status }) => `${link} ${status}`)).toEqual([
      'service-account ok',
      'token ok',
      'mount ok',
      'role ok',
      'token-review ok',
      'policy ok',
      'secret ok',
    ]);
  });
});
