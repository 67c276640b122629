import { describe, expect, it } from 'vitest';
import { meaningOf } from '../../src/causes/literals/index.ts';
import type { CauseId } from '../../src/codes.ts';

const review = 'Post "https://10.0.0.1:6443/apis/authentication.k8s.io/v1/tokenreviews"';

/** As OpenBao 2.7.2 and Vault 1.21.0 wrote them alike, each provoked by the fault beside it; ports and names shortened. */
const seen: [fault: string, line: string, cause: CauseId | undefined][] = [
  [
    'no ClusterRoleBinding, one of another namespace or account, to another role, or a RoleBinding',
    'tokenreviews.authentication.k8s.io is forbidden: User "system:serviceaccount:a:vault-reviewer" cannot create resource "tokenreviews" in API group "authentication.k8s.io" at the cluster scope',
    'reviewer-forbidden',
  ],
  [
    "the reviewer's Secret or account is gone or made anew; its token has ended, is of another cluster, or is none",
    'lookup failed: service account unauthorized; this could mean it has been deleted or recreated with a new token',
    'reviewer-token-revoked',
  ],
  [
    'the reviewer token has a line end in it',
    `${review}: net/http: invalid header field value for "Authorization"`,
    'reviewer-token-malformed',
  ],
  [
    'no reviewer token, and Vault in no Pod',
    'failed to read local service account token, will use client token: open /var/run/secrets/kubernetes.io/serviceaccount/token: no such file or directory',
    undefined,
  ],
  [
    'the login token is of an account made anew',
    'lookup failed: [invalid bearer token, service account UID (342c446e-3dd0-46f7-b98e-85d55a3688a9) does not match claim (1e0f79ae-9a8f-40e7-95bc-650f6216ee53)]',
    'login-token-revoked',
  ],
  [
    'the login token is of a Pod that is gone',
    'lookup failed: [invalid bearer token, service account token has been invalidated]',
    'login-token-revoked',
  ],
  [
    'the login token is of another cluster',
    'lookup failed: [invalid bearer token, invalid signature, no keys found]',
    'login-token-foreign',
  ],
  [
    'the login token was tampered with',
    'lookup failed: [invalid bearer token, go-jose/go-jose: error in cryptographic primitive]',
    'login-token-foreign',
  ],
  [
    'the login token is in quotes',
    'error verifying token signature: illegal base64 data at input byte 0',
    'login-token-malformed',
  ],
  [
    'the login token begins with "Bearer "',
    'error verifying token signature: illegal base64 data at input byte 6',
    'login-token-malformed',
  ],
  [
    'the login token is cut off, or a path',
    'error verifying token signature: go-jose/go-jose: compact JWS format must have three parts',
    'login-token-malformed',
  ],
  [
    'pem_keys of another cluster',
    'error verifying token signature: no known key successfully validated the token signature',
    'signing-key-mismatch',
  ],
  ['nothing listens at the host', `${review}: dial tcp 10.0.0.1:6443: connect: connection refused`, 'host-unreachable'],
  [
    'the name of the host is unknown',
    `${review}: dial tcp: lookup kubernetes.invalid on 10.0.0.2:53: no such host`,
    'host-unreachable',
  ],
  [
    'the host speaks TLS and the config says http',
    'read tcp 127.0.0.1:51998->127.0.0.1:38663: read: connection reset by peer',
    'host-unreachable',
  ],
  ['the host speaks plain http', `${review}: http: server gave HTTP response to HTTPS client`, 'host-plain-http'],
  [
    'the host is a variable that nobody expanded',
    'parse "https://${KUBERNETES_SERVICE_HOST}:443/apis/authentication.k8s.io/v1/tokenreviews": invalid character "{" in host name',
    'host-malformed',
  ],
  [
    'the host is two URLs',
    'parse "https://127.0.0.1:6443 https://10.0.0.1:6443/apis/authentication.k8s.io/v1/tokenreviews": invalid port ":6443 https:" after host',
    'host-malformed',
  ],
  [
    'the host has a control character',
    'parse "https://127.0.0.1:38663\\x01/apis/authentication.k8s.io/v1/tokenreviews": net/url: invalid control character in URL',
    'host-malformed',
  ],
  [
    'the host has no scheme',
    'parse "127.0.0.1:6443/apis/authentication.k8s.io/v1/tokenreviews": first path segment in URL cannot contain colon',
    'host-malformed',
  ],
  ['the host is a web page', "invalid character '<' looking for beginning of value", 'host-not-an-api-server'],
  [
    'the host has a path',
    'forbidden: User "system:serviceaccount:a:vault-reviewer" cannot post path "/k8s/clusters/c-1/apis/authentication.k8s.io/v1/tokenreviews"',
    'host-not-an-api-server',
  ],
  [
    'the CA of another cluster of the same name',
    `${review}: tls: failed to verify certificate: x509: certificate signed by unknown authority (possibly because of "x509: ECDSA verification failure" while trying to verify candidate authority certificate "kubernetes")`,
    'ca-mismatch',
  ],
  [
    'the certificate of the host has ended',
    `${review}: tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-25T05:03:43Z is after 2026-11-25T05:02:37Z`,
    'certificate-expired',
  ],
  [
    'the certificate names no address',
    `${review}: tls: failed to verify certificate: x509: cannot validate certificate for 127.0.0.1 because it doesn't contain any IP SANs`,
    'certificate-name-mismatch',
  ],
];

/** As people reported them, of other versions and places. */
const reported: [line: string, cause: CauseId | undefined][] = [
  [`${review}: dial tcp 10.0.0.1:443: i/o timeout`, 'host-unreachable'],
  [`${review}: context deadline exceeded`, 'host-unreachable'],
  [`${review}: proxyconnect tcp: dial tcp 10.1.1.1:3128: connect: connection refused`, 'host-unreachable'],
  ['Post "ftp:6443/apis": unsupported protocol scheme "ftp"', 'host-malformed'],
  ['Client sent an HTTP request to an HTTPS server.', 'host-plain-http'],
  ['malformed HTTP response "\\x15\\x03\\x01\\x00\\x02\\x02"', 'host-plain-http'],
  ['x509: certificate is valid for 10.96.0.1, 172.18.0.2, not 203.0.113.4', 'certificate-name-mismatch'],
  ['lookup failed: token audiences ["vault"] is invalid for the target audiences ["api"]', 'client-review-audience'],
  ['could not validate token: valid for audience(s) [], but wanted [vault]', 'client-review-audience'],
  ['JWT UIDs did not match', 'login-token-revoked'],
  ['the server could not find the requested resource', 'host-not-an-api-server'],
  ['creating a new entity', undefined],
];

describe("a line of Vault's log", () => {
  it.each(seen)('%s', (_fault, line, cause) => {
    expect(meaningOf(`login unauthorized: ${line}`)).toBe(cause);
  });
  it.each(reported)('reported: %s', (line, cause) => expect(meaningOf(line)).toBe(cause));

  it('tells a dead reviewer from a dead login', () => {
    expect(meaningOf('lookup failed: service account unauthorized; this could mean it has been deleted')).toBe(
      'reviewer-token-revoked',
    );
    expect(meaningOf('lookup failed: [invalid bearer token, service account token has been invalidated]')).toBe(
      'login-token-revoked',
    );
  });
});
