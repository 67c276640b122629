import { X509Certificate } from 'node:crypto';
import { checkServerIdentity, rootCertificates } from 'node:tls';
import { type CertificateInfo, certificateInWords, day, describeCertificate } from '../trust/certificates.ts';
import { type HandshakeOptions, hostOf, look, type ShownServer } from './look.ts';
import type { ApiAnswer } from './refusals/api-answer.ts';

/** What a TLS handshake without credentials showed, and what an unauthenticated GET /version got. */
export interface Handshake {
  /** The first thing that is wrong, in the order a client meets them; `ok` when nothing is. */
  status: 'ok' | 'unreachable' | 'untrusted' | 'wrong-name' | 'expired' | 'not-an-api-server';
  /** The status in a sentence, with the certificate's own words. '' when ok. */
  said: string;
  /** TCP and TLS were established. */
  connected: boolean;
  /** As shown, leaf first; empty without TLS. */
  chain: CertificateInfo[];
  /** A certificate of the given CA (without one: of Node's roots) signs the chain. */
  signed: boolean;
  /** The leaf names the host. */
  named: boolean;
  /** The leaf is within its dates. */
  current: boolean;
  /** What GET /version was answered with; undefined when not connected. */
  answer?: ApiAnswer;
  /** Seconds that the server's clock was ahead of ours. */
  clockAhead?: number;
}

/**
 * Looks at what answers at `url` without showing any credential: every certificate is let through and then judged.
 */
export async function handshake(url: string, options: HandshakeOptions = {}): Promise<Handshake> {
  const trusted = options.ca?.certificates ?? rootCertificates.map((pem) => new X509Certificate(pem));
  const seen = await look(new URL(url), options);
  if ('failure' in seen)
    return { ...nothing, status: seen.spoke ? 'not-an-api-server' : 'unreachable', said: seen.failure };
  return judge(seen, trusted, options.serverName ?? hostOf(new URL(url)));
}

const nothing = { connected: false, chain: [], signed: false, named: false, current: false };

function judge(seen: ShownServer, trusted: readonly X509Certificate[], host: string): Handshake {
  const chain = seen.chain.map(describeCertificate);
  const leaf = chain[0];
  const facts = {
    connected: true,
    chain,
    signed: signedBy(seen.chain, trusted),
    named: seen.peer !== undefined && checkServerIdentity(host, seen.peer) === undefined,
    current: leaf !== undefined && leaf.from <= new Date() && new Date() <= leaf.to,
    answer: seen.answer,
    clockAhead: seen.clockAhead,
  };
  if (!leaf) return { ...facts, ...(seen.answer.apiServer ? plainHttp : notAnApi(seen.answer)) };
  const words = certificateInWords(leaf);
  if (!facts.current) return { ...facts, status: 'expired', said: `${words}; it is ${day(new Date())} here` };
  if (!facts.signed) {
    return { ...facts, status: 'untrusted', said: `it shows ${words}; trusted is ${trustedInWords(trusted)}` };
  }
  if (!facts.named) {
    return {
      ...facts,
      status: 'wrong-name',
      said: `${host} is not among its names: ${leaf.names.join(', ') || '(none)'}`,
    };
  }
  return { ...facts, ...(seen.answer.apiServer ? { status: 'ok' as const, said: '' } : notAnApi(seen.answer)) };
}

const plainHttp = { status: 'ok' as const, said: '' };

function notAnApi(answer: ApiAnswer): { status: 'not-an-api-server'; said: string } {
  return {
    status: 'not-an-api-server',
    said: `GET /version answers ${answer.status || 'nothing'} ${answer.said}`.trim(),
  };
}

function trustedInWords(trusted: readonly X509Certificate[]): string {
  if (trusted.length > 5) return `one of ${trusted.length} certificates`;
  return trusted.map((ca) => describeCertificate(ca).subject || '(no subject)').join(' or ');
}

/** Whether a chain of signatures leads from the leaf to a trusted certificate, whatever the dates. */
function signedBy(chain: X509Certificate[], trusted: readonly X509Certificate[]): boolean {
  let current = chain[0];
  for (let depth = 0; current && depth < 10; depth += 1) {
    const subject: X509Certificate = current;
    if (trusted.some((ca) => ca.fingerprint256 === subject.fingerprint256 || issued(ca, subject))) return true;
    current = chain.find((other) => other !== subject && other.ca && issued(other, subject));
  }
  return false;
}

function issued(issuer: X509Certificate, subject: X509Certificate): boolean {
  return subject.checkIssued(issuer) && subject.verify(issuer.publicKey);
}
