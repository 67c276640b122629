import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { type Fix, InterruptedError, type Problem, SystemError, type VaultbindError } from '../../errors.ts';
import { shownChain } from '../../http/shown-chain.ts';
import type { TransportError } from '../../http/transport.ts';
import { call, exported, vault } from '../../model/commands.ts';
import { inWords as inCommand } from '../../model/printed.ts';
import { scrub } from '../../secret.ts';
import { type CertificateInfo, certificateInWords, describeCertificate } from '../../trust/certificates.ts';
import type { VaultConnection } from '../connection.ts';

/** No answer came from Vault: why, and what to do. */
export async function noVaultAnswer(connection: VaultConnection, error: TransportError): Promise<VaultbindError> {
  const { address } = connection;
  if (error.kind === 'aborted') {
    return new InterruptedError({
      code: 'interrupted',
      subject: address,
      message: `interrupted while asking ${address}`,
    });
  }
  if (error.kind === 'tls') return new SystemError(await tlsProblem(connection, error));
  return new SystemError(plainProblem(connection, error));
}

function plainProblem({ address, addressFrom }: VaultConnection, { kind, detail }: TransportError): Problem {
  const check: Fix = {
    why: `check ${addressFrom}, and whether Vault runs; what answers there: ${inCommand(call('curl', '-v', `${address}/v1/sys/health`))}`,
  };
  const unreachable = (what: string, why = check): Problem => ({
    code: 'vault-unreachable',
    subject: address,
    message: `Vault at ${address} ${what}: ${detail}`,
    fix: [why],
  });
  switch (kind) {
    case 'refused':
      return unreachable('does not answer');
    case 'dns':
      return unreachable('cannot be found by name');
    case 'timeout':
      return { ...unreachable('gave no answer in time'), code: 'timeout' };
    case 'reset':
      return unreachable('broke off the connection');
    case 'proxy':
      return unreachable('cannot be reached through the proxy', {
        why: 'check VAULT_PROXY_ADDR, HTTPS_PROXY and HTTP_PROXY, or name the host in NO_PROXY',
        command: { ...vault('status'), env: { NO_PROXY: new URL(address).hostname } },
      });
    case 'too-large':
      return { ...unreachable('sends what is none of its answers', oversized), code: 'vault-answer-odd' };
    case 'scheme':
      return schemeProblem(address, addressFrom, detail);
    default:
      return unreachable('could not be asked');
  }
}

const oversized = { why: 'look for what answers in place of Vault; nothing was concluded from the answer' };

/** The listener speaks the other of http and https. We say so and never change over by ourselves. */
export function schemeProblem(address: string, addressFrom: string, detail: string): Problem {
  const [spoken, listens] = address.startsWith('https:') ? ['https', 'http'] : ['http', 'https'];
  const other = address.replace(spoken, listens);
  const insecure = listens === 'http' ? ' (everything, tokens included, then goes over the network in the clear)' : '';
  return {
    code: 'vault-scheme-mismatch',
    subject: address,
    message: `the listener at ${address} speaks ${listens}, and ${addressFrom} says ${spoken}: ${detail}`,
    fix: [{ why: `use ${listens} if that is meant${insecure}`, command: exported({ VAULT_ADDR: other }) }],
  };
}

async function tlsProblem(connection: VaultConnection, error: TransportError): Promise<Problem> {
  const byServer = /ALERT|HANDSHAKE_FAILURE|EPROTO/.test(error.tlsCode);
  if (byServer) return clientCertificateProblem(connection, error);
  const { address, tls, proxy } = connection;
  // Behind a given proxy the address may not be reachable directly; then there is nothing to show.
  const look = { timeout: 3_000, serverName: tls.serverName };
  const chain = proxy === 'environment' ? await shownChain(address, look) : [];
  return serverCertificateProblem(connection, error, chain);
}

function serverCertificateProblem(
  { address, tls }: VaultConnection,
  { tlsCode, detail }: TransportError,
  chain: CertificateInfo[],
): Problem {
  const [leaf] = chain;
  const problem = (code: Problem['code'], what: string, ...fix: NonNullable<Problem['fix']>): Problem => ({
    code,
    subject: address,
    message: `the certificate of ${address} ${what}`,
    ...(leaf && { evidence: [{ experiment: 'TLS handshake', said: scrub(certificateInWords(leaf)) }] }),
    fix,
  });
  if (tlsCode === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const name = leaf?.names.find((each) => isIP(each) === 0);
    const expected = tls.serverName ?? new URL(address).hostname;
    return problem(
      'vault-tls-untrusted',
      `does not name ${expected}; it names ${leaf?.names.join(', ') || 'nothing'}`,
      {
        why: 'use a name that it has, in VAULT_ADDR or as the name to expect',
        command: exported({ VAULT_TLS_SERVER_NAME: name ?? 'vault.example.com' }),
      },
    );
  }
  if (tlsCode === 'CERT_HAS_EXPIRED' || tlsCode === 'CERT_NOT_YET_VALID') {
    const when = tlsCode === 'CERT_HAS_EXPIRED' ? `ended on ${dayOf(leaf?.to)}` : `begins on ${dayOf(leaf?.from)}`;
    return problem('certificate-expired', `${when}`, {
      why: 'ask whoever runs Vault to renew it; or check the clock of this machine',
      command: call('date', '-u'),
    });
  }
  const issuer = chain.at(-1)?.issuer ?? 'unknown';
  const trusted = tls.ca === undefined ? "the system's roots" : 'the given CA (VAULT_CACERT)';
  return problem('vault-tls-untrusted', `is not signed by ${trusted}; its issuer is ${issuer}: ${detail}`, {
    why: 'get the CA certificate from whoever runs Vault, and name its file in VAULT_CACERT',
  });
}

/** The server ended the handshake: about a client certificate, when it says so or when we showed one. */
function clientCertificateProblem({ address, tls }: VaultConnection, { detail }: TransportError): Problem {
  const own = tls.cert === undefined ? undefined : describeCertificate(new X509Certificate(tls.cert));
  const expired = own !== undefined && own.to < new Date();
  const pair = exported({ VAULT_CLIENT_CERT: '/path/to/cert.pem', VAULT_CLIENT_KEY: '/path/to/key.pem' });
  if (own && expired) {
    return {
      code: 'certificate-expired',
      subject: 'VAULT_CLIENT_CERT',
      message: `the client certificate ${own.subject} ended on ${dayOf(own.to)}, and ${address} refuses it: ${detail}`,
      fix: [{ why: 'get a new one from whoever issues them', command: pair }],
    };
  }
  const what = own ? `refuses the client certificate ${own.subject}` : 'wants a client certificate, and none is given';
  return {
    code: 'vault-tls-untrusted',
    subject: address,
    message: `${address} ${what}: ${detail}`,
    fix: [{ why: 'give a certificate that the listener accepts, with its key', command: pair }],
  };
}

function dayOf(date: Date | undefined): string {
  return date?.toISOString().slice(0, 10) ?? 'an unknown day';
}
