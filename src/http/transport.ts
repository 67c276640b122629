import type { Secret } from '../secret.ts';
import type { CaBundle } from '../trust/ca-bundle.ts';

/** One request as it goes onto the wire. Both gateways send all of theirs through a Transport. */
export interface HttpRequest {
  /** GET, LIST, POST, PUT, PATCH, DELETE. */
  method: string;
  /** Absolute, already encoded. */
  url: string;
  /** A list becomes one header line a value. */
  headers?: Record<string, string | string[]>;
  /** Sent as it is. */
  body?: string;
  /** Sending it twice does no harm: it may be sent again after a connection error, 429, 412, 502, 503 or 504. */
  repeatable: boolean;
  /** Milliseconds until TransportError `timeout`, waiting for a free place not counted; default the transport's. Retries share it. */
  timeout?: number;
  /** The body of an answer that gives something (below 400) is let go unread and comes back as ''; another is small. */
  unread?: boolean;
  /** Tidies up what was made before: goes out even after the transport's signal was aborted. */
  tidying?: boolean;
  /**
   * It makes something that must be taken back: nothing but its own deadline ends it, for a lost answer is a thing that
   * nobody can end. Told when it surely never reached the server.
   */
  making?: { unsent(): void };
}

export interface HttpResponse {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: string;
}

/** A body read line by line while it arrives, until `close`. */
export interface HttpStream {
  status: number;
  /** Of any other status than 200, for which there are no lines; it may have 64 KiB. */
  body: string;
  lines: AsyncIterable<string>;
  close(): void;
}

export interface Transport {
  /**
   * Any status is an answer; redirects are never followed.
   * @throws TransportError when no answer came.
   */
  send(request: HttpRequest): Promise<HttpResponse>;
  /**
   * Sent once, never again; `timeout` ends with the headers of a 200. A body that breaks off throws TransportError while reading.
   * @throws TransportError when no answer came, or one that is none.
   */
  stream(request: HttpRequest): Promise<HttpStream>;
  /** Requests sent so far, retries included, as `METHOD path?query`, for tests and -vv. */
  readonly sent: readonly string[];
  close(): Promise<void>;
}

/** How a server is reached. */
export interface TransportOptions {
  tls: TlsOptions;
  /** A proxy URL (http, https, socks5); `environment` reads HTTPS_PROXY, HTTP_PROXY, NO_PROXY; undefined: none. */
  proxy?: string | 'environment';
  /** Where `environment` looks. Default: this process's. */
  env?: Record<string, string | undefined>;
  /** Milliseconds for one request with its retries. */
  timeout: number;
  /** Requests at once; streams do not count. */
  parallel: number;
  /** Bytes an answer's body may have; a larger one is not read to its end: TransportError `too-large`. Default 32 MiB; 1 MiB of an answer from 300 on. */
  largest?: number;
  /** Times a repeatable request is sent again. Default 4. */
  retries?: number;
  /** Requests a second, retries not counted. Absent: no limit. */
  rate?: number;
  userAgent: string;
  /** Told of each answer, for -v: never headers or bodies. */
  log?: (line: RequestLog) => void;
  /** Ends every request under way, but for those that make or tidy. */
  signal?: AbortSignal;
  /** Called before each request; the answer when it has come to its end. */
  begin?: () => () => void;
}

export interface TlsOptions {
  /** Trusted instead of the system's roots. */
  ca?: CaBundle;
  /** PEM. */
  cert?: string;
  key?: Secret;
  /** Name asked for (SNI) and checked, instead of the URL's host. */
  serverName?: string;
  /** Accept any certificate. Only ever set by the user. */
  insecure?: boolean;
}

export interface RequestLog {
  method: string;
  /** Without query. */
  path: string;
  /** HTTP status, or the error's code. */
  outcome: number | string;
  milliseconds: number;
  attempt: number;
}

/** No answer came. `kind` says why, `detail` is the scrubbed text of the underlying error. */
export class TransportError extends Error {
  readonly kind:
    | 'refused'
    | 'timeout'
    | 'dns'
    | 'reset'
    | 'tls'
    | 'scheme'
    | 'proxy'
    | 'aborted'
    | 'too-large'
    | 'other';
  readonly detail: string;
  /** The TLS error's code, e.g. DEPTH_ZERO_SELF_SIGNED_CERT or ERR_TLS_CERT_ALTNAME_INVALID; '' when not TLS. */
  readonly tlsCode: string;

  constructor(kind: TransportError['kind'], detail: string, tlsCode = '') {
    super(detail);
    this.name = 'TransportError';
    this.kind = kind;
    this.detail = detail;
    this.tlsCode = tlsCode;
  }

  /** Nothing of the request can have reached the server. */
  get unsent(): boolean {
    return (
      this.kind === 'refused' ||
      this.kind === 'dns' ||
      (this.kind === 'tls' && !/EPROTO|MAC|DECRYPT/.test(this.tlsCode))
    );
  }
}
