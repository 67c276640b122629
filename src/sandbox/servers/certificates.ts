// The library below resolves its parts by metadata that this one adds to the language.
import 'reflect-metadata';
import type { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { Secret } from '../../secret.ts';

/** A certificate authority of our own. Its key stays in this process. */
export interface Authority {
  /** PEM. */
  certificate: string;
  issue(request: CertificateRequest): Promise<Certificate>;
}

export interface CertificateRequest {
  use: 'server' | 'client';
  commonName: string;
  /** Kubernetes reads them as groups. */
  organizations?: string[];
  /** Subject alternative names. */
  ips?: string[];
  names?: string[];
  /** Default: in one year. */
  notAfter?: Date;
}

export interface Certificate {
  /** PEM. */
  certificate: string;
  /** PEM, PKCS #8. */
  key: Secret;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const hour = 3_600_000;
const year = 365 * 24 * hour;

export async function createAuthority(commonName: string): Promise<Authority> {
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [commonName] }],
    keys,
    ...validity(),
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return {
    certificate: certificate.toString('pem'),
    issue: (request) => issue(request, certificate, keys),
  };
}

async function issue(
  request: CertificateRequest,
  issuer: x509.X509Certificate,
  issuerKeys: webcrypto.CryptoKeyPair,
): Promise<Certificate> {
  const keys = await newKeys();
  const { organizations = [], ips = [], names = [] } = request;
  const alternatives = [
    ...ips.map((value) => ({ type: 'ip' as const, value })),
    ...names.map((value) => ({ type: 'dns' as const, value })),
  ];
  const certificate = await x509.X509CertificateGenerator.create({
    subject: [{ CN: [request.commonName] }, ...organizations.map((each) => ({ O: [each] }))],
    issuer: issuer.subjectName,
    publicKey: keys.publicKey,
    signingKey: issuerKeys.privateKey,
    signingAlgorithm: algorithm,
    ...validity(request.notAfter),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage[`${request.use}Auth`]]),
      await x509.AuthorityKeyIdentifierExtension.create(issuerKeys.publicKey),
      ...(alternatives.length > 0 ? [new x509.SubjectAlternativeNameExtension(alternatives)] : []),
    ],
  });
  const exported = await crypto.subtle.exportKey('pkcs8', keys.privateKey);
  return {
    certificate: certificate.toString('pem'),
    key: new Secret(`${x509.PemConverter.encode(exported, 'PRIVATE KEY')}\n`),
  };
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

/** It begins an hour ago, for clocks that differ; a certificate already expired began before its end. */
function validity(notAfter = new Date(Date.now() + year)): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(Math.min(Date.now(), notAfter.getTime()) - hour), notAfter };
}
