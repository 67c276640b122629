import { SocksClient, type SocksProxy } from 'socks';
import type { buildConnector } from 'undici';

/** Connects through a socks5 proxy, which also resolves the host's name, then lets `inner` speak TLS over it. */
export function socksConnector(proxy: string, inner: buildConnector.connector): buildConnector.connector {
  return (target, callback) => {
    const open = SocksClient.createConnection({
      command: 'connect',
      proxy: socksProxy(proxy),
      destination: { host: bare(target.hostname), port: Number(target.port || (isTls(target) ? 443 : 80)) },
    });
    open.then(
      ({ socket }) => {
        if (isTls(target)) inner({ ...target, httpSocket: socket }, callback);
        else callback(null, socket.setNoDelay(true));
      },
      (error: Error) => callback(new Error(`socks proxy: ${error.message}`), null),
    );
  };
}

/** A socks5 URL in the library's words. */
export function socksProxy(proxy: string): SocksProxy {
  const { hostname, port, username, password } = new URL(proxy);
  return {
    type: 5,
    host: bare(hostname),
    port: Number(port || 1080),
    ...(username && { userId: decodeURIComponent(username), password: decodeURIComponent(password) }),
  };
}

function isTls(target: buildConnector.Options): boolean {
  return target.protocol === 'https:';
}

/** An IPv6 address without the brackets of a URL. */
function bare(host: string): string {
  return host.replace(/^\[|\]$/g, '');
}
