import { generateKeyPairSync } from 'node:crypto';
import { servers } from '../../servers/servers.ts';
import { certain, type Fault } from '../fault.ts';

const publicKey = () =>
  generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' });

/** Vault refuses these where they are written; OpenBao takes them. */
const malformedCas: Fault[] = Object.entries({
  'ca-redacted': ['C166', () => 'DATA+OMITTED'],
  'ca-in-base64': ['C022', () => Buffer.from(servers().kubernetes.ca).toString('base64')],
  'ca-is-a-path': ['C167', () => '/etc/kubernetes/pki/ca.crt'],
  'ca-with-line-ends-lost': ['C023', () => servers().kubernetes.ca.replaceAll('\n', '\\n')],
  'ca-is-numbers': ['C172', () => '[68 64 192]'],
} satisfies Record<string, [string, () => string]>).map(([id, [found, ca]]) => ({
  id,
  cases: [found],
  only: 'openbao',
  break: (bench) => bench.config({ kubernetes_ca_cert: ca() }),
  expected: certain('ca-malformed', /config$/),
}));

/** What stands in auth/<mount>/config, and where it leads. */
export const configFaults: Fault[] = [
  host(
    'host-port-dead',
    ['C134', 'C138', 'C140'],
    (around) => `https://127.0.0.1:${around.deadPort}`,
    'host-unreachable',
  ),
  host('host-name-unknown', ['C134', 'C006'], () => 'https://kubernetes.invalid:6443', 'host-unreachable'),
  host('host-two-urls', ['C165'], () => `${server()} https://10.0.0.1:6443`, 'host-malformed'),
  host('host-variable-not-expanded', ['C030'], () => 'https://${KUBERNETES_SERVICE_HOST}:443', 'host-malformed'),
  host('host-line-end', ['C029'], () => `${server()}\u0001`, 'host-malformed'),
  host('host-without-scheme', ['C028'], () => server().replace('https://', ''), 'host-malformed'),
  host('host-plain-http', ['C139'], () => server().replace('https:', 'http:'), 'host-plain-http'),
  host('host-speaks-http', ['C139'], (around) => around.plain.url.replace('http:', 'https:'), 'host-plain-http'),
  {
    id: 'host-is-a-web-page',
    cases: ['C031', 'C122'],
    break: (bench, { page, authority }) =>
      bench.config({ kubernetes_host: page.url, kubernetes_ca_cert: authority.certificate }),
    expected: certain('host-not-an-api-server', /config$/),
  },
  {
    id: 'host-path',
    cases: ['C031'],
    break: (bench) => bench.config({ kubernetes_host: `${server()}/k8s/clusters/c-1` }),
    expected: certain('host-not-an-api-server', /config$/),
  },
  {
    id: 'host-of-another-cluster',
    cases: ['C165', 'C025'],
    // No token is shown to a host that nothing shows to be this cluster, so the config itself must tell.
    break: (bench, { cluster }) => bench.config({ kubernetes_host: cluster.server, kubernetes_ca_cert: cluster.ca }),
    expected: certain('drift', /config$/),
    flags: 'untold',
  },
  {
    id: 'host-of-another-cluster-that-is-trusted',
    cases: ['C165', 'C025'],
    break: async (bench, { cluster }) => {
      await bench.config({ kubernetes_host: cluster.server, kubernetes_ca_cert: cluster.ca });
      return { args: ['-f', 'recipe.yaml', '--trust-mount', bench.mount] };
    },
    expected: { cause: 'reviewer-token-foreign', certainty: 'likely', subject: /config$/ },
  },
  {
    id: 'host-moved-to-another-cluster-old-ca',
    cases: ['C135', 'C024'],
    break: (bench, { cluster }) => bench.config({ kubernetes_host: cluster.server }),
    expected: certain('ca-mismatch', /config$/),
  },
  {
    id: 'ca-of-another-cluster',
    cases: ['C135'],
    break: async (bench, { cluster }) => {
      await bench.config({ kubernetes_ca_cert: cluster.ca });
    },
    mend: (bench) => bench.config(),
    expected: certain('ca-mismatch', /config$/),
  },
  ...malformedCas,
  {
    id: 'ca-left-out',
    cases: ['C137', 'C168'],
    only: 'hashicorp',
    break: (bench) => bench.config({ kubernetes_ca_cert: '', disable_local_ca_jwt: true }),
    expected: certain('ca-missing', /config$/),
  },
  {
    id: 'host-is-loopback-of-another-machine',
    cases: ['C142'],
    break: async (bench, { deadPort, farAway }) => {
      await bench.config({ kubernetes_host: `https://127.0.0.1:${deadPort}` });
      return { env: farAway(bench.product) };
    },
    expected: certain('host-loopback', /config$/),
  },
  {
    id: 'certificate-ended',
    cases: ['C135'],
    break: (bench, { expired, authority }) =>
      bench.config({ kubernetes_host: expired.url, kubernetes_ca_cert: authority.certificate }),
    expected: certain('certificate-expired', /config$/),
  },
  {
    id: 'certificate-of-another-name',
    cases: ['C144'],
    break: (bench, { misnamed, authority }) =>
      bench.config({ kubernetes_host: misnamed.url, kubernetes_ca_cert: authority.certificate }),
    expected: certain('certificate-name-mismatch', /config$/),
  },
  {
    id: 'issuer-of-old-tokens',
    cases: ['C033', 'C034'],
    break: (bench) => bench.config({ issuer: 'kubernetes/serviceaccount', disable_iss_validation: false }),
    mend: (bench) => bench.config(),
    expected: certain('issuer-mismatch'),
  },
  {
    id: 'issuer-with-a-slash-more',
    cases: ['C034', 'C036'],
    break: (bench) => bench.config({ issuer: 'https://kubernetes.default.svc/', disable_iss_validation: false }),
    expected: certain('issuer-mismatch'),
  },
  {
    id: 'pem-keys-of-another-cluster',
    cases: ['C039'],
    break: (bench) => bench.config({ pem_keys: [publicKey()] }),
    mend: (bench) => bench.config(),
    expected: certain('signing-key-mismatch', /config$/),
  },
];

function host(
  id: string,
  cases: string[],
  value: (around: Parameters<Fault['break']>[1]) => string,
  cause: 'host-unreachable' | 'host-malformed' | 'host-plain-http',
): Fault {
  return {
    id,
    cases,
    break: (bench, around) => bench.config({ kubernetes_host: value(around) }),
    mend: (bench) => bench.config(),
    expected: certain(cause, /config$/),
  };
}

function server(): string {
  return servers().kubernetes.server;
}
