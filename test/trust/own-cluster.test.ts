import { rootCertificates } from 'node:tls';
import { beforeAll, describe, expect, it, test } from 'vitest';
import { createAuthority } from '../../src/sandbox/servers/certificates.ts';
import { hostIn } from '../../src/trust/api-host.ts';
import { vouchedBy } from '../../src/trust/own-cluster.ts';
import { caIn } from '../../src/trust/read-ca.ts';

/**
 * Law: a host counts as this cluster only by the kubeconfig's server under the CA that we trust there ourselves, by the
 * operator's word, or by the cluster's own CA, and only where every reader of URLs reads it alike. An address alone shows
 * nothing: where Vault stands it may be another machine.
 */
const own = 'https://api.example.com:6443';
const hosts = { attackers: '', own: '' };
beforeAll(async () => {
  hosts.own = (await createAuthority('own')).certificate;
  hosts.attackers = (await createAuthority('attacker')).certificate;
});

const told = (host: string, ca: string) => ({
  host: hostIn(host) ?? ('' as const),
  ...(ca !== '' && { ca: caIn(ca) ?? ('unread' as const) }),
});
const by = (host: string, ca = hosts.attackers, word?: string, server = own) =>
  vouchedBy(told(host, ca), { server: hostIn(server) ?? '', ca: caIn(hosts.own) }, hostIn(word));

describe('the kubeconfig’s server', () => {
  test.each([own, `${own}/`, 'HTTPS://API.example.com:6443'])('%s is it', (host) =>
    expect(by(host, hosts.own)).toBe('server'),
  );
  test('without its usual port too', () =>
    expect(by('https://api.example.com', hosts.own, undefined, 'https://api.example.com:443/')).toBe('server'));

  const inside = ['https://10.96.0.1', 'https://127.0.0.1:6443', 'https://kubernetes.default.svc', own];
  test.each(inside)('%s is another machine where Vault stands, unless the own CA or the operator says no', (host) => {
    const cas = [hosts.attackers, `${hosts.own}${hosts.attackers}`, '', 'DATA+OMITTED', rootCertificates[0] ?? ''];
    expect(cas.map((ca) => by(host, ca, undefined, host))).toEqual(cas.map(() => undefined));
    expect([by(host, hosts.own, undefined, host), by(host, hosts.attackers, host, host)]).toEqual([
      'server',
      'operator',
    ]);
  });
  const unknown = (ca: string, host = own) => vouchedBy(told(host, ca), { server: hostIn(host) ?? '' });
  test("is it by the system's roots on both sides", () => expect(unknown('')).toBe('server'));
  test('is not where Vault is told a CA and nobody knows the own one', () =>
    expect([unknown(hosts.own), unknown('DATA+OMITTED')]).toEqual([undefined, undefined]));
  test('is it over plain http, where no CA counts', () => expect(unknown('', 'http://10.0.0.1:8080')).toBe('server'));

  test.each([
    'http://api.example.com:6443',
    'https://api.example.com',
    'https://api.example.com:6444',
    'https://api.example.com.:6443',
    'https://api.example.com:6443@evil.example.com',
    'https://evil.example.com#@api.example.com:6443',
    'https://api.example.com:6443\\@evil.example.com',
    'https://api.example.com:6443/api/v1/namespaces/x/services/https:evil:443/proxy',
    'https://api.example.com:6443/.',
    'https://api.example.com:6443/%2e',
    'https://api.example.com:6443?',
    'https://api.example.com:6443#',
    ' https://api.example.com:6443',
    'https://api.example.com:6443\n',
    'https://api.example.com:6443 https://evil.example.com',
    'https://аpi.example.com:6443',
    'api.example.com:6443',
    '//api.example.com:6443',
    '',
    `https://${'a'.repeat(100_000)}`,
  ])('%s is not', (host) => expect([by(host), by(host, '')]).toEqual([undefined, undefined]));

  test('a number that Node takes for an address is none to Go', () =>
    expect(by('https://0x7f000001:6443', hosts.own, undefined, 'https://127.0.0.1:6443')).toBeUndefined());
});

describe('another address', () => {
  const other = 'https://10.0.0.1:6443';
  it('counts with the own CA', () => expect(by(other, hosts.own)).toBe('ca'));
  it('counts with the own CA and the path that the kubeconfig has', () => {
    const behind = 'https://rancher.example.com/k8s/clusters/c-1';
    expect(by('https://10.0.0.1/k8s/clusters/c-1', hosts.own, undefined, behind)).toBe('ca');
    expect(by('https://10.0.0.1/k8s/clusters/c-2', hosts.own, undefined, behind)).toBeUndefined();
  });
  it.each([
    ['another CA', other, () => hosts.attackers],
    ['another CA beside the own', other, () => `${hosts.own}${hosts.attackers}`],
    ["the system's roots", other, () => ''],
    ['what is no CA', other, () => 'DATA+OMITTED'],
    ['the own CA and plain http', 'http://10.0.0.1:6443', () => hosts.own],
    ['the own CA and a path', `${other}/api/v1/namespaces/x/services/evil/proxy`, () => hosts.own],
  ])('does not with %s', (_what, host, ca) => expect(by(host, ca())).toBeUndefined());
  it('does not with a public root that stands in the own bundle: it signs for everybody', () => {
    const [root = ''] = rootCertificates;
    const both = `${hosts.own.trim()}\n${root.trim()}\n`;
    const bundle = caIn(both);
    const among = (ca: string) =>
      vouchedBy(told(other, ca), { server: hostIn(own) ?? '', ...(bundle && { ca: bundle }) });
    expect([among(hosts.own), among(`${root}\n`), among(both)]).toEqual(['ca', undefined, undefined]);
  });
  it('counts when the operator says so', () => expect(by(other, hosts.attackers, `${other}/`)).toBe('operator'));
  it('does not when he says another', () =>
    expect(by(other, hosts.attackers, 'https://10.0.0.2:6443')).toBeUndefined());
  it('does not where nobody knows the own CA', () =>
    expect(vouchedBy(told(other, hosts.own), { server: hostIn(own) ?? '' })).toBeUndefined());
});
