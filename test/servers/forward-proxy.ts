import { createServer, request as httpRequest } from 'node:http';
import { connect, createServer as createTcpServer, type Socket } from 'node:net';
import { listen } from './listen.ts';

export interface ForwardProxy {
  url: string;
  /** `host:port` of each CONNECT, or the absolute URL of each plain request. */
  used: string[];
  close(): Promise<void>;
}

/** Where a name leads; the proxy resolves for us, so that tests can use names that are not loopback. */
type Resolve = (target: { host: string; port: number }) => { host: string; port: number };

/** An HTTP proxy: CONNECT for https, absolute URLs for http. `credentials`: `user:password` that it insists on. */
export async function startHttpProxy(resolve: Resolve, credentials?: string): Promise<ForwardProxy> {
  const used: string[] = [];
  const wanted = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`;
  const server = createServer((incoming, outgoing) => {
    used.push(incoming.url ?? '');
    const url = new URL(incoming.url ?? '');
    const { host, port } = resolve({ host: url.hostname, port: Number(url.port || 80) });
    const path = url.pathname + url.search;
    const onward = httpRequest({ host, port, path, method: incoming.method, headers: incoming.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.writeHead(502).end());
    incoming.pipe(onward);
  });
  server.on('connect', (request, socket: Socket) => {
    if (wanted && request.headers['proxy-authorization'] !== wanted) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    used.push(request.url ?? '');
    const [host = '', port = ''] = (request.url ?? '').split(':');
    tunnel(socket, resolve({ host, port: Number(port) }), 'HTTP/1.1 200 Connection established\r\n\r\n');
  });
  const { port, close } = await listen(server);
  return { url: `http://127.0.0.1:${port}`, used, close };
}

/** A SOCKS5 proxy without authentication that takes host names (RFC 1928, CONNECT with address type 3). */
export async function startSocksProxy(resolve: Resolve): Promise<ForwardProxy> {
  const used: string[] = [];
  const server = createTcpServer((socket) => {
    socket.once('data', () => {
      socket.write(Buffer.from([5, 0]));
      socket.once('data', (request) => {
        const length = request[4] ?? 0;
        const host = request.subarray(5, 5 + length).toString();
        const port = request.readUInt16BE(5 + length);
        used.push(`${host}:${port}`);
        tunnel(socket, resolve({ host, port }), Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 0]));
      });
    });
  });
  const { port, close } = await listen(server);
  return { url: `socks5://127.0.0.1:${port}`, used, close };
}

function tunnel(socket: Socket, target: { host: string; port: number }, ready: string | Buffer): void {
  const onward = connect(target, () => {
    socket.write(ready);
    onward.pipe(socket);
    socket.pipe(onward);
  });
  onward.on('error', () => socket.destroy());
  socket.on('error', () => onward.destroy());
  socket.on('close', () => onward.destroy());
}
