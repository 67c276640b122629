import type { CauseId } from '../codes.ts';
import type { Stage } from './cause.ts';

/** What a line of Vault's log means. Seen on OpenBao 2.7 and Vault 1.21; the texts are Go's, Kubernetes' and the auth method's. */
export interface LineMeaning {
  pattern: RegExp;
  cause: CauseId;
  stage: Stage;
}

/** First match wins, so the more telling patterns come first. */
const lineMeanings: LineMeaning[] = [
  {
    pattern: /tokenreviews.*is forbidden|cannot create resource "tokenreviews"/,
    cause: 'reviewer-forbidden',
    stage: 'reviewer',
  },
  { pattern: /cannot post path "[^"]*tokenreviews/, cause: 'host-not-an-api-server', stage: 'cluster' },
  {
    pattern: /invalid header field value for \\*"?Authorization/,
    cause: 'reviewer-token-malformed',
    stage: 'reviewer',
  },
  { pattern: /service account unauthorized; this could mean/, cause: 'reviewer-token-revoked', stage: 'reviewer' },
  {
    pattern: /the server has asked for the client to provide credentials/,
    cause: 'reviewer-token-revoked',
    stage: 'reviewer',
  },
  { pattern: /UIDs? did not match/, cause: 'login-token-revoked', stage: 'token' },
  {
    pattern: /invalid signature, no keys found|error in cryptographic primitive/,
    cause: 'login-token-foreign',
    stage: 'token',
  },
  {
    pattern: /invalid bearer token|token has been invalidated|has been deleted/i,
    cause: 'login-token-revoked',
    stage: 'token',
  },
  {
    pattern: /audiences? .* (is|are) invalid for the target audiences|but wanted/,
    cause: 'client-review-audience',
    stage: 'token',
  },
  {
    pattern: /compact JWS format must have three parts|illegal base64 data|error parsing token|malformed(?! HTTP)/i,
    cause: 'login-token-malformed',
    stage: 'token',
  },
  {
    pattern: /unexpected signature algorithm|unsupported signing|unexpected signing/i,
    cause: 'login-token-algorithm',
    stage: 'token',
  },
  {
    pattern:
      /no known key successfully validated|error verifying token signature|failed to verify.*signature|verification error/i,
    cause: 'signing-key-mismatch',
    stage: 'token',
  },
  {
    pattern: /certificate signed by unknown authority|certificate is not trusted/,
    cause: 'ca-mismatch',
    stage: 'cluster',
  },
  {
    pattern: /certificate is valid for|cannot validate certificate for|doesn't contain any IP SANs/,
    cause: 'certificate-name-mismatch',
    stage: 'cluster',
  },
  { pattern: /certificate has expired or is not yet valid/, cause: 'certificate-expired', stage: 'cluster' },
  {
    pattern: /gave HTTP response to HTTPS client|sent an HTTP request to an HTTPS server|malformed HTTP response/i,
    cause: 'host-plain-http',
    stage: 'cluster',
  },
  {
    pattern:
      /unsupported protocol scheme|first path segment in URL|invalid control character|invalid character .* in host name|missing protocol scheme|invalid port/,
    cause: 'host-malformed',
    stage: 'cluster',
  },
  {
    pattern:
      /invalid character '.' looking for beginning of value|couldn't (get version|decode)|the server could not find the requested resource/,
    cause: 'host-not-an-api-server',
    stage: 'cluster',
  },
  {
    pattern:
      /connection refused|i\/o timeout|no such host|no route to host|network is unreachable|context deadline exceeded|connection reset|EOF|proxyconnect/,
    cause: 'host-unreachable',
    stage: 'cluster',
  },
];

export function meaningOf(line: string): LineMeaning | undefined {
  return lineMeanings.find(({ pattern }) => pattern.test(line));
}
