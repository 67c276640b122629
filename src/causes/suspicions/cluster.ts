import type { CauseId } from '../../codes.ts';
import { type Examination, known } from '../../facts/examination.ts';
import { bareRefusal, logOf } from '../../facts/refusal.ts';
import type { Handshake } from '../../kubernetes/handshake.ts';
import { configAddress } from '../../model/addresses.ts';
import { withoutTrailingSlashes } from '../../model/trailing.ts';
import { onLoopback } from '../../recipe/urls.ts';
import { CaBundle } from '../../trust/ca-bundle.ts';
import type { Family, Suspected } from '../cause.ts';
import { fixesOf, meaningOf } from '../literals/index.ts';

const ofHandshake: Partial<Record<Handshake['status'], CauseId>> = {
  unreachable: 'host-unreachable',
  untrusted: 'ca-mismatch',
  'wrong-name': 'certificate-name-mismatch',
  expired: 'certificate-expired',
  'not-an-api-server': 'host-not-an-api-server',
};

/** The host and CA in the auth config. A good login does not prove them: Vault keeps old connections. */
export const clusterCauses: Family = (x) => {
  const named = [...malformed(x), ...loopback(x), ...caMissing(x), ...caUnreadable(x)];
  return named.length > 0 ? named : [...handshakeCauses(x), ...pathCauses(x)];
};

function hostOf(x: Examination): string {
  return String(known(x.mount.config)?.['kubernetes_host'] ?? '');
}

function suspicion(x: Examination, cause: CauseId, experiment: string, said: string): Suspected {
  return {
    cause,
    certainty: 'certain',
    subject: configAddress(x.patient.mount),
    evidence: [{ experiment, said }, ...otherHost(x)],
    fix: fixesOf(cause, x),
  };
}

/** A host that was good once is told from a wrong one by what the kubeconfig has. */
function otherHost(x: Examination): Suspected['evidence'] {
  const { server } = x.kubeconfig;
  if (server === '' || withoutTrailingSlashes(hostOf(x)) === withoutTrailingSlashes(server)) return [];
  const answers = known(x.host.own)?.status === 'ok' ? ', which answers from here' : '';
  return [{ experiment: 'kubeconfig', said: `its server is ${server}${answers}; kubernetes_host is ${hostOf(x)}` }];
}

