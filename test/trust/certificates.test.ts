import { describe, expect, it } from 'vitest';
import { createAuthority } from '../../src/sandbox/servers/certificates.ts';
import { certificates } from '../../src/trust/certificates.ts';
import { readCa } from '../../src/trust/read-ca.ts';

describe('certificates of a bundle', () => {
  it('are told one by one, in order, whatever stands between them', async () => {
    const one = await createAuthority('one');
    const leaf = await one.issue({
      use: 'server',
      commonName: 'leaf',
      ips: ['10.0.0.1'],
      names: ['a.test'],
      notAfter: new Date('2021-01-01'),
    });
    const found = certificates(readCa(`subject: one\n${one.certificate}\n\n# and\n${leaf.certificate}`));
    expect(found).toMatchObject([
      { subject: 'CN=one', issuer: 'CN=one', ca: true, names: [] },
      { subject: 'CN=leaf', issuer: 'CN=one', ca: false, to: new Date('2021-01-01') },
    ]);
    expect(found[1]?.names.toSorted()).toEqual(['10.0.0.1', 'a.test']);
  });

  it.each([
    ['nothing', '', 'it is empty'],
    ['a key', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----', 'holds a private key'],
    ['base64 of PEM', Buffer.from('-----BEGIN CERTIFICATE-----').toString('base64'), 'decode it first'],
    ['a broken block', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', 'cannot be read'],
    ['words', 'ca.pem', 'no certificate in PEM'],
  ])('%s is malformed', (_, pem, why) => {
    expect(() => readCa(pem)).toThrow(
      expect.objectContaining({ code: 'ca-malformed', message: expect.stringContaining(why) }),
    );
  });
});
