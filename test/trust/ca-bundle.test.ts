import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createSecureContext, rootCertificates } from 'node:tls';
import { beforeAll, describe, expect, it } from 'vitest';
import { createAuthority } from '../../src/sandbox/servers/certificates.ts';
import { CaBundle } from '../../src/trust/ca-bundle.ts';
import { caIn, readCa } from '../../src/trust/read-ca.ts';
import { samplePem } from './sample.ts';

/** Law: a CA is read as every program reads it, or refused with its place; what leaves is printed from what was read. */

let other = '';
beforeAll(async () => {
  other = `${(await createAuthority('other')).certificate}\n`;
});

const lines = samplePem.trimEnd().split('\n');
const body = lines.slice(1, -1);
const [begin = '', end = ''] = [lines[0], lines.at(-1)];
const block = (...inside: string[]) => `${[begin, ...inside, end].join('\n')}\n`;

describe('a CA bundle is read', () => {
  it.each<[string, (pem: string) => string]>([
    ['as it is', (pem) => pem],
    ['with CR LF', (pem) => pem.replaceAll('\n', '\r\n')],
    ['without a line end at its end', (pem) => pem.trimEnd()],
    [
      'with words around it',
      (pem) => `# Subject: CN=É\n\tsubject=/CN=x\n\n${pem}\n---\nServer certificate — of a test\n`,
    ],
    ['with long words around it', (pem) => `${'x'.repeat(5000)}\n${pem}`],
    [
      'on fewer, longer lines',
      () =>
        block(
          body
            .join('')
            .match(/.{1,76}/g)
            ?.join('\n') ?? '',
        ),
    ],
    [
      'on many short lines',
      () =>
        block(
          body
            .join('')
            .match(/.{1,4}/g)
            ?.join('\n') ?? '',
        ),
    ],
  ])('%s, and printed alike', (_, write) => {
    expect(readCa(write(samplePem)).pem).toBe(samplePem);
  });

  it('of several, in order; order and doubles mean nothing to what is trusted', () => {
    const two = readCa(samplePem + other);
    expect(two.certificates.map(({ subject }) => subject)).toEqual(['CN=sample CA', 'CN=other']);
    expect(two.equals(readCa(other + samplePem + other))).toBe(true);
    expect(readCa(samplePem).isAmong(two)).toBe(true);
    expect(two.isAmong(readCa(samplePem))).toBe(false);
    expect(JSON.stringify({ two })).toBe(JSON.stringify({ two: samplePem + other }));
  });

  const systems = '/etc/ssl/certs/ca-certificates.crt';
  it.runIf(existsSync(systems))("that is this system's own", () => {
    const text = readFileSync(systems, 'utf8');
    expect(readCa(text).certificates).toHaveLength(text.split(begin).length - 1);
  });

  it('that holds the roots of Node', () => {
    const roots = readCa(rootCertificates.join('\n'));
    expect(roots.certificates).toHaveLength(rootCertificates.length);
    expect(() => createSecureContext({ ca: roots.pem })).not.toThrow();
  });
});

const headless = ['Proc-Type: 4,ENCRYPTED', '', ...body];
const trailing = Buffer.concat([new X509Certificate(samplePem).raw, Buffer.from([0])]).toString('base64');

describe('a CA bundle is refused', () => {
  it.each<[what: string, text: () => string, why: string]>([
    ['whose first block has no END', () => `${lines.slice(0, -1).join('\n')}\n${other}`, 'line 11: a block begins'],
    ['whose last block has no END', () => `${other}${lines.slice(0, -1).join('\n')}\n`, 'has no END line'],
    ['with BEGIN twice', () => `${begin}\n${samplePem}`, 'line 2: a block begins'],
    ['with END twice', () => `${samplePem}${end}\n`, 'line 12: there is an END line'],
    ['of two blocks on one line', () => samplePem.trimEnd() + samplePem, 'ends and begins on one line'],
    ['with a header', () => block(...headless), 'line 2: there is a header'],
    ['with an empty line inside', () => block('', ...body), 'line 2: there is an empty line'],
    ['with space at a line', () => block(`${body[0]} `, ...body.slice(1)), 'line 2: there is space'],
    ['with a tab before a line', () => block(`\t${body[0]}`, ...body.slice(1)), 'line 2: there is space'],
    ['with space before BEGIN', () => ` ${samplePem}`, 'line 1: there is space beside the BEGIN'],
    ['with space after BEGIN', () => samplePem.replace(begin, `${begin} `), 'line 1: there is space'],
    ['with space after END', () => samplePem.replace(end, `${end}\t`), 'line 11: there is space'],
    ['with a byte order mark', () => `\ufeff${samplePem}`, 'byte order mark'],
    ['with CR alone', () => samplePem.replaceAll('\n', '\r'), 'CR alone'],
    [
      'with one CR inside of a line',
      () => block(`${body[0]?.slice(0, 8)}\r${body[0]?.slice(8)}`, ...body.slice(1)),
      'CR',
    ],
    ['with a zero byte', () => `${samplePem}\0`, 'line 12: there is a zero byte'],
    ['with an escape', () => `\u001b[2K\n${samplePem}`, 'control character'],
    ['with padding inside', () => block(`${body[0]}==`, ...body.slice(1)), 'cannot be read'],
    ['with bits after the last', () => block('MIIB', 'AB=='), 'cannot be read'],
    ['with a letter of another alphabet', () => block(...body.map((line) => line.replace('+', '-'))), 'not base64'],
    ['with unicode dashes', () => samplePem.replace(end, '—————END CERTIFICATE—————'), 'not base64'],
    ['with a line that is too long', () => block(body.join('')), 'longer than 76'],
    ['with another label at the END', () => samplePem.replace(end, '-----END TRUSTED CERTIFICATE-----'), 'its own END'],
    ['with nothing in a block', () => `${block()}${other}`, 'cannot be read'],
    [
      'that is trusted',
      () => other + samplePem.replaceAll('CERTIFICATE', 'TRUSTED CERTIFICATE'),
      'TRUSTED CERTIFICATE',
    ],
    ['with an old label', () => other + samplePem.replaceAll('CERTIFICATE', 'X509 CERTIFICATE'), 'X509 CERTIFICATE'],
    [
      'with a revocation list',
      () => `${samplePem}-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n`,
      'X509 CRL',
    ],
    ['with dashes in its words', () => `${samplePem}----- intermediate -----\n`, 'five dashes'],
    ['with bytes after the certificate', () => block(...(trailing.match(/.{1,64}/g) ?? [])), 'bytes follow'],
  ])('%s', (_, text, why) => {
    expect(caIn(text())).toBeUndefined();
    expect(() => readCa(text(), 'ConfigMap a/b')).toThrow(
      expect.objectContaining({
        exit: 3,
        code: 'ca-malformed',
        message: expect.stringMatching(
          /^the CA certificate \(ConfigMap a\/b\) is not PEM that all programs read alike: /,
        ),
      }),
    );
    expect(() => readCa(text())).toThrow(why);
  });

  it('whose DER holds another one as PEM, which OpenSSL would take', () => {
    const inner = Buffer.from(`\n${samplePem}`);
    const der = Buffer.concat([Buffer.from([0x04, 0x82, inner.length >> 8, inner.length & 0xff]), inner]);
    const text = block(...(der.toString('base64').match(/.{1,64}/g) ?? []));
    expect(new X509Certificate(der).subject).toBe('CN=sample CA');
    expect(CaBundle.read(text)).toMatchObject({ kind: 'unclear' });
  });
});
