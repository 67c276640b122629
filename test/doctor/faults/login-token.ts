import { kubernetes } from '../../servers/raw.ts';
import { type Bench, must } from '../bench.ts';
import { type Call, certain, type Fault } from '../fault.ts';
import { now, signedAgain, signedByPassword } from '../tokens.ts';

const accounts = ({ namespace }: Bench) => `/api/v1/namespaces/${namespace}/serviceaccounts`;

const given = (bench: Bench, token: string): Call => ({
  args: ['--mount', bench.mount, '--role', bench.role, '--jwt-file', bench.file('token', token)],
});

/** A token somebody has, or the account it would be of. */
export const loginTokenFaults: Fault[] = [
  {
    id: 'account-gone',
    cases: ['C117'],
    break: (bench) => must(kubernetes('DELETE', `${accounts(bench)}/my-sa`)),
    mend: (bench) => must(kubernetes('POST', accounts(bench), { metadata: { name: 'my-sa' } })),
    expected: certain('service-account-missing', /my-sa$/),
  },
  {
    id: 'token-ended',
    cases: ['C123'],
    break: async (bench) =>
      given(
        bench,
        signedAgain(await bench.token(), (claims) => ({
          ...claims,
          iat: now() - 7200,
          nbf: now() - 7200,
          exp: now() - 3600,
        })),
      ),
    expected: certain('login-token-expired'),
  },
  {
    id: 'token-of-the-future',
    cases: ['C123'],
    break: async (bench) =>
      given(
        bench,
        signedAgain(await bench.token(), (claims) => ({
          ...claims,
          iat: now() + 3600,
          nbf: now() + 3600,
          exp: now() + 7200,
        })),
      ),
    expected: certain('clock-skew'),
  },
  {
    id: 'token-of-another-cluster',
    cases: ['C160', 'C025'],
    break: async (bench, { foreignToken }) => {
      await bench.bind({ bound_service_account_names: ['*'], bound_service_account_namespaces: ['*'] });
      return given(bench, await foreignToken('vault'));
    },
    expected: certain('login-token-foreign'),
  },
  {
    id: 'token-of-a-deleted-account',
    cases: ['C127'],
    break: async (bench) => {
      const token = await bench.token();
      await must(kubernetes('DELETE', `${accounts(bench)}/my-sa`));
      await must(kubernetes('POST', accounts(bench), { metadata: { name: 'my-sa' } }));
      return given(bench, token);
    },
    expected: certain('login-token-revoked'),
  },
  {
    id: 'token-of-a-deleted-pod',
    cases: ['C127', 'C116'],
    break: async (bench) => {
      const pods = `/api/v1/namespaces/${bench.namespace}/pods`;
      const spec = { serviceAccountName: 'my-sa', containers: [{ name: 'a', image: 'b' }] };
      await must(kubernetes('POST', pods, { metadata: { name: 'app' }, spec }));
      const boundObjectRef = { kind: 'Pod', apiVersion: 'v1', name: 'app' };
      const token = await bench.token('my-sa', { boundObjectRef });
      await must(kubernetes('DELETE', `${pods}/app?gracePeriodSeconds=0`));
      return given(bench, token);
    },
    expected: certain('login-token-revoked'),
  },
  {
    id: 'token-in-quotes',
    cases: ['C125'],
    break: async (bench) => given(bench, `"${await bench.token()}"`),
    expected: certain('login-token-malformed'),
  },
  {
    id: 'token-with-bearer',
    cases: ['C125', 'C130'],
    break: async (bench) => given(bench, `Bearer ${await bench.token()}`),
    expected: certain('login-token-malformed'),
  },
  {
    id: 'token-cut-off',
    cases: ['C125', 'C130'],
    break: async (bench) => given(bench, (await bench.token()).split('.').slice(0, 2).join('.')),
    expected: certain('login-token-malformed'),
  },
  {
    id: 'token-is-a-path',
    cases: ['C125'],
    break: async (bench) => given(bench, '/var/run/secrets/kubernetes.io/serviceaccount/token'),
    expected: certain('login-token-malformed'),
  },
  {
    id: 'token-without-an-account',
    cases: ['C132'],
    break: async (bench) =>
      given(
        bench,
        signedAgain(await bench.token(), ({ 'kubernetes.io': _, ...claims }) => claims),
      ),
    expected: certain('login-token-malformed'),
  },
  {
    id: 'token-with-its-signature-changed',
    cases: ['C125', 'C127'],
    break: async (bench) => {
      const [head = '', body = '', signature = ''] = (await bench.token()).split('.');
      return given(bench, [head, body, signature.split('').reverse().join('')].join('.'));
    },
    expected: certain('login-token-foreign'),
  },
  {
    id: 'token-of-a-secret-without-audience',
    cases: ['C058'],
    break: async (bench) => {
      await bench.bind({ bound_service_account_names: ['vault-reviewer'] });
      return given(bench, await bench.reviewerToken());
    },
    expected: certain('audience-mismatch'),
  },
  {
    id: 'token-of-another-account',
    cases: ['C069', 'C048'],
    break: async (bench) => given(bench, await bench.token('stranger')),
    expected: certain('service-account-not-bound'),
  },
  {
    id: 'token-signed-with-a-password',
    cases: ['C037'],
    break: async (bench) => given(bench, signedByPassword(await bench.token())),
    expected: certain('login-token-algorithm'),
  },
];
