import type { VaultbindError } from '../errors.ts';
import type { RequestLog, TlsOptions } from '../http/transport.ts';
import type { Environment } from '../model/environment.ts';
import type { Work } from '../model/work.ts';
import type { Secret } from '../secret.ts';

/** All that is needed to speak to one Vault as one operator. */
export interface VaultConnection {
  /** scheme://host:port, without a slash at the end. */
  address: string;
  /** `--vault-addr`, `VAULT_ADDR` or `BAO_ADDR`. */
  addressFrom: string;
  /** Vault namespace without slashes at either end; '' for the root. */
  namespace: string;
  token: Secret;
  /** Where the token was found, for messages. */
  tokenFrom: string;
  /** Why there is no token: what everybody may ask is still asked, all else fails with this. Only where flags allow it. */
  noToken?: VaultbindError;
  /** Of a token that this run made. */
  lease?: TokenLease;
  tls: TlsOptions;
  /** A proxy URL of VAULT_PROXY_ADDR or VAULT_HTTP_PROXY, else `environment`. */
  proxy: string;
  /** Milliseconds; --timeout, else VAULT_CLIENT_TIMEOUT, else 60 s. */
  timeout: number;
  /** VAULT_MAX_RETRIES. Absent: the transport's default. */
  retries?: number;
  /** Requests a second; VAULT_RATE_LIMIT. Absent: no limit. */
  rate?: number;
  /** Only the variables about proxies and root certificates: the whole would hold the token in clear. */
  env: Environment;
}

/** How long a token was made for. */
export interface TokenLease {
  /** Where it was made: `auth/approle`. */
  at: string;
  /** What made it. */
  of: 'login' | 'child';
  /** Seconds; 0: it does not end. */
  ttl: number;
  /** When, in milliseconds since 1970, by our clock. */
  since: number;
}

export interface VaultOptions {
  /** `vaultbind/<version> (<recipe name>)`. */
  userAgent: string;
  /** Requests at once. */
  parallel: number;
  /** Told of each answer, for -v. */
  log?: (line: RequestLog) => void;
  work: Work;
}
