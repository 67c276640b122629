import { X509Certificate } from 'node:crypto';
import { InputError } from '../errors.ts';

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

/**
 * Every certificate of a PEM bundle, in order; other text around them is ignored.
 * @throws InputError ca-malformed when there is none, or one cannot be read.
 */
export function certificates(pem: string): CertificateInfo[] {
  return parseCertificates(pem).map(describe);
}

/** Every certificate of one bundle is in the other. */
export function isAmong(pem: string, bundle: string): boolean {
  const known = parseCertificates(bundle).map(({ fingerprint256 }) => fingerprint256);
  return parseCertificates(pem).every(({ fingerprint256 }) => known.includes(fingerprint256));
}

/** Like `certificates`, as Node's objects. */
export function parseCertificates(pem: string): X509Certificate[] {
  const blocks =
    pem.match(/-----BEGIN (?:TRUSTED )?CERTIFICATE-----[\s\S]*?-----END (?:TRUSTED )?CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) throw malformed(whatInstead(pem));
  return blocks.map((block, index) => {
    try {
      return new X509Certificate(block);
    } catch {
      throw malformed(`certificate ${index + 1} of ${blocks.length} in the bundle cannot be read`);
    }
  });
}

export function describe(certificate: X509Certificate): CertificateInfo {
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
  return (name ?? '').split('\n').join(', ');
}

function alternativeNames(text: string | undefined): string[] {
  return (text ?? '')
    .split(', ')
    .map((name) => name.replace(/^(?:DNS|IP Address|URI|email):/, ''))
    .filter((name) => name !== '');
}

function whatInstead(pem: string): string {
  if (pem.trim() === '') return 'it is empty';
  if (pem.includes('PRIVATE KEY')) return 'it holds a private key and no certificate';
  if (pem.includes('BEGIN CERTIFICATE REQUEST')) return 'it holds a certificate request and no certificate';
  if (/^[A-Za-z0-9+/=\s]+$/.test(pem) && pem.trim().startsWith('LS0t')) return 'it is PEM in base64: decode it first';
  return 'there is no CERTIFICATE block in it';
}

function malformed(why: string): InputError {
  return new InputError({
    code: 'ca-malformed',
    subject: 'CA certificate',
    message: `the CA certificate is not PEM: ${why}`,
    fix: [
      {
        why: "Give the cluster's CA as PEM.",
        command:
          "kubectl config view --raw --minify --output 'jsonpath={.clusters[0].cluster.certificate-authority-data}' | base64 -d",
      },
    ],
  });
}
