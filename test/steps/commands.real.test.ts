import { readdirSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { kubernetes } from '../servers/raw.ts';
import { products, servers } from '../servers/servers.ts';
import { bash, shellAt } from '../servers/shell.ts';
import { type Workbench, workbench } from '../servers/workbench.ts';

/** The block of `plan --show-commands` below a step's title. */
function block(text: string, title: string): string {
  const found = text.split(/^# /m).find((part) => part.startsWith(`${title}\n`));
  if (found === undefined) throw new Error(`no block ${title} in ${text}`);
  return found.slice(title.length + 1);
}

/** A recipe that means to be read as something else than itself by a shell, by Vault's command line or by YAML. */
function hostile(bench: Workbench) {
  const { namespace, secret } = bench;
  const recipe = bench.recipe();
  const hcl = [
    `path "secret/data/${secret}" { capabilities = ["read"] } # it's $(touch pwned) \`touch pwned\``,
    'path "secret/data/x;touch$IFS\'pwned\'" { capabilities = ["list"] }',
    'path "secret/data/{{identity.entity.aliases.${accessor}.name}}" { capabilities = ["read"] }',
  ].join('\n');
  const plain = '/*\nEOF\n*/\npath "secret/data/$(touch pwned)" { capabilities = ["read"] }';
  return {
    ...recipe,
    auth: {
      ...recipe.auth,
      description: "@.vault-token; touch pwned; it's",
      config: { issuer: '@.vault-token' },
    },
    policies: [
      { name: bench.policy, hcl },
      { name: `${bench.policy}-b`, hcl: plain },
    ],
    roles: [{ ...recipe.roles?.[0], audience: '@.vault-token' }],
    expect: [{ role: bench.role, service_account: `${namespace}/my-sa`, can: [`read secret/data/${secret}`] }],
  };
}

describe.each(products)('plan --show-commands on %s', (product) => {
  it('reviews with the token of the reviewer and no other identity', async () => {
    const bench = await workbench(product);
    onTestFinished(() => bench.remove());
    bench.write(bench.recipe());
    expect((await bench.cli('apply', '-f', 'recipe.yaml', '--yes', '--verify=none')).exit).toBe(0);
    const command = block(
      (await bench.cli('plan', '-f', 'recipe.yaml', '--show-commands')).stdout,
      'review a token as Vault will',
    );
    const secret = `/api/v1/namespaces/${bench.namespace}/secrets/vault-reviewer-token`;
    const token = Buffer.from((await kubernetes('GET', secret)).body.data.token, 'base64').toString();
    const env = { PATH: process.env['PATH'] ?? '', SA_TOKEN: token, SA_CA_CRT: servers().kubernetes.ca };
    const review = async () => JSON.parse((await bash('bash', ['-c', command], { env })).stdout);
    expect(await review()).toMatchObject({
      kind: 'TokenReview',
      status: { authenticated: true, user: { username: `system:serviceaccount:${bench.namespace}:vault-reviewer` } },
    });
    await kubernetes('DELETE', `/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/${bench.binding}`);
    await expect.poll(review).toMatchObject({ kind: 'Status', reason: 'Forbidden' });
  });

  it('makes what apply makes, whatever is in the values, and no word of a recipe is run or names a file', async () => {
    const bench = await workbench(product);
    onTestFinished(() => bench.remove());
    bench.write(hostile(bench));
    const run = shellAt(bench);
    const text = (await bench.cli('plan', '-f', 'recipe.yaml', '--show-commands')).stdout;
    for (const step of ['service-account', 'bind-delegator'])
      expect((await bench.cli('step', step, '-f', 'recipe.yaml', '--yes')).exit).toBe(0);
    const secret = `/api/v1/namespaces/${bench.namespace}/secrets/vault-reviewer-token`;
    const SA_TOKEN = Buffer.from((await kubernetes('GET', secret)).body.data.token, 'base64').toString();
    for (const title of ['enable the auth method', 'write the ACL policies', 'write the auth config', 'bind the roles'])
      await run(block(text, title), { SA_TOKEN });
    expect(readdirSync(bench.folder)).not.toContain('pwned');
    const role = (await bench.vault('GET', `auth/${bench.mount}/role/${bench.role}`)).body.data;
    const config = (await bench.vault('GET', `auth/${bench.mount}/config`)).body.data;
    expect([role.audience, config.issuer]).toEqual(['@.vault-token', '@.vault-token']);
    // Vault does not give the reviewer's token back: what stored it is not known to vaultbind.
    const planned = await bench.report('plan', '-f', 'recipe.yaml');
    expect(planned.findings.flatMap(({ fields }) => fields.map(({ field }) => field))).toEqual(['token_reviewer_jwt']);
    expect((await bench.report('verify', '-f', 'recipe.yaml', '--only', 'login')).exit).toBe(0);
  });
});

describe('all of plan --show-commands', () => {
  it('is all that it takes, with kubectl', async ({ skip }) => {
    const bench = await workbench('openbao');
    onTestFinished(() => bench.remove());
    const run = shellAt(bench);
    skip((await run('command -v kubectl || true')) === '', 'kubectl is not on PATH');
    bench.write(hostile(bench));
    const text = (await bench.cli('plan', '-f', 'recipe.yaml', '--show-commands')).stdout;
    const filled = `kubectl wait secret/vault-reviewer-token -n ${bench.namespace} --for=jsonpath={.data.token}`;
    const said = await run(text.replace(/^SA_TOKEN=/m, `${filled}\nSA_TOKEN=`));
    expect(said).toContain('"authenticated": true');
    expect(said).toContain(bench.policy);
    expect((await bench.report('verify', '-f', 'recipe.yaml', '--only', 'login')).exit).toBe(0);
  });
});
