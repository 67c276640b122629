import { X509Certificate } from 'node:crypto';
import type { Path } from '../source/place.ts';
import { didYouMean } from '../suggest.ts';
import { isLoopback, judgeUrl } from '../urls.ts';
import { type Draft, doubtful, type Rule, type Said, wrong } from './rule.ts';

const address: Path = ['vault', 'address'];
const host: Path = ['cluster', 'host'];
const ca: Path = ['cluster', 'ca'];

export const vaultAddressIsUrl: Rule = ({ document: { vault = {} } }) => {
  if (vault.address === undefined) return [];
  const { problem, guess, url } = judgeUrl(vault.address);
  if (problem) return [wrong('recipe-value', address, `${problem}${didYouMean(guess)}`)];
  if (url?.protocol === 'http:' && !isLoopback(url.hostname))
    return [doubtful(address, 'tokens and secrets would cross the network unencrypted; use https')];
  return [];
};

export const hostIsUrl: Rule = ({ document: { cluster = {} } }) => {
  if (cluster.host === undefined) return [];
  const { problem, guess, url } = judgeUrl(cluster.host);
  if (problem) return [wrong('recipe-value', host, `${problem}${didYouMean(guess)}`)];
  if (url?.protocol === 'http:')
    return [
      doubtful(host, "API servers speak https; over http the reviewer's token would cross the network unencrypted"),
    ];
  return [];
};

/** Loopback is another machine for a Vault that runs elsewhere. */
export const hostIsReachable: Rule = ({ document: { cluster = {}, vault = {} } }) => {
  const api = cluster.host === undefined ? undefined : judgeUrl(cluster.host).url;
  const server = vault.address === undefined ? undefined : judgeUrl(vault.address).url;
  if (!api || !server || !isLoopback(api.hostname) || isLoopback(server.hostname)) return [];
  const message = `${api.host} is Vault's own machine when Vault at ${server.host} calls it`;
  return [doubtful(host, message, 'give the address of the API server as Vault reaches it', 'host-loopback')];
};

export const caIsCertificate: Rule = ({ ca: text }: Draft) => {
  if (text === undefined) return [];
  if (text.includes('PRIVATE KEY'))
    return [wrong('recipe-value', ca, 'the file holds a private key; give the certificate alone')];
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) return [wrong('ca-malformed', ca, `the file holds no certificate in PEM${whyNoPem(text)}`)];
  return blocks.flatMap((block, index) => judgeCertificate(block, index));
};

function judgeCertificate(block: string, index: number): Said[] {
  const which = index === 0 ? 'the certificate' : `certificate ${index + 1} of the file`;
  try {
    const { validTo } = new X509Certificate(block);
    if (Date.parse(validTo) >= Date.now()) return [];
    return [doubtful(ca, `${which} has ended on ${validTo}`, undefined, 'certificate-expired')];
  } catch {
    return [wrong('ca-malformed', ca, `${which} cannot be read`)];
  }
}

function whyNoPem(text: string): string {
  const start = text.trim();
  if (start.startsWith('LS0t')) return '; it is PEM in base64: decode it with base64 --decode';
  if (start.includes('\\n')) return '; its line ends are written as \\n';
  if (/OMITTED|REDACTED/.test(start)) return '; kubectl hid it: add --raw to kubectl config view';
  return start === '' ? '; it is empty' : '';
}
