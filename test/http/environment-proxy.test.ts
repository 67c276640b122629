import { describe, expect, test } from 'vitest';
import { proxyForUrl } from '../../src/http/environment-proxy.ts';

const proxy = 'http://proxy.example:3128';

describe('the proxy of the environment', () => {
  test.each([
    ['https asks HTTPS_PROXY', 'https://vault.example:8200', { HTTPS_PROXY: proxy }, proxy],
    ['lower case too', 'https://vault.example', { https_proxy: proxy }, proxy],
    ['https does not ask HTTP_PROXY', 'https://vault.example', { HTTP_PROXY: proxy }, undefined],
    ['http asks HTTP_PROXY', 'http://vault.example', { HTTP_PROXY: proxy }, proxy],
    ['a scheme is not needed', 'http://vault.example', { HTTP_PROXY: 'proxy.example:3128' }, proxy],
    ['loopback is never proxied', 'https://127.0.0.1:8200', { HTTPS_PROXY: proxy }, undefined],
    ['nor is localhost', 'https://localhost:8200', { HTTPS_PROXY: proxy }, undefined],
    ['nor ::1', 'https://[::1]:8200', { HTTPS_PROXY: proxy }, undefined],
    ['unset', 'https://vault.example', {}, undefined],
  ])('%s', (_, url, env, expected) => expect(proxyForUrl(url, env)).toBe(expected));

  test.each([
    ['the name', 'vault.example', true],
    ['another name', 'example.vault', false],
    ['a domain', 'example', true],
    ['a domain with a dot', '.example', true],
    ['a domain with a star', '*.example', true],
    ['the end of a name is no domain', 'ault.example', false],
    ['everything', '*', true],
    ['in a list', 'a, vault.example ,b', true],
    ['this port', 'vault.example:8200', true],
    ['another port', 'vault.example:443', false],
  ])('NO_PROXY: %s', (_, entry, excluded) => {
    const found = proxyForUrl('https://vault.example:8200', { HTTPS_PROXY: proxy, NO_PROXY: entry });
    expect(found).toBe(excluded ? undefined : proxy);
  });

  test.each([
    ['https://10.1.2.3', '10.0.0.0/8', true],
    ['https://10.1.2.3', '10.2.0.0/16', false],
    ['https://10.1.2.3', '10.1.2.3', true],
    ['https://[fd00::1]:8200', 'fd00::/8', true],
    ['https://[fd00::1]:8200', 'fd00::1', true],
    ['https://10.1.2.3', 'fd00::/8', false],
    ['https://10.1.2.3', '10.0.0.0/99', false],
  ])('NO_PROXY: %s in %s', (url, entry, excluded) => {
    expect(proxyForUrl(url, { HTTPS_PROXY: proxy, no_proxy: entry })).toBe(excluded ? undefined : proxy);
  });
});
