import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, type Dispatcher } from 'undici';
import { listen } from './listen.ts';

/** What goes wrong with one request. */
export type Fault =
  /** Answered here, in place of the server. */
  | { kind: 'answer'; status: number; headers?: Record<string, string>; body?: string }
  /** Passed on after a while. */
  | { kind: 'delay'; milliseconds: number }
  /** Passed on when this is settled. */
  | { kind: 'hold'; until: Promise<void> }
  /** The server does it at once, and the answer comes after a while. */
  | { kind: 'late'; milliseconds: number }
  /** The connection ends and the server never sees the request. */
  | { kind: 'reset' }
  /** The server does it, and the answer is lost, or replaced by one of this status and body, by default a gateway's page. */
  | { kind: 'lose-answer'; status?: number; body?: string }
  /** Half of the answer's body arrives, then the connection ends. */
  | { kind: 'half' }
  /** The server's own answer, changed on its way. */
  | { kind: 'change'; change: (body: string) => string }
  /** A good answer's headers and a first byte, and then nothing, for ever. */
  | { kind: 'trickle' };

export interface FaultRule {
  fault: Fault;
  /** Requests it strikes; default every one. */
  times?: number;
  /** Which ones; default all. */
  when?: (request: Seen) => boolean;
}

export interface Seen {
  method: string;
  /** With query. */
  path: string;
  headers: Record<string, string>;
  body: string;
}

export interface Faults {
  /** scheme://127.0.0.1:port, to be used in place of the target. */
  url: string;
  port: number;
  /** Every request that arrived, struck or not. */
  seen: Seen[];
  /** Connections accepted so far. */
  accepted(): number;
  /** Later rules come after earlier ones; the first that fits strikes. */
  inject(rule: FaultRule): void;
  /** From now on everything passes. */
  clear(): void;
  close(): Promise<void>;
}

export interface FaultsOptions {
  /** Base URL of the real server. Without one, what no rule strikes is answered `200 {}`. */
  target?: string;
  /** Body of those answers instead of `{}`. */
  answer?: string;
  /** How the target is reached, PEM. */
  forward?: { ca?: string; cert?: string; key?: string };
  /** Listen with TLS, PEM. */
  identity?: { cert: string; key: string; ca?: string; requestCert?: boolean };
}

/** A loopback proxy in front of a real server that lets requests fail in chosen ways. */
export async function startFaults(options: FaultsOptions = {}): Promise<Faults> {
  const seen: Seen[] = [];
  const rules: FaultRule[] = [];
  const agent = new Agent({ connect: { ...options.forward } });
  const pass = (request: Seen) => forward(options, agent, request);
  const handle = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const request = await readRequest(incoming);
    seen.push(request);
    await strike(takeRule(rules, request)?.fault, outgoing, () => pass(request));
  };
  const handler = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    handle(incoming, outgoing).catch(() => outgoing.destroy());
  };
  const server = options.identity ? createTlsServer(options.identity, handler) : createServer(handler);
  const listening = await listen(server);
  return {
    url: `${options.identity ? 'https' : 'http'}://127.0.0.1:${listening.port}`,
    port: listening.port,
    seen,
    accepted: listening.accepted,
    inject: (rule) => rules.push({ ...rule }),
    clear: () => rules.splice(0),
    close: async () => {
      await listening.close();
      await agent.destroy();
    },
  };
}

function takeRule(rules: FaultRule[], request: Seen): FaultRule | undefined {
  const rule = rules.find(({ when, times }) => (times ?? 1) > 0 && (when?.(request) ?? true));
  if (rule?.times !== undefined) rule.times--;
  return rule;
}

async function strike(fault: Fault | undefined, outgoing: ServerResponse, pass: () => Promise<Answer>): Promise<void> {
  switch (fault?.kind) {
    case 'answer':
      return send(outgoing, { status: fault.status, headers: fault.headers ?? {}, body: fault.body ?? '' });
    case 'reset':
      outgoing.socket?.resetAndDestroy();
      return;
    case 'lose-answer':
      await pass();
      if (fault.status !== undefined)
        return send(outgoing, { status: fault.status, headers: {}, body: fault.body ?? '<html>' });
      outgoing.socket?.resetAndDestroy();
      return;
    case 'half': {
      const { status, body } = await pass();
      outgoing.writeHead(status, { 'content-length': Buffer.byteLength(body) + 1 });
      outgoing.write(body.slice(0, Math.ceil(body.length / 2)), () => outgoing.socket?.destroy());
      return;
    }
    case 'change': {
      const answer = await pass();
      return send(outgoing, { ...answer, body: fault.change(answer.body) });
    }
    case 'trickle':
      outgoing.writeHead(200, { 'content-type': 'application/json' });
      outgoing.write('{');
      return;
    case 'late': {
      const answer = await pass();
      await sleep(fault.milliseconds);
      return send(outgoing, answer);
    }
    case 'delay':
      await sleep(fault.milliseconds);
      return send(outgoing, await pass());
    case 'hold':
      await fault.until;
      return send(outgoing, await pass());
    default:
      return send(outgoing, await pass());
  }
}

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

function send(outgoing: ServerResponse, { status, headers, body }: Answer): void {
  outgoing.writeHead(status, { 'content-type': 'application/json', ...headers });
  outgoing.end(status === 204 ? undefined : body);
}

async function forward({ target, answer = '{}' }: FaultsOptions, agent: Agent, request: Seen): Promise<Answer> {
  if (target === undefined) return { status: 200, headers: {}, body: answer };
  const { host, connection, 'content-length': _, 'transfer-encoding': __, ...headers } = request.headers;
  const given = await agent.request({
    origin: target,
    path: request.path,
    method: request.method as Dispatcher.HttpMethod,
    headers,
    ...(request.body !== '' && { body: request.body }),
  });
  const { 'transfer-encoding': ___, 'content-length': ____, connection: _____, ...kept } = given.headers;
  return { status: given.statusCode, headers: kept, body: await given.body.text() };
}

async function readRequest(incoming: IncomingMessage): Promise<Seen> {
  let body = '';
  for await (const chunk of incoming.setEncoding('utf8')) body += chunk;
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]);
  return { method: incoming.method ?? '', path: incoming.url ?? '', headers: Object.fromEntries(headers), body };
}
