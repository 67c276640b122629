import { describe, expect, it } from 'vitest';
import { clusterCauses } from '../../../src/causes/suspicions/cluster.ts';
import { bare, config, examination, fact, handshake, hidden, login, type Row, told } from '../healthy.ts';

const at = (kubernetes_host: string) => fact({ ...config, kubernetes_host });
const shakes = (status: typeof handshake.status) => fact({ ...handshake, status, said: 'why' });
const refused =
  'login unauthorized: Post "https://127.0.0.1:6443/apis": dial tcp 127.0.0.1:6443: connect: connection refused';
const local = 'http://127.0.0.1:8200';

const table: Row[] = [
  ['host and CA are good', {}],
  ['the config may not be read', { config: hidden(), login: bare() }],
  [
    'a variable that nobody expanded',
    { config: at('https://${KUBERNETES_SERVICE_HOST}:443'), login: bare() },
    'host-malformed certain',
  ],
  ['two URLs', { config: at('https://a:1 https://b:2'), login: bare() }, 'host-malformed certain'],
  ['no scheme', { config: at('10.0.0.1:6443'), login: bare() }, 'host-malformed certain'],
  ['a control character', { config: at('https://10.0.0.1:6443\u0001'), login: bare() }, 'host-malformed certain'],
  ['plain http', { config: at('http://10.0.0.1:8080'), login: bare() }, 'host-plain-http certain'],
  ['plain http, and the login went through', { config: at('http://10.0.0.1:8080') }],
  [
    'loopback to a Vault elsewhere, and the log says refused',
    { config: at('https://127.0.0.1:6443'), login: bare([refused]) },
    'host-loopback certain',
  ],
  [
    'loopback to a Vault elsewhere, and the log was not heard',
    { config: at('https://127.0.0.1:6443'), login: bare(null) },
    'host-loopback likely',
  ],
  ['loopback to a Vault elsewhere, and the login went through', { config: at('https://127.0.0.1:6443') }],
  ['loopback to a Vault on this machine', { address: local, config: at('https://127.0.0.1:6443'), login: bare(null) }],
  [
    'no answer from here, and a refused login',
    { handshake: shakes('unreachable'), login: bare(null) },
    'host-unreachable likely',
  ],
  [
    'no answer from here, which is not where Vault stands',
    { handshake: shakes('unreachable'), login: login() },
    'host-unreachable possible',
  ],
  ['a CA that does not sign', { handshake: shakes('untrusted'), login: bare(null) }, 'ca-mismatch certain'],
  [
    'a CA that does not sign, though Vault keeps an old connection',
    { handshake: shakes('untrusted'), login: login() },
    'ca-mismatch certain',
  ],
  ['another name', { handshake: shakes('wrong-name'), login: bare(null) }, 'certificate-name-mismatch certain'],
  ['ended', { handshake: shakes('expired'), login: bare(null) }, 'certificate-expired certain'],
  ['a web page', { handshake: shakes('not-an-api-server'), login: bare(null) }, 'host-not-an-api-server certain'],
  [
    'a path below the server',
    { config: at('https://10.0.0.1:6443/k8s/c-1'), login: bare(null) },
    'host-not-an-api-server likely',
  ],
  ['a CA that is no PEM', { handshake: hidden('ca-malformed'), login: bare(null) }, 'ca-malformed certain'],
  [
    'no CA, and not even that of a Pod',
    {
      config: fact({ ...config, kubernetes_ca_cert: '', disable_local_ca_jwt: true }),
      handshake: shakes('untrusted'),
      login: bare(null),
    },
    'ca-missing certain',
  ],
  [
    'no CA, and Vault may have that of its Pod',
    { config: fact({ ...config, kubernetes_ca_cert: '' }), handshake: shakes('untrusted'), login: bare(null) },
    'ca-missing likely',
  ],
  [
    'no CA, and the login went through by that of its Pod',
    { config: fact({ ...config, kubernetes_ca_cert: '' }), handshake: fact(handshake) },
  ],
  ['a handshake that could not be made', { handshake: hidden('timeout'), login: bare(null) }],
];

describe('cluster', () => {
  it.each(table)('%s', (_what, change, ...says) => expect(told(clusterCauses(examination(change)))).toEqual(says));

  it('shows the host of the kubeconfig beside another one', () => {
    const x = examination({ config: at('https://10.0.0.9:1'), handshake: shakes('unreachable'), login: bare(null) });
    expect(clusterCauses(x)[0]?.evidence.at(-1)?.said).toContain('https://10.0.0.1:6443, which answers from here');
  });
});
