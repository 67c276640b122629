import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { kubernetes } from '../servers/raw.ts';
import { products, servers } from '../servers/servers.ts';
import { workbench } from '../servers/workbench.ts';

const bash = promisify(execFile);

/** The block of `plan --show-commands` below a step's title. */
function block(text: string, title: string): string {
  const found = text.split(/^# /m).find((part) => part.startsWith(`${title}\n`));
  if (found === undefined) throw new Error(`no block ${title} in ${text}`);
  return found.slice(title.length + 1);
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
});
