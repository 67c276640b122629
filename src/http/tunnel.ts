import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { SocksClient } from 'socks';
import { socksProxy } from './socks.ts';

/**
 * A connection to `target` by way of a proxy (http, https, socks5), with nothing sent to the target yet. Errors: what
 * node:net throws, or that the proxy will not.
 */
export function openTunnel(
  proxy: string,
  target: { host: string; port: number },
  signal: AbortSignal,
): Promise<Socket> {
  return /^socks/i.test(proxy) ? bySocks(proxy, target, signal) : byConnect(new URL(proxy), target, signal);
}

function byConnect(proxy: URL, { host, port }: { host: string; port: number }, signal: AbortSignal): Promise<Socket> {
  const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const { username, password } = proxy;
  const basic = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
  const headers = { host: authority, ...(username && { 'proxy-authorization': `Basic ${basic}` }) };
  const request = proxy.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((settle, fail) => {
    const asked = request({
      method: 'CONNECT',
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
      path: authority,
      headers,
      agent: false,
      signal,
    });
    asked.once('connect', ({ statusCode }, socket) => {
      if (statusCode === 200) return settle(socket);
      socket.destroy();
      fail(new Error(`the proxy answers ${statusCode}`));
    });
    asked.once('response', ({ statusCode }) => {
      asked.destroy();
      fail(new Error(`the proxy answers ${statusCode}`));
    });
    asked.once('error', fail);
    asked.end();
  });
}

async function bySocks(
  proxy: string,
  { host, port }: { host: string; port: number },
  signal: AbortSignal,
): Promise<Socket> {
  const aborted = new Promise<never>((_, fail) => signal.addEventListener('abort', () => fail(signal.reason)));
  const opened = SocksClient.createConnection({
    command: 'connect',
    proxy: socksProxy(proxy),
    destination: { host, port },
  });
  const late = () => void opened.then(({ socket }) => socket.destroy()).catch(() => undefined);
  signal.addEventListener('abort', late);
  return (await Promise.race([opened, aborted])).socket;
}