function malformed(x: Examination): Suspected[] {
  const host = hostOf(x);
  if (!known(x.mount.config) || host === '' || loggedIn(x)) return [];
  const said = `kubernetes_host: ${JSON.stringify(host)}`;
  if (/\$\{|\$\(/.test(host))
    return [suspicion(x, 'host-malformed', 'auth-config', `${said}: a shell variable that was not expanded`)];
  if (
    /\s/.test(host.trim()) &&
    host
      .trim()
      .split(/\s+/)
      .every((one) => URL.canParse(one))
  )
    return [suspicion(x, 'host-malformed', 'auth-config', `${said}: several URLs joined by spaces`)];
  if (!/^https?:\/\/[^\s/]+/i.test(host) || !URL.canParse(host) || hasControl(host))
    return [suspicion(x, 'host-malformed', 'auth-config', `${said} is no URL`)];
  if (/^http:/i.test(host)) return [suspicion(x, 'host-plain-http', 'auth-config', said)];
  return [];
}

function hasControl(text: string): boolean {
  return [...text].some((one) => one <= ' ' || one === '\u007f');
}

function loggedIn(x: Examination): boolean {
  const login = known(x.login)?.login;
  return login !== undefined && 'accepted' in login;
}

/** On another machine than Vault's, 127.0.0.1 is another machine. */
function loopback(x: Examination): Suspected[] {
  const host = hostOf(x);
  if (!onLoopback(host) || onLoopback(x.address) || loggedIn(x)) return [];
  const refused = (logOf(x) ?? []).find((line) => meaningOf(line) === 'host-unreachable');
  const said = `kubernetes_host ${host} is this machine to whoever reads it; Vault is at ${x.address}`;
  const one = suspicion(
    x,
    'host-loopback',
    'auth-config',
    refused === undefined ? said : `${said}; its log: ${refused}`,
  );
  if (refused !== undefined) return [one];
  return bareRefusal(x) ? [{ ...one, certainty: 'likely' }] : [];
}

/** Without a CA Vault trusts the system's roots, which sign no cluster's own certificate. */
function caMissing(x: Examination): Suspected[] {
  const config = known(x.mount.config);
  const answer = known(x.host.configured);
  if (!config || String(config['kubernetes_ca_cert'] ?? '') !== '' || answer?.status !== 'untrusted') return [];
  // Inside a pod Vault takes the CA that is mounted there.
  if (loggedIn(x)) return [];
  const said = `kubernetes_ca_cert is empty; the system's roots do not sign what ${hostOf(x)} shows`;
  const one = suspicion(x, 'ca-missing', 'api-handshake', said);
  const heard = (logOf(x) ?? []).some((line) => meaningOf(line) === 'ca-mismatch');
  return [heard || config['disable_local_ca_jwt'] === true ? one : { ...one, certainty: 'likely' }];
}

function caUnreadable(x: Examination): Suspected[] {
  const { configured } = x.host;
  if (configured.known || configured.because?.code !== 'ca-malformed') return [];
  const ca = String(known(x.mount.config)?.['kubernetes_ca_cert'] ?? '');
  const one = suspicion(x, 'ca-malformed', 'auth-config', `${configured.because.message}${looksLike(ca.trim())}`);
  const read = CaBundle.read(ca);
  // Whatever stands there, in a single line Go finds no certificate.
  if (read instanceof CaBundle || read.kind !== 'unclear' || !ca.trim().includes('\n')) return [one];
  // Vault may well read it: then it is not why.
  return loggedIn(x) ? [] : [{ ...one, certainty: 'likely' }];
}

function looksLike(ca: string): string {
  if (/^(DATA\+OMITTED|REDACTED)$/.test(ca)) return ': what kubectl shows in its place; use kubectl config view --raw';
  if (ca.startsWith('LS0tLS1CRUdJTi')) return ': it is base64 of a PEM; decode it';
  if (/^(\/|\.\/|@)/.test(ca)) return ': it is the path of a file, not what the file holds';
  if (ca.includes('BEGIN CERTIFICATE')) return ': its line ends are lost';
  return '';
}

/** From here, which is not where Vault stands: a host that does not answer from here is no more than likely. */
function handshakeCauses(x: Examination): Suspected[] {
  const answer = known(x.host.configured);
  const cause = answer && ofHandshake[answer.status];
  if (!answer || !cause) return [];
  const one = suspicion(x, cause, 'api-handshake', `${hostOf(x)}: ${answer.said}`);
  if (cause !== 'host-unreachable') return [one];
  return [{ ...one, certainty: bareRefusal(x) ? 'likely' : 'possible' }];
}

/** The handshake asks the server alone; Vault asks below the path of kubernetes_host. */
function pathCauses(x: Examination): Suspected[] {
  const host = hostOf(x);
  const path = URL.canParse(host) ? withoutTrailingSlashes(new URL(host).pathname) : '';
  if (path === '' || !(bareRefusal(x) || answersAtItsRoot(x))) return [];
  const said = `kubernetes_host has the path ${path}: Vault asks for ${path}/apis/authentication.k8s.io/v1/tokenreviews`;
  const silent = logOf(x)?.every((line) => meaningOf(line) === undefined) === true;
  const certain = silent || answersAtItsRoot(x);
  return [
    { ...suspicion(x, 'host-not-an-api-server', 'auth-config', said), certainty: certain ? 'certain' : 'likely' },
  ];
}

/** The host is the kubeconfig's server, which has no path there and answers without one; a token is not shown to see it. */
function answersAtItsRoot(x: Examination): boolean {
  const { server } = x.kubeconfig;
  if (x.login.known || !URL.canParse(server) || known(x.host.own)?.status !== 'ok') return false;
  const { origin, pathname } = new URL(server);
  return origin === new URL(hostOf(x)).origin && pathname === '/';
}
