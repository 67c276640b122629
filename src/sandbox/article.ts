import { readCa } from '../trust/read-ca.ts';
import { asking } from './processes/ask.ts';
import type { Sandbox } from './sandbox.ts';
import type { KubernetesServer } from './servers/kubernetes.ts';
import type { SandboxVault } from './servers/vault.ts';
import { demand } from './servers/vault-operator.ts';

/** Plainly no credentials, so that nobody's secret scanner takes fright. */
const fake = { aws_access_key_id: 'example-access-key', aws_secret_access_key: 'example-secret-key' };

/** What recipes/article.yaml stands on: the application's secret, its ServiceAccount, and a stranger's. */
export async function prepareArticle({ kubernetes, vaults }: Sandbox): Promise<void> {
  await Promise.all([makeAccounts(kubernetes), ...vaults.map(storeSecret)]);
}

async function storeSecret(vault: SandboxVault): Promise<void> {
  const tls = vault.ca ? { tls: { ca: readCa(vault.ca) } } : {};
  await asking({ url: vault.address, headers: { 'x-vault-token': vault.token.reveal() }, ...tls }, (ask) =>
    demand('store the secret', ask('POST', '/v1/secret/data/myapp/config', { data: fake })),
  );
}

async function makeAccounts(kubernetes: KubernetesServer): Promise<void> {
  const { server, ca, admin } = kubernetes;
  await asking({ url: server, tls: { ca: readCa(ca), cert: admin.certificate, key: admin.key } }, async (ask) => {
    for (const name of ['my-sa', 'stranger']) {
      const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } };
      const answer = await ask('POST', '/api/v1/namespaces/default/serviceaccounts', account);
      if (answer.status !== 409) await demand(`make ServiceAccount default/${name}`, Promise.resolve(answer));
    }
  });
}
