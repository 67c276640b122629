import { InterruptedError, type Problem, SystemError, type VaultbindError } from '../../errors.ts';
import type { TransportError } from '../../http/transport.ts';
import { certificateInWords } from '../certificates.ts';
import type { KubernetesConnection } from '../connect.ts';
import { type Handshake, handshake } from '../handshake.ts';

/** No answer came: why, with what the server shows when it is its certificate. */
export async function noAnswer(connection: KubernetesConnection, error: TransportError): Promise<VaultbindError> {
  const { server } = connection;
  if (error.kind === 'aborted') {
    return new InterruptedError({
      code: 'interrupted',
      subject: server,
      message: `interrupted while asking ${server}`,
    });
  }
  if (error.kind === 'tls') return new SystemError(await tlsProblem(connection, error));
  return new SystemError(plainProblem(connection, error));
}

function plainProblem({ server, origin, proxy }: KubernetesConnection, error: TransportError): Problem {
  const correct = {
    why: `Check the cluster's server in ${origin}, and whether it runs.`,
    command: 'kubectl cluster-info',
  };
  const say = (code: Problem['code'], message: string, fix = correct): Problem => ({
    code,
    subject: server,
    message,
    fix: [fix],
  });
  switch (error.kind) {
    case 'timeout':
      return say('timeout', `the API server ${server} gave no answer: ${error.detail}`, {
        why: 'Check network, VPN and firewall on the way to it; --timeout gives it longer.',
        command: `curl --insecure --max-time 10 ${server}/version`,
      });
    case 'scheme':
      return say(
        'kubernetes-not-an-api-server',
        `what answers at ${server} does not speak TLS as an API server does: ${error.detail}`,
      );
    case 'proxy':
      return say(
        'kubernetes-unreachable',
        `the proxy on the way to ${server} does not let us through: ${error.detail}`,
        {
          why:
            proxy === 'environment'
              ? 'Correct HTTPS_PROXY, or add the host to NO_PROXY.'
              : `Correct proxy-url in ${origin}.`,
          command: 'kubectl cluster-info',
        },
      );
    default:
      return say('kubernetes-unreachable', `the API server ${server} does not answer: ${error.detail}`);
  }
}

async function tlsProblem(connection: KubernetesConnection, error: TransportError): Promise<Problem> {
  const { server, credentials, origin } = connection;
  if (/ALERT/.test(error.tlsCode) || /alert/i.test(error.detail)) {
    return {
      code: 'kubernetes-credentials-rejected',
      subject: server,
      message: `the API server ${server} does not accept the ${credentials.description}: ${error.detail}`,
      fix: [{ why: `Renew the credentials in ${origin}.`, command: 'kubectl auth whoami' }],
    };
  }
  const seen = await seenAt(connection);
  const shown = seen?.chain[0] ? `. It shows ${certificateInWords(seen.chain[0])}` : '';
  return {
    ...judged(connection, error, seen),
    subject: server,
    evidence: chainEvidence(server, seen),
    ...said(server, error, shown),
  };
}

/** A second look without credentials; not through a proxy, where our own look would take another way. */
async function seenAt({ server, ca, tls, proxy }: KubernetesConnection): Promise<Handshake | undefined> {
  if (proxy !== 'environment') return undefined;
  const { serverName } = tls;
  return handshake(server, { ...(ca && { ca }), ...(serverName && { serverName }), timeout: 5_000 }).catch(
    () => undefined,
  );
}

function said(server: string, error: TransportError, shown: string): Pick<Problem, 'message'> {
  return { message: `${tlsWords(error.tlsCode)} (${server}): ${error.detail}${shown}` };
}

function tlsWords(code: string): string {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return "the API server's certificate does not name the address used";
  if (code === 'CERT_HAS_EXPIRED') return "the API server's certificate has ended";
  if (code === 'CERT_NOT_YET_VALID') return "the API server's certificate is not valid yet by this machine's clock";
  return 'the certificate the API server shows is not trusted';
}

function judged(
  { origin, server }: KubernetesConnection,
  error: TransportError,
  seen: Handshake | undefined,
): Pick<Problem, 'code' | 'fix'> {
  if (error.tlsCode === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const names = seen?.chain[0]?.names.join(', ');
    return {
      code: 'certificate-name-mismatch',
      fix: [
        {
          why: `Use an address that the certificate names${names ? ` (${names})` : ''}, or set tls-server-name in ${origin}.`,
        },
      ],
    };
  }
  if (error.tlsCode === 'CERT_HAS_EXPIRED') {
    return {
      code: 'certificate-expired',
      fix: [{ why: 'Have it renewed on the cluster.', command: 'kubeadm certs check-expiration' }],
    };
  }
  const { host } = new URL(server);
  return {
    code: 'kubernetes-tls-untrusted',
    fix: [
      {
        why: `Put the CA that signs it into ${origin} (certificate-authority-data); see what is shown first.`,
        command: `openssl s_client -connect ${host.includes(':') ? host : `${host}:443`} -showcerts </dev/null`,
      },
    ],
  };
}

function chainEvidence(server: string, seen: Handshake | undefined): NonNullable<Problem['evidence']> {
  return (seen?.chain ?? []).map((certificate, index) => ({
    experiment: index === 0 ? `TLS handshake with ${server}` : `its chain, certificate ${index + 1}`,
    said: certificateInWords(certificate),
  }));
}
