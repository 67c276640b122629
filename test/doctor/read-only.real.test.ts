import { describe, expect, it, onTestFinished } from 'vitest';
import {
  authMount,
  authMounts,
  impossibleLogin,
  roleNames,
  storedConfig,
  storedPolicy,
  storedRole,
} from '../../src/proof/auth-method.ts';
import {
  apiHandshake,
  delegators,
  kubernetesVersion,
  mayReview,
  reviewerTokenSecret,
  serviceAccountFact,
} from '../../src/proof/cluster.ts';
import { observedLogin } from '../../src/proof/observed-login.ts';
import { storedSecret } from '../../src/proof/stored-secret.ts';
import { operatorToken, vaultHealth, vaultStorage } from '../../src/proof/vault-server.ts';
import { readRecipe } from '../../src/recipe/read.ts';
import { covers, neededFor } from '../servers/access.ts';
import { accessOf } from '../servers/declared.ts';
import { products, servers } from '../servers/servers.ts';
import { watched } from '../servers/wire.ts';
import { type Bench, healthy } from './bench.ts';

/** What may be sent beside GET: nothing of it stays but tokens, which are revoked. */
const harmless = [
  /^POST \/v1\/auth\/[^/]+\/login$/,
  /^POST \/v1\/auth\/token\/revoke-self$/,
  /^POST \/v1\/sys\/capabilities-self$/,
  /^POST \/api\/v1\/namespaces\/[^/]+\/serviceaccounts\/[^/]+\/token$/,
  /^POST \/apis\/authentication\.k8s\.io\/v1\/tokenreviews$/,
  /^POST \/apis\/authorization\.k8s\.io\/v1\/subjectaccessreviews$/,
];

describe.each(products)('doctor without --fix and --probe, on %s', (product) => {
  it.each<[title: string, breakIt: (bench: Bench) => Promise<void>]>([
    ['good', async () => undefined],
    ['refused', (bench) => bench.delegate()],
  ])('sends nothing that changes anything, and nothing that no experiment declares: %s', async (_title, breakIt) => {
    const bench = await healthy(product);
    onTestFinished(() => bench.remove());
    await breakIt(bench);
    const { sent } = await watched(() => bench.report('doctor', '-f', 'recipe.yaml'));
    const lines = sent.map(({ method, path }) => `${method} ${path.replace(/\?.*/, '')}`);
    expect(lines.filter((line) => !line.startsWith('GET ') && !harmless.some((one) => one.test(line)))).toEqual([]);
    const { token } = servers().vaults[product];
    const operators = sent.filter(({ headers }) =>
      headers['x-vault-request'] ? headers['x-vault-token'] === token : headers['authorization'] === undefined,
    );
    const { recipe } = await readRecipe(['recipe.yaml'], { cwd: bench.folder, env: {}, allowedEnv: [] });
    // Roles, policies and config are compared with the recipe as a plan does it.
    const declared = [...experimentsOf(bench), ...accessOf(recipe, product, ['plan'])];
    const undeclared = operators.filter((request) => {
      const needed = neededFor(request);
      return needed !== undefined && !declared.some((one) => covers(one, needed));
    });
    expect(undeclared.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  });
});

function experimentsOf({ mount, role, namespace, policy, secret }: Bench) {
  const account = { namespace, name: 'my-sa' };
  const reviewer = { namespace, name: 'vault-reviewer' };
  const stranger = { namespace, name: 'stranger' };
  const login = { mount, role, service_account: account, monitor: true, can: [], cannot: [] };
  return [
    ...vaultHealth.access(null),
    ...vaultStorage.access(null),
    ...operatorToken.access(null),
    ...authMount.access(mount),
    ...authMounts.access(null),
    ...impossibleLogin.access(mount),
    ...storedConfig.access(mount),
    ...storedRole.access({ mount, role }),
    ...roleNames.access(mount),
    ...storedPolicy.access(policy),
    ...storedSecret.access(`secret/data/${secret}`),
    ...kubernetesVersion.access(null),
    ...apiHandshake.access({ host: '', ca: '' }),
    ...serviceAccountFact.access(account),
    ...serviceAccountFact.access(stranger),
    ...reviewerTokenSecret.access({ namespace, name: 'vault-reviewer-token' }),
    ...mayReview.access(reviewer),
    ...delegators.access(null),
    ...observedLogin.access(login),
    ...observedLogin.access({ ...login, service_account: stranger }),
  ];
}
