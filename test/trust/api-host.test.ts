import { describe, expect, it } from 'vitest';
import { canonical } from '../../src/engine/diff.ts';
import { hostIn, readApiHost } from '../../src/trust/api-host.ts';

/** Law: an address is read as every program reads it, or refused; what leaves is printed from what was read. */

describe('an address of an API server', () => {
  it.each([
    ['https://10.0.0.1:6443', 'https://10.0.0.1:6443'],
    ['https://10.0.0.1:6443/', 'https://10.0.0.1:6443'],
    ['HTTPS://API.Example.COM', 'https://api.example.com'],
    ['https://api.example.com:443', 'https://api.example.com'],
    ['https://api.example.com:', 'https://api.example.com'],
    ['https://api.example.com:06443', 'https://api.example.com:6443'],
    ['http://localhost:80', 'http://localhost'],
    ['https://[::1]:6443', 'https://[::1]:6443'],
    ['https://[FD00:0:0::1]', 'https://[fd00::1]'],
    ['https://xn--mnchen-3ya.example:6443', 'https://xn--mnchen-3ya.example:6443'],
    ['https://rancher.example.com/k8s/clusters/c-m-1/', 'https://rancher.example.com/k8s/clusters/c-m-1'],
    ['https://kcp.example.com/clusters/root:org:ws', 'https://kcp.example.com/clusters/root:org:ws'],
  ])('%s is sent as %s', (text, sent) => {
    expect(readApiHost(text)).toBe(sent);
    expect(readApiHost(sent)).toBe(sent);
    // What is stored in another spelling is no drift.
    expect(canonical('host', text)).toBe(canonical('host', sent));
  });

  it.each([
    ['https://api.example.com@evil.example', 'user name'],
    ['https://@api.example.com', 'user name'],
    ['https://api.example.com\\@evil.example', 'backslash'],
    ['https://api.example.com\\.evil.example', 'backslash'],
    ['https:\\\\api.example.com', 'https://'],
    ['https:api.example.com', 'https://'],
    ['https:///api.example.com', 'form'],
    [' https://api.example.com', 'https://'],
    ['https://api.example.com ', 'space'],
    ['https://api.exa\tmple.com', 'control'],
    ['https://api.example.com\n', 'control'],
    ['https://api.example.com\0', 'control'],
    ['https://api.example.com.', 'dot'],
    ['https://api.example.com.:6443', 'dot'],
    ['https://münchen.example', 'xn--'],
    ['https://api.example。com', 'xn--'],
    ['https://api%2eexample.com', '%'],
    ['https://127.1:6443', '127.0.0.1'],
    ['https://0x7f000001', '127.0.0.1'],
    ['https://2130706433', '127.0.0.1'],
    ['https://0177.0.0.1', '127.0.0.1'],
    ['https://[fe80::1%25eth0]', '%'],
    ['https://::1', 'brackets'],
    ['https://api.example.com:65536', 'form'],
    ['https://api.example.com:1234567', 'port'],
    ['https://api.example.com:6443x', 'port'],
    ['https://api.example.com?x=/', 'query'],
    ['https://api.example.com#x', 'fragment'],
    ['https://api.example.com/a/../b', 'dots'],
    ['https://api.example.com//a', 'two slashes'],
    ['ftp://api.example.com', 'https://'],
    ['', 'https://'],
  ])('%j is refused', (text, why) => {
    expect(readApiHost(text)).toMatchObject({ what: expect.stringContaining(why) });
    expect(hostIn(text)).toBeUndefined();
    // What is stored so is drift, whatever is wanted.
    expect(canonical('host', text)).toBe(text);
  });
});
