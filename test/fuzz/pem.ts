import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import fc from 'fast-check';
import { CaBundle } from '../../src/trust/ca-bundle.ts';

/** A bundle of whole blocks with common words around them, and up to three changes that part readers. */
export function bundles(certificates: readonly string[]): fc.Arbitrary<string> {
  const block = fc.constantFrom(...certificates);
  const words = fc.constantFrom('', '', '\n', '# Subject: CN=é\n', '---\n', '  \t\n', `${'x'.repeat(300)}\n`);
  const whole = fc.array(fc.tuple(words, block), { minLength: 1, maxLength: 4 }).map((parts) => parts.flat().join(''));
  return fc.tuple(whole, fc.array(change, { maxLength: 3 })).map(([text, all]) => all.reduce(changed, text));
}

interface Change {
  kind: 'insert' | 'replace' | 'drop-line' | 'double-line' | 'join-lines' | 'cut' | 'line-ends';
  /** Line of the text, as a part of all. */
  line: number;
  /** Place in the line, as a part of it. */
  column: number;
  what: string;
}

const odd = [
  ...['-----BEGIN CERTIFICATE-----', '-----END CERTIFICATE-----', '-----BEGIN TRUSTED CERTIFICATE-----', '-----'],
  ...['\n-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n', 'X: y\n\n', 'Proc-Type: 4,ENCRYPTED\n', 'TRUSTED '],
  ...['\n', '\r', '\r\n', '\0', ' ', '\t', '=', '==', ':', '\ufeff', '—————', '\u0085', '\u2028', '\v', '#', 'A', '+'],
];

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom('insert', 'insert', 'replace', 'drop-line', 'double-line', 'join-lines', 'cut', 'line-ends'),
  line: fc.double({ min: 0, max: 1, noNaN: true }),
  // Half of them at the begin or the end of a line, where readers look.
  column: fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true })),
  what: fc.oneof(fc.constantFrom(...odd), fc.string({ maxLength: 5 })),
});

function changed(text: string, { kind, line, column, what }: Change): string {
  const lines = text.split('\n');
  const at = Math.floor(line * (lines.length - 1));
  const one = lines[at] ?? '';
  const place = Math.round(column * one.length);
  const put = (...now: string[]) => lines.toSpliced(at, 1, ...now).join('\n');
  switch (kind) {
    case 'insert':
      return put(one.slice(0, place) + what + one.slice(place));
    case 'replace':
      return put(one.slice(0, place) + what + one.slice(place + what.length));
    case 'drop-line':
      return put();
    case 'double-line':
      return put(one, one);
    case 'join-lines':
      return lines.toSpliced(at, 2, one + (lines[at + 1] ?? '')).join('\n');
    case 'cut':
      return lines.slice(0, at).join('\n') + one.slice(0, place);
    default:
      return lines.join('\r\n');
  }
}

/** SHA-256 of each certificate, in order. */
type Fingerprints = string[];

/** What our reader takes; undefined: it refuses. */
function ours(text: string): { taken: Fingerprints; pem: string } | undefined {
  const read = CaBundle.read(text);
  return read instanceof CaBundle ? { taken: read.certificates.map(fingerprint), pem: read.pem } : undefined;
}

/** As OpenSSL reads one certificate after the other in Node; the rest begins after the END of the one before. */
function byOpenssl(text: string): Fingerprints {
  createSecureContext({ ca: text });
  const end = '-----END CERTIFICATE-----';
  const taken: Fingerprints = [];
  for (let rest = text; ; ) {
    const next = firstOf(rest);
    if (next === undefined) return taken;
    taken.push(next);
    rest = rest.slice(rest.indexOf(end) + end.length);
  }
}

function firstOf(text: string): string | undefined {
  try {
    return fingerprint(new X509Certificate(text));
  } catch {
    return undefined;
  }
}

function fingerprint(certificate: X509Certificate): string {
  return certificate.fingerprint256.replaceAll(':', '').toLowerCase();
}

/** Where the law does not hold: what Go and OpenSSL take of the text, and of what we would send, is what we take. */
export async function disagreements(
  texts: readonly string[],
  byGo: (inputs: readonly Buffer[]) => Promise<string[]>,
): Promise<{ accepted: number; wrong: string[] }> {
  const accepted = texts.flatMap((text) => {
    const read = ours(text);
    return read ? [{ text, ...read }] : [];
  });
  const go = await byGo(accepted.flatMap(({ text, pem }) => [Buffer.from(text), Buffer.from(pem)]));
  const wrong = accepted.filter(({ text, pem, taken }, index) => {
    const others = [...go.slice(2 * index, 2 * index + 2), ...[text, pem].map((one) => byOpenssl(one).join(' '))];
    return others.some((one) => one !== taken.join(' '));
  });
  return { accepted: accepted.length, wrong: wrong.map(({ text }) => JSON.stringify(text)) };
}
