import { BlockList, isIP } from 'node:net';
import type { Environment } from '../model/environment.ts';

/**
 * The proxy for a URL as the vault and kubectl commands choose it (Go's rules, so that both tools agree with us):
 * https asks only HTTPS_PROXY, http only HTTP_PROXY, loopback is never proxied, NO_PROXY takes names, addresses,
 * CIDR ranges and ports.
 */
export function proxyForUrl(url: string, env: Environment): string | undefined {
  const { protocol, hostname, port } = new URL(url);
  const name = protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const proxy = either(env, name);
  if (!proxy) return undefined;
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (isLoopback(host)) return undefined;
  const target = { host, port: port || (protocol === 'https:' ? '443' : '80') };
  const excluded = (either(env, 'NO_PROXY') ?? '')
    .split(/[\s,]+/)
    .some((entry) => matches(entry.toLowerCase(), target));
  if (excluded) return undefined;
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

function either(env: Environment, name: string): string | undefined {
  return env[name] || env[name.toLowerCase()];
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

function matches(entry: string, target: { host: string; port: string }): boolean {
  if (entry === '') return false;
  if (entry === '*') return true;
  if (entry.includes('/')) return inRange(target.host, entry);
  const [, name = entry, port] = /^(.*?)(?::(\d+))?$/.exec(isIP(entry) === 6 ? `[${entry}]` : entry) ?? [];
  if (port !== undefined && port !== target.port) return false;
  const host = name.replace(/^\[|\]$/g, '').replace(/^\*(?=\.)/, '');
  if (isIP(host)) return host === target.host;
  return host.startsWith('.') ? target.host.endsWith(host) : target.host === host || target.host.endsWith(`.${host}`);
}

function inRange(host: string, range: string): boolean {
  const [network = '', bits = ''] = range.split('/');
  const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
  if (!isIP(network) || !isIP(host) || !/^\d+$/.test(bits)) return false;
  try {
    const list = new BlockList();
    list.addSubnet(network, Number(bits), family);
    return list.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4');
  } catch {
    return false;
  }
}
