import type { Command } from '../../command.ts';
import type { Problem } from '../../errors.ts';
import type { TransportError } from '../../http/transport.ts';
import { call } from '../../model/commands.ts';
import { inWords } from '../../model/printed.ts';
import { certificateInWords } from '../../trust/certificates.ts';
import type { KubernetesConnection } from '../connection.ts';
import { type Handshake, handshake } from '../handshake.ts';
import { wayOf } from '../own-look.ts';
import { rejected } from './rejected.ts';

/** TLS did not come about: what the server shows and why it does not do, or that it does not take what we show. */
export async function untrusted(connection: KubernetesConnection, error: TransportError): Promise<Problem> {
  const { server } = connection;
  if (/alert/i.test(`${error.tlsCode} ${error.detail}`)) {
    return rejected(connection, error.detail, await connection.credentials.current());
  }
  const seen = await seenAt(connection);
  const shown = seen.chain[0] ? `. It shows ${certificateInWords(seen.chain[0])}` : '';
  return {
    ...judged(connection, error, seen),
    subject: server,
    evidence: chainEvidence(server, seen),
    ...said(server, error, shown),
  };
}

/** A second look without credentials, the same way. */
function seenAt(connection: KubernetesConnection): Promise<Handshake> {
  const { server, ca, tls } = connection;
  const { serverName } = tls;
  const name = serverName ? { serverName } : {};
  return handshake(server, { ca, ...name, ...wayOf(connection, server), timeout: 5_000 });
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
  seen: Handshake,
): Pick<Problem, 'code' | 'fix'> {
  if (error.tlsCode === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const names = seen.chain[0]?.names.join(', ');
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
      fix: [{ why: 'Have it renewed on the cluster.', command: call('kubeadm', 'certs', 'check-expiration') }],
    };
  }
  const { host } = new URL(server);
  return {
    code: 'kubernetes-tls-untrusted',
    fix: [
      {
        why: `Put the CA that signs it into ${origin} (certificate-authority-data). What is shown: ${inWords(shown(host))}`,
      },
    ],
  };
}

const shown = (host: string): Command => ({
  ...call('openssl', 's_client', '-connect', host.includes(':') ? host : `${host}:443`, '-showcerts'),
  stdin: '',
});

function chainEvidence(server: string, seen: Handshake): NonNullable<Problem['evidence']> {
  return seen.chain.map((certificate, index) => ({
    experiment: index === 0 ? `TLS handshake with ${server}` : `its chain, certificate ${index + 1}`,
    said: certificateInWords(certificate),
  }));
}
