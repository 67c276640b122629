import { beforeAll, describe, expect, it, test } from 'vitest';
import { createAuthority } from '../../src/sandbox/servers/certificates.ts';
import { hostIn } from '../../src/trust/api-host.ts';
import { vouchedBy } from '../../src/trust/own-cluster.ts';
import { caIn } from '../../src/trust/read-ca.ts';

/**
 * Law: a host counts as this cluster only by the kubeconfig's server, the operator's word, or the cluster's own CA, and
 * only where every reader of URLs reads it alike.
 */
const own = 'https://api.example.com:6443';
const hosts = { attackers: '', own: '' };
beforeAll(async () => {
  hosts.own = (await createAuthority('own')).certificate;
  hosts.attackers = (await createAuthority('attacker')).certificate;
});

const by = (host: string, ca = hosts.attackers, word?: string, server = own) =>
  vouchedBy(
    { host: hostIn(host) ?? '', ca: caIn(ca) },
    { server: hostIn(server) ?? '', ca: caIn(hosts.own) },
    hostIn(word),
  );

describe('the kubeconfig’s server', () => {
  test.each([own, `${own}/`, 'HTTPS://API.example.com:6443'])('%s is it', (host) => expect(by(host)).toBe('server'));
  test('without its usual port too', () =>
    expect(by('https://api.example.com', '', undefined, 'https://api.example.com:443/')).toBe('server'));

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
  ])('%s is not', (host) => expect(by(host)).toBeUndefined());

  test('a number that Node takes for an address is none to Go', () =>
    expect(by('https://0x7f000001:6443', '', undefined, 'https://127.0.0.1:6443')).toBeUndefined());
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
  it('counts when the operator says so', () => expect(by(other, hosts.attackers, `${other}/`)).toBe('operator'));
  it('does not when he says another', () =>
    expect(by(other, hosts.attackers, 'https://10.0.0.2:6443')).toBeUndefined());
  it('does not where nobody knows the own CA', () =>
    expect(
      vouchedBy({ host: hostIn(other) ?? '', ca: caIn(hosts.own) }, { server: hostIn(own) ?? '' }),
    ).toBeUndefined());
});
