import { isApiHost, readApiHost } from '../../trust/api-host.ts';
import { CaBundle } from '../../trust/ca-bundle.ts';
import type { PemFault } from '../../trust/pem.ts';
import { faultInWords } from '../../trust/read-ca.ts';
import type { Path } from '../source/place.ts';
import { didYouMean } from '../suggest.ts';
import { isLoopback, judgeUrl } from '../urls.ts';
import { doubtful, type Objection, wrong } from './objection.ts';
import type { Draft, Rule } from './rule.ts';

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
  const read = readApiHost(cluster.host);
  if (!isApiHost(read)) return [wrong('recipe-value', host, `programs do not read this address alike: ${read.what}`)];
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

export const caIsCertificate: Rule = ({ ca: read }: Draft) => {
  if (read === undefined) return [];
  if (!(read instanceof CaBundle)) return [notRead(read)];
  return read.certificates.flatMap(({ validTo }, index) => {
    if (Date.parse(validTo) >= Date.now()) return [];
    const which = index === 0 ? 'the certificate' : `certificate ${index + 1} of the file`;
    return [doubtful(ca, `${which} has ended on ${validTo}`, undefined, 'certificate-expired')];
  });
};

function notRead(fault: PemFault): Objection {
  if (fault.kind === 'key')
    return wrong('recipe-value', ca, 'the file holds a private key; give the certificate alone');
  return wrong('ca-malformed', ca, `the file ${faultInWords(fault)}`, fault.instead);
}
