/**
 * What stands in a file of CA certificates. Law: a text is either read as every program reads it (OpenSSL in Node, Go in
 * Vault and kubectl), or it is refused. They differ wherever a block is not whole: OpenSSL takes the first certificate
 * where Go takes the second. So only whole blocks of plain base64 are read; between them anything may stand that cannot
 * be taken for a part of a block.
 */

/** Why a text is not read. */
export interface PemFault {
  /** Line of the text, from 1; absent: there is no certificate anywhere. */
  line?: number;
  /** Completes "the CA certificate …: ". */
  what: string;
  /** How to write it instead, one sentence. */
  instead?: string;
  /** `none`: nobody reads a certificate here; `key`: a private key is in it; `unclear`: programs differ. */
  kind: 'none' | 'key' | 'unclear';
}

/** One whole block. */
export interface PemBlock {
  der: Buffer;
  /** Line of its BEGIN, from 1. */
  line: number;
}

const begin = '-----BEGIN CERTIFICATE-----';
const end = '-----END CERTIFICATE-----';

/** All blocks in order, at least one. */
export function readPem(text: string): PemBlock[] | PemFault {
  const blocks: PemBlock[] = [];
  let open: { line: number; body: string[] } | undefined;
  for (const [index, line] of linesOf(text).entries()) {
    const what = open ? insideFault(line) : outsideFault(line);
    if (what !== undefined) return fault(index + 1, what, text);
    if (!open) {
      if (line === begin) open = { line: index + 1, body: [] };
    } else if (line === end) {
      const der = decoded(open.body);
      if (!der) return fault(open.line, ['the base64 of the certificate that begins here cannot be read', ''], text);
      blocks.push({ der, line: open.line });
      open = undefined;
    } else open.body.push(line);
  }
  if (open) return fault(open.line, ['the certificate that begins here has no END line', 'add its END line'], text);
  return blocks.length > 0 ? blocks : { what: whatInstead(text), kind: kindOf(text, 'none') };
}

/** CR counts as part of a line end before LF alone. */
function linesOf(text: string): string[] {
  const pieces = text.split('\n');
  const lines = pieces.map((line, at) => (at < pieces.length - 1 && line.endsWith('\r') ? line.slice(0, -1) : line));
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

type Why = [what: string, instead: string];

const control = /(?!\t)\p{Cc}/u;
const dashes = '-----';

function outsideFault(line: string): Why | undefined {
  if (control.test(line)) return controlFault(line);
  if (!line.includes(dashes) || line === begin) return undefined;
  if (line.includes(`${dashes}\\n`)) return ['line ends are written as \\n', 'write real ones'];
  if (line.startsWith('\ufeff')) return ['there is a byte order mark', 'save the file as UTF-8 without it'];
  if (/^-----BEGIN .+-----$/.test(line))
    return [`there is a block of ${labelOf(line)}`, 'leave CERTIFICATE blocks alone'];
  if (line === end) return ['there is an END line without its BEGIN', 'add the BEGIN line, or take this one out'];
  if (line.trim() === begin) return ['there is space beside the BEGIN line', 'let it begin and end its line'];
  return ['five dashes stand outside of a certificate', 'take them out'];
}

function insideFault(line: string): Why | undefined {
  if (line === end) return undefined;
  if (control.test(line)) return controlFault(line);
  if (line.startsWith('-----BEGIN '))
    return ['a block begins before the one above has ended', 'add the END line of the one above'];
  if (line.startsWith(end + dashes)) return ['a block ends and begins on one line', 'put a line break between them'];
  if (line.trim() === end) return ['there is space beside the END line', 'let it begin and end its line'];
  if (line.includes(dashes)) return ['a certificate ends with another line than its own END', `end it with ${end}`];
  if (line === '') return ['there is an empty line inside of a certificate', 'take it out'];
  if (line.includes(':')) return ['there is a header inside of a certificate', 'take it out'];
  if (/^\s|\s$/.test(line)) return ['there is space at the side of a line of a certificate', 'take it out'];
  if (line.length > longest) return [`a line of a certificate is longer than ${longest} characters`, 'break it at 64'];
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(line)) return ['a line of a certificate is not base64', ''];
  return undefined;
}

/** As MIME has it; PEM breaks at 64. */
const longest = 76;

function controlFault(line: string): Why {
  if (line.includes('\0')) return ['there is a zero byte (is the file UTF-16?)', 'save it as UTF-8'];
  if (line.includes('\r')) return ['a line ends with CR alone', 'end lines with LF, or CR LF'];
  return ['there is a control character', 'take it out'];
}

/** Padding at the very end alone, and no bits that mean nothing. */
function decoded(body: string[]): Buffer | undefined {
  const base64 = body.join('');
  const der = Buffer.from(base64, 'base64');
  return base64 !== '' && der.toString('base64') === base64 ? der : undefined;
}

function fault(line: number, [what, instead]: Why, text: string): PemFault {
  const fallback = 'write each certificate with `openssl x509 -in FILE`';
  // A text that nobody reads as a certificate has one thing wrong with it, and it is not in this line.
  if (!text.includes('BEGIN CERTIFICATE-----')) return { what: whatInstead(text), kind: kindOf(text, 'none') };
  return { line, what, instead: instead === '' ? fallback : instead, kind: kindOf(text, 'unclear') };
}

function kindOf(text: string, otherwise: PemFault['kind']): PemFault['kind'] {
  return text.includes('PRIVATE KEY') ? 'key' : otherwise;
}

function labelOf(line: string): string {
  return line
    .slice('-----BEGIN '.length, -dashes.length)
    .replace(/[^A-Z0-9 ]/g, '?')
    .slice(0, 40);
}

function whatInstead(text: string): string {
  const start = text.trim();
  if (start === '') return 'it is empty';
  if (start.includes('\0')) return 'it holds zero bytes (is it UTF-16, or DER?): save it as PEM in UTF-8';
  if (text.includes('PRIVATE KEY')) return 'it holds a private key and no certificate';
  if (text.includes('BEGIN CERTIFICATE REQUEST')) return 'it holds a certificate request and no certificate';
  if (text.includes('BEGIN TRUSTED CERTIFICATE'))
    return 'it holds a TRUSTED CERTIFICATE, which OpenSSL alone reads: write it with `openssl x509 -in FILE`';
  if (start.startsWith('LS0t')) return 'it is PEM in base64: decode it first, with base64 --decode';
  if (/OMITTED|REDACTED/.test(start)) return 'kubectl hid it: add --raw to kubectl config view';
  if (start.includes('\\n')) return 'its line ends are written as \\n';
  return 'there is no certificate in PEM in it';
}
