import { kubernetes } from '../../servers/raw.ts';
import { type Bench, must } from '../bench.ts';
import { certain, type Fault } from '../fault.ts';
import { now, signedAgain } from '../tokens.ts';

const rbac = 'rbac.authorization.k8s.io';
const subject = (name: string, namespace: string) => [{ kind: 'ServiceAccount', name, namespace }];
const secretPath = ({ namespace }: Bench) => `/api/v1/namespaces/${namespace}/secrets/vault-reviewer-token`;
const accountPath = ({ namespace }: Bench) => `/api/v1/namespaces/${namespace}/serviceaccounts/vault-reviewer`;

async function remakeSecret(bench: Bench, secret: Record<string, unknown>): Promise<void> {
  await must(kubernetes('DELETE', secretPath(bench)));
  const metadata = { name: 'vault-reviewer-token', ...(secret['metadata'] as object) };
  await must(kubernetes('POST', `/api/v1/namespaces/${bench.namespace}/secrets`, { ...secret, metadata }));
}

const mints = (namespace: string) => ['my-sa', 'stranger'].flatMap((name) => ['--mint-for', `${namespace}/${name}`]);

export const reviewerFaults: Fault[] = [
  {
    id: 'binding-gone',
    cases: ['C094', 'C101'],
    break: (bench) => bench.delegate(),
    expected: certain('reviewer-forbidden', /vault-reviewer$/),
  },
  {
    id: 'reviewer-token-of-a-stranger',
    cases: ['C098'],
    break: async (bench) => bench.config({ token_reviewer_jwt: await bench.token('stranger', { audiences: [] }) }),
    expected: certain('reviewer-forbidden', /config$/),
  },
  {
    id: 'binding-is-a-role-binding',
    cases: ['C095'],
    break: async (bench) => {
      await bench.delegate();
      const roleRef = { apiGroup: rbac, kind: 'ClusterRole', name: 'system:auth-delegator' };
      const path = `/apis/${rbac}/v1/namespaces/${bench.namespace}/rolebindings`;
      const subjects = subject('vault-reviewer', bench.namespace);
      await must(kubernetes('POST', path, { metadata: { name: 'delegator' }, roleRef, subjects }));
    },
    expected: certain('reviewer-forbidden', /vault-reviewer$/),
  },
  {
    id: 'binding-of-another-namespace',
    cases: ['C098'],
    break: (bench) => bench.delegate({ subjects: subject('vault-reviewer', 'default') }),
    expected: certain('reviewer-forbidden', /vault-reviewer$/),
  },
  {
    id: 'binding-of-another-account',
    cases: ['C098'],
    break: (bench) => bench.delegate({ subjects: subject('vault-agent-injector', bench.namespace) }),
    expected: certain('reviewer-forbidden', /vault-reviewer$/),
  },
  {
    id: 'binding-to-another-role',
    cases: ['C100'],
    break: (bench) => bench.delegate({ roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'view' } }),
    expected: certain('reviewer-forbidden', /vault-reviewer$/),
  },
  {
    id: 'config-rewritten-without-the-token',
    cases: ['C027', 'C111', 'C191'],
    break: (bench) => bench.config({ token_reviewer_jwt: '' }),
    expected: certain('reviewer-token-missing', /config$/),
  },
  {
    id: 'no-token-and-no-local-one',
    cases: ['C027', 'C025'],
    break: (bench) => bench.config({ token_reviewer_jwt: '', disable_local_ca_jwt: true }),
    expected: certain('reviewer-token-missing', /config$/),
  },
  {
    id: 'token-secret-deleted',
    cases: ['C115'],
    break: (bench) => must(kubernetes('DELETE', secretPath(bench))),
    expected: certain('reviewer-token-revoked'),
  },
  {
    // Logins go through: the token that is stored is of an account that is still there.
    id: 'token-secret-made-anew',
    cases: [],
    break: (bench) =>
      remakeSecret(bench, {
        type: 'kubernetes.io/service-account-token',
        metadata: { annotations: { 'kubernetes.io/service-account.name': 'vault-reviewer' } },
      }),
    expected: certain('drift', /config$/),
    flags: 'healthy',
  },
  {
    id: 'reviewer-account-made-anew',
    cases: ['C115', 'C116'],
    break: async (bench) => {
      await must(kubernetes('DELETE', accountPath(bench)));
      const path = `/api/v1/namespaces/${bench.namespace}/serviceaccounts`;
      await must(kubernetes('POST', path, { metadata: { name: 'vault-reviewer' } }));
    },
    expected: certain('reviewer-token-revoked'),
  },
  {
    id: 'reviewer-account-gone',
    cases: ['C115'],
    break: (bench) => must(kubernetes('DELETE', accountPath(bench))),
    expected: certain('reviewer-token-revoked'),
  },
  {
    id: 'no-token-because-no-secret',
    cases: ['C107', 'C108'],
    break: async (bench) => {
      await must(kubernetes('DELETE', secretPath(bench)));
      await bench.config({ token_reviewer_jwt: '' });
    },
    expected: certain('token-secret-missing', /vault-reviewer-token$/),
    flags: certain('reviewer-token-missing'),
  },
  {
    id: 'no-token-because-an-opaque-secret',
    cases: ['C109', 'C113'],
    break: async (bench) => {
      await remakeSecret(bench, { type: 'Opaque' });
      await bench.config({ token_reviewer_jwt: '' });
    },
    expected: certain('token-secret-wrong-type', /vault-reviewer-token$/),
    flags: certain('reviewer-token-missing'),
  },
  {
    id: 'token-secret-of-another-account',
    cases: ['C113', 'C110'],
    break: async (bench) => {
      await remakeSecret(bench, {
        type: 'kubernetes.io/service-account-token',
        metadata: { annotations: { 'kubernetes.io/service-account.name': 'stranger' } },
      });
      await bench.config({ token_reviewer_jwt: await bench.token('stranger', { audiences: [] }) });
    },
    expected: certain('token-secret-wrong-type', /vault-reviewer-token$/),
    flags: certain('reviewer-forbidden'),
  },
  {
    id: 'reviewer-token-ended',
    cases: ['C019', 'C020'],
    break: async (bench) => {
      const token = await bench.token('vault-reviewer', { audiences: [] });
      const ended = signedAgain(token, (claims) => ({
        ...claims,
        iat: now() - 7200,
        nbf: now() - 7200,
        exp: now() - 60,
      }));
      await bench.config({ token_reviewer_jwt: ended });
    },
    expected: { cause: 'reviewer-token-revoked', certainty: 'likely' },
  },
  {
    id: 'reviewer-token-of-another-cluster',
    cases: ['C025', 'C024'],
    break: async (bench, { foreignToken }) => bench.config({ token_reviewer_jwt: await foreignToken() }),
    mend: (bench) => bench.config(),
    expected: { cause: 'reviewer-token-revoked', certainty: 'likely' },
  },
  {
    id: 'reviewer-token-is-a-password',
    cases: ['C040'],
    break: (bench) => bench.config({ token_reviewer_jwt: 'hunter2-this-is-no-jwt' }),
    expected: { cause: 'reviewer-token-revoked', certainty: 'likely' },
  },
  {
    id: 'reviewer-token-in-base64',
    cases: ['C040', 'C111'],
    break: async (bench) =>
      bench.config({ token_reviewer_jwt: Buffer.from(await bench.reviewerToken()).toString('base64') }),
    expected: { cause: 'reviewer-token-revoked', certainty: 'likely' },
  },
  {
    id: 'reviewer-token-with-a-line-end',
    cases: ['C130'],
    break: async (bench) => {
      const token = await bench.reviewerToken();
      await bench.config({ token_reviewer_jwt: `${token.slice(0, 100)}\n${token.slice(100)}` });
    },
    expected: certain('reviewer-token-malformed'),
  },
  {
    id: 'client-review-not-bound',
    cases: ['C097'],
    recipe: (recipe) => {
      Object.assign(recipe.auth, { reviewer: { mode: 'client_jwt', bind_clients: true } });
      for (const role of recipe.roles ?? []) delete role['audience'];
    },
    break: async ({ namespace }) => {
      const path = `/apis/${rbac}/v1/clusterrolebindings`;
      const { body } = await kubernetes('GET', path);
      for (const one of body.items)
        if (one.subjects?.some((each: { namespace?: string }) => each.namespace === namespace))
          await must(kubernetes('DELETE', `${path}/${one.metadata.name}`));
      return { args: ['-f', 'recipe.yaml', ...mints(namespace)] };
    },
    expected: certain('client-review-forbidden', /my-sa$/),
  },
  {
    id: 'client-review-with-an-audience',
    cases: ['C121', 'C187'],
    recipe: (recipe) => {
      Object.assign(recipe.auth, { reviewer: { mode: 'client_jwt', bind_clients: true } });
      for (const role of recipe.roles ?? []) delete role['audience'];
    },
    break: async (bench) => {
      await bench.bind({ audience: 'vault' });
      return { args: ['-f', 'recipe.yaml', ...mints(bench.namespace)] };
    },
    expected: certain('client-review-audience'),
  },
];
