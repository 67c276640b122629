import { generateKeyPairSync } from 'node:crypto';
import 'reflect-metadata';
import { X509CertificateGenerator } from '@peculiar/x509';
import { describe, expect, test } from 'vitest';
import { readRecipe } from '../../../src/recipe/read.ts';
import { inFolder, mistakesOf, recipe } from '../reading.ts';
import { tryRules } from './try-rules.ts';

tryRules([
  [
    'vaultAddressIsUrl',
    'error',
    'recipe-value',
    'did you mean "https://vault.example.com:8200"',
    'vault: {address: «vault.example.com:8200}',
  ],
  [
    'vaultAddressIsUrl',
    'error',
    'recipe-value',
    'user name or password',
    'vault: {address: «"https://me:pw@vault.example.com"}',
  ],
  ['vaultAddressIsUrl', 'error', 'recipe-value', 'has a path', 'vault: {address: «https://vault.example.com/v1}'],
  [
    'vaultAddressIsUrl',
    'error',
    'recipe-value',
    'query or fragment',
    'vault: {address: «"https://vault.example.com?x=1"}',
  ],
  ['vaultAddressIsUrl', 'error', 'recipe-value', 'is not https://', 'vault: {address: «ftp://vault.example.com}'],
  ['vaultAddressIsUrl', 'error', 'recipe-value', 'not a URL', 'vault: {address: «"https://a b"}'],
  [
    'vaultAddressIsUrl',
    'warning',
    'recipe-suspicious',
    'unencrypted',
    'vault: {address: «http://vault.example.com:8200}',
  ],
  ['hostIsUrl', 'error', 'recipe-value', 'did you mean "https://10.0.0.1:6443"', 'cluster: {host: «"10.0.0.1:6443"}'],
  ['hostIsUrl', 'error', 'recipe-value', 'not a URL', 'cluster: {host: «https://10.0.0.1:6443 https://10.0.0.2:6443}'],
  ['hostIsUrl', 'warning', 'recipe-suspicious', 'unencrypted', 'cluster: {host: «http://10.0.0.1:8080}'],
  [
    'hostIsReachable',
    'warning',
    'host-loopback',
    "Vault's own machine",
    'vault: {address: https://vault.example.com}',
    'cluster: {host: «https://127.0.0.1:6443}',
  ],
  [
    'hostIsReachable',
    'warning',
    'host-loopback',
    "Vault's own machine",
    'vault: {address: https://vault.example.com}',
    'cluster: {host: «"https://[::1]:6443"}',
  ],
]);

describe('caIsCertificate', () => {
  const options = (cwd: string) => ({ cwd, env: {}, allowedEnv: [] });
  const withCa = (ca: string | Buffer) => ({ 'r.yaml': recipe('cluster: {ca: ./ca.pem}'), 'ca.pem': ca });

  test('takes a certificate, and several', async () => {
    const pem = await certificate(365);
    inFolder(withCa(`${pem}\n${pem}`), (folder) => {
      const { recipe: read, warnings } = readRecipe(['r.yaml'], options(folder));
      expect(read.cluster.ca?.pem).toBe(`${pem}\n${pem}\n`);
      expect(warnings).toEqual([]);
    });
  });

  test('says that a certificate has ended', async () => {
    const pem = await certificate(-1);
    inFolder(withCa(pem), (folder) => {
      expect(readRecipe(['r.yaml'], options(folder)).warnings).toMatchObject([
        { code: 'certificate-expired', at: { file: 'r.yaml', line: 6, column: 15 } },
      ]);
    });
  });

  const privateKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  });
  test.each([
    ['an empty file', '', 'ca-malformed', 'it is empty'],
    ['base64', Buffer.from('-----BEGIN CERTIFICATE-----').toString('base64'), 'ca-malformed', 'base64 --decode'],
    ['escaped line ends', '-----BEGIN CERTIFICATE-----\\nMII\\n', 'ca-malformed', 'written as \\n'],
    ['what kubectl hides', 'DATA+OMITTED', 'ca-malformed', 'add --raw'],
    ['bytes of Go', '[68 64 192]', 'ca-malformed', 'no certificate in PEM'],
    [
      'a broken certificate',
      '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
      'ca-malformed',
      'cannot be read',
    ],
    ['a private key', `${privateKey}`, 'recipe-value', 'private key'],
  ])('refuses %s', (_, ca, code, says) => {
    const problems = inFolder(withCa(ca), (folder) => mistakesOf(() => readRecipe(['r.yaml'], options(folder))));
    expect(problems).toMatchObject([{ code, message: expect.stringContaining(says), at: { line: 6, column: 15 } }]);
    expect(JSON.stringify(problems)).not.toContain(privateKey.toString().split('\n')[1]);
  });
});

async function certificate(days: number): Promise<string> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const notAfter = new Date(Date.now() + days * 86_400_000);
  const notBefore = new Date(notAfter.getTime() - 7 * 86_400_000);
  const made = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=test',
    notBefore,
    notAfter,
    keys,
    signingAlgorithm: algorithm,
  });
  return made.toString('pem');
}
