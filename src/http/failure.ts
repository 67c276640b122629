import { shownText } from './shown-text.ts';
import { TransportError } from './transport.ts';

const kinds: Record<string, TransportError['kind']> = {
  ECONNREFUSED: 'refused',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_FAIL: 'dns',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
};

/** The TLS library's ways of saying that the other side does not speak TLS. */
const notTls = /wrong version number|packet length too long|http request|ERR_SSL_WRONG_VERSION_NUMBER/i;
const tlsCode =
  /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|CRL_|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH|HOSTNAME_MISMATCH|EPROTO$|ERR_OSSL)/;

/** `806C…:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../deps/…:350:`, of which only the reason helps. */
const opensslFrame = /[0-9A-F]+:error:[0-9A-F]+:[^:]*:[^:]*:([^:]*):[^\n]*\n?/g;

/** What undici, node:net and node:tls threw, as one of our kinds. The original is dropped: it may hold the request. */
export function translateFailure(error: unknown, url: string, proxy: string | undefined): TransportError {
  const chain = causes(error);
  const detail = shownText(describe(chain));
  if (proxy !== undefined && isOfProxy(chain, proxy))
    return new TransportError('proxy', `${withoutPassword(proxy)}: ${detail}`);
  const codes = chain.map((each) => each.code);
  if (chain.some((each) => notTls.test(`${each.code} ${each.message}`))) return new TransportError('scheme', detail);
  if (codes.some((code) => code.startsWith('HPE_'))) {
    return new TransportError(url.startsWith('http:') ? 'scheme' : 'other', detail);
  }
  const tls = codes.find((code) => tlsCode.test(code));
  if (tls !== undefined) return new TransportError('tls', detail, tls);
  const known = codes.find((code) => code in kinds);
  return new TransportError(known === undefined ? 'other' : (kinds[known] ?? 'other'), detail);
}

interface Cause {
  code: string;
  message: string;
  port?: number;
}

/** The error, the errors it gathers (one an address tried) and their causes. */
function causes(error: unknown, depth = 0): Cause[] {
  if (!(error instanceof Error) || depth > 5) return [];
  const { code, port } = error as Error & { code?: unknown; port?: unknown };
  const own: Cause = { code: typeof code === 'string' ? code : '', message: error.message };
  if (typeof port === 'number') own.port = port;
  const gathered = error instanceof AggregateError ? error.errors : [];
  return [own, ...[...gathered, error.cause].flatMap((each) => causes(each, depth + 1))];
}

function describe(chain: Cause[]): string {
  const texts = chain.map(({ code, message }) =>
    message === '' || message.includes(code) ? message : `${message} (${code})`,
  );
  const readable = texts.map((text) => text.replace(opensslFrame, '$1').trim());
  return [...new Set(readable.filter((text) => text !== ''))].join('; ') || chain[0]?.code || 'unknown error';
}

/** Through a proxy we dial only the proxy: what goes wrong with the connection itself goes wrong there. */
function isOfProxy(chain: Cause[], proxy: string): boolean {
  const proxyPort = Number(new URL(proxy).port || 80);
  if (chain.some(({ code }) => tlsCode.test(code))) return false;
  return chain.some(
    ({ code, message, port }) =>
      code === 'UND_ERR_PRX_TLS' ||
      /proxy|socks/i.test(message) ||
      (port === proxyPort && code in kinds) ||
      kinds[code] === 'dns',
  );
}

export function withoutPassword(proxy: string): string {
  const { protocol, host } = new URL(proxy);
  return `${protocol}//${host}`;
}
