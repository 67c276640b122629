import { X509Certificate } from 'node:crypto';
import { type PemBlock, type PemFault, readPem } from './pem.ts';

declare const canonical: unique symbol;

/** PEM that was printed from certificates, base64 in lines of 64: the only PEM of a CA that leaves the process. */
export type CaPem = string & { readonly [canonical]: 'CaPem' };

/**
 * CA certificates that were read and may be judged. What is judged is what is sent: the text they came from is not kept,
 * `pem` is printed from their DER.
 */
export class CaBundle {
  /** In the order of the text, at least one. */
  readonly certificates: readonly X509Certificate[];
  readonly pem: CaPem;
  readonly #fingerprints: ReadonlySet<string>;

  private constructor(certificates: X509Certificate[]) {
    this.certificates = certificates;
    this.pem = certificates.map((one) => blockOf(one.raw)).join('') as CaPem;
    this.#fingerprints = new Set(certificates.map((one) => one.fingerprint256));
  }

  /** A fault: the text is not read alike by all programs, or not at all. */
  static read(text: string): CaBundle | PemFault {
    const blocks = readPem(text);
    if (!Array.isArray(blocks)) return blocks;
    const certificates: X509Certificate[] = [];
    for (const [index, block] of blocks.entries()) {
      const certificate = certificateOf(block);
      if (!certificate) return notRead(block, index, blocks.length);
      certificates.push(certificate);
    }
    return new CaBundle(certificates);
  }

  static joined(bundles: readonly CaBundle[]): CaBundle {
    return new CaBundle(bundles.flatMap(({ certificates }) => certificates));
  }

  /** Every certificate of this one is in `other`. */
  isAmong(other: CaBundle): boolean {
    return [...this.#fingerprints].every((one) => other.#fingerprints.has(one));
  }

  /** The same certificates; a store of trust has no order. */
  equals(other: CaBundle): boolean {
    return this.isAmong(other) && other.isAmong(this);
  }

  /** Equal for the same certificates. */
  get key(): string {
    return [...this.#fingerprints].sort().join(' ');
  }

  toJSON(): CaPem {
    return this.pem;
  }
}

/** Exactly one certificate: OpenSSL would pass over bytes that follow it, and Go not. */
function certificateOf({ der }: PemBlock): X509Certificate | undefined {
  try {
    // By way of PEM, as OpenSSL looks for PEM inside of DER first.
    const certificate = new X509Certificate(blockOf(der));
    return certificate.raw.equals(der) ? certificate : undefined;
  } catch {
    return undefined;
  }
}

function blockOf(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function notRead({ line }: PemBlock, index: number, all: number): PemFault {
  const which = all === 1 ? 'the certificate' : `certificate ${index + 1} of ${all}`;
  return { line, what: `${which} cannot be read, or bytes follow it`, kind: 'unclear' };
}
