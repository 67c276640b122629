import type { X509Certificate } from 'node:crypto';
import type { CaBundle } from './ca-bundle.ts';

/** What a certificate says, fit to show. */
export interface CertificateInfo {
  /** Distinguished name on one line, e.g. `CN=kube-apiserver`. */
  subject: string;
  issuer: string;
  /** Subject alternative names, without their `DNS:` / `IP Address:` prefix. */
  names: string[];
  from: Date;
  to: Date;
  /** May sign other certificates. */
  ca: boolean;
  /** SHA-256, colon separated, to tell certificates of one name apart. */
  fingerprint: string;
}

/** Every certificate of a CA bundle, in order. */
export function certificates({ certificates }: CaBundle): CertificateInfo[] {
  return certificates.map(describeCertificate);
}

export function describeCertificate(certificate: X509Certificate): CertificateInfo {
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    names: alternativeNames(certificate.subjectAltName),
    from: new Date(certificate.validFrom),
    to: new Date(certificate.validTo),
    ca: certificate.ca,
    fingerprint: certificate.fingerprint256,
  };
}

/** One certificate in a sentence: who it is, who signed it, what it is for, until when. */
export function certificateInWords(info: CertificateInfo): string {
  const names = info.names.length > 0 ? `, for ${info.names.join(', ')}` : '';
  return `${info.subject || '(no subject)'}, issued by ${info.issuer || '(no issuer)'}${names}, valid until ${day(info.to)}`;
}

/** A date as ISO text to the second, or what stands for none. */
export function day(date: Date): string {
  return Number.isNaN(date.getTime()) ? '(no date)' : date.toISOString().replace(/\.\d+Z$/, 'Z');
}

function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').reverse().join(', ');
}

function alternativeNames(text: string | undefined): string[] {
  return (text ?? '')
    .split(', ')
    .map((name) => name.replace(/^(?:DNS|IP Address|URI|email):/, ''))
    .filter((name) => name !== '');
}
