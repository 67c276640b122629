import { known } from '../../facts/examination.ts';
import { rewritten } from '../fixes.ts';
import type { Causes } from './literal.ts';

/** The application's token, and what the role says of it. */
export const loginToken = {
  'service-account-missing': {
    stage: 'token',
    looksLike: '`serviceaccounts "NAME" not found`; Pods are not made; nobody can log in.',
    why: 'The account does not exist in that namespace; a name without a namespace means the current one of the kubeconfig, or `default`.',
    tellApart: {
      'service-account-not-bound': 'there the account exists, and the role names another',
      'login-token-revoked': 'there it existed when the token was made',
    },
    mend: 'Make it (`create_service_accounts: true` on the role, or kubectl), or name the account that the Pod runs as.',
  },
  'service-account-not-bound': {
    stage: 'binding',
    looksLike: '403 `service account name not authorized`.',
    why: "The account's name is not in `bound_service_account_names` of the role. Pods without `serviceAccountName` run as `default`.",
    tellApart: {
      'namespace-not-bound': 'Vault looks at the name first: the namespace may be wrong as well',
      'reviewer-forbidden': 'Kubernetes RBAC has no part in this one: Vault refuses before it asks Kubernetes',
    },
    mend: 'Add the account to the role (`service_accounts: [NS/NAME]`), or run the Pod as the account that is bound.',
  },
  'namespace-not-bound': {
    stage: 'binding',
    looksLike: '403 `namespace not authorized`.',
    why: "The account's namespace is not in `bound_service_account_namespaces`, and no namespace selector lets it in.",
    tellApart: {
      'service-account-not-bound': 'that one is answered first, and hides this one',
      'namespace-selector-unusable': 'there the selector cannot be evaluated',
    },
    mend: 'Add the namespace. Names and namespaces of one role are a cross product, so two accounts in two namespaces want two roles.',
  },
  'namespace-selector-unusable': {
    stage: 'binding',
    looksLike: '403 `namespace not authorized err=failed to get namespace (code 403 …)`.',
    why: 'For `bound_service_account_namespace_selector` the reviewer must read the namespace, and `system:auth-delegator` does not give that; or the selector is no JSON label selector.',
    tellApart: { 'namespace-not-bound': "there the selector was evaluated, and the namespace's labels do not match" },
    mend: 'Give the reviewer `get` on `namespaces` by a ClusterRole of its own, or list the namespaces instead.',
  },
  'audience-mismatch': {
    stage: 'token',
    looksLike: '403 `invalid audience (aud) claim`.',
    why: 'The role wants an audience that the token does not carry. The default token of a Pod is for the API server; that of a token Secret has no audience at all.',
    tellApart: {
      'client-review-audience': 'there the audience is the right one for the role, and the API server does not take it',
    },
    mend: "Project a token for the role's audience into the Pod (`serviceAccountToken: {audience: vault, path: token}`), and have the application read that file.",
  },
  'issuer-mismatch': {
    stage: 'token',
    fix: (x) =>
      rewritten(x, 'set issuer to what the token says, or leave disable_iss_validation on', {
        issuer: known(x.login)?.claims?.issuer ?? '',
      }),
    looksLike: '403 `invalid issuer (iss) claim` (before Vault 1.13: 500 `claim "iss" is invalid`).',
    why: '`issuer` is set in the auth config, checking it is turned on, and the token says another, by a slash at the end perhaps. Hosted clusters have issuers of their own.',
    tellApart: {
      'login-token-foreign': 'there the issuer is not checked, and the signature fails',
      'reviewer-forbidden': 'a bare `permission denied` is never the issuer',
    },
    mend: 'Leave `disable_iss_validation` on, which is the default: TokenReview judges the token. Or set `issuer` to what `kubectl get --raw /.well-known/openid-configuration` says.',
  },
  'login-token-expired': {
    stage: 'token',
    hides: ['login-token-revoked'],
    looksLike: '403 `invalid expiration time (exp) claim: token is expired`; the application worked for about an hour.',
    why: 'The application read its token once and kept it. The kubelet renews the file, not what was read.',
    tellApart: {
      'reviewer-token-expired': 'there every application is refused, with a bare 403',
      'clock-skew': 'there the token is fresh',
      'token-used-up': 'there it is the Vault token that ended',
    },
    mend: 'Read the token file again before each login. The reviewer is fine.',
  },
  'login-token-foreign': {
    stage: 'token',
    hides: ['login-token-revoked'],
    logLine: /invalid signature, no keys found|error in cryptographic primitive/,
    fix: () => [
      { why: 'the token was not signed by this cluster: log in at the auth method of the cluster that signed it' },
    ],
    looksLike:
      "A bare 403 `permission denied`; Vault's debug log: `invalid bearer token, invalid signature, no keys found`. Other applications log in.",
    why: 'The token was signed by another cluster than the one the mount asks.',
    tellApart: {
      'login-token-revoked': 'there the log says what is gone: the token was good in this cluster once',
      'reviewer-token-foreign': 'there nobody logs in',
      'ca-mismatch': 'there the API server is not even asked',
    },
    mend: 'Log in at the mount of the cluster that the Pod runs in: one mount a cluster.',
  },
  'login-token-malformed': {
    stage: 'token',
    hides: ['login-token-revoked', 'login-token-foreign'],
    logLine: /compact JWS format must have three parts|illegal base64 data|error parsing token|malformed(?! HTTP)/i,
    fix: () => [{ why: 'send the token file as it is: no quotes, no line end inside, no "Bearer "' }],
    looksLike:
      "A bare 403 `permission denied`; Vault's debug log: `compact JWS format must have three parts` or `illegal base64 data`.",
    why: 'What was sent as `jwt` is no token: in quotes, with `Bearer ` before it, a path, cut off, or still base64.',
    tellApart: { 'reviewer-token-malformed': 'that one is stored in the config, and nobody logs in' },
    mend: 'Send the content of the token file as it is.',
  },
  'login-token-revoked': {
    stage: 'token',
    logLine: /UIDs? did not match|invalid bearer token|token has been invalidated|has been deleted/i,
    fix: () => [
      {
        why: "the application's token is of an account, Pod or Secret that is gone: restart the Pod; the reviewer is fine",
      },
    ],
    looksLike:
      "A bare 403 `permission denied`; Vault's debug log: `invalid bearer token, service account token has been invalidated`, or a UID that does not match. Other applications log in.",
    why: 'The Pod, Secret or ServiceAccount that the token is bound to was deleted, perhaps made anew with the same name. The API server may still take such a token for about ten seconds.',
    tellApart: {
      'reviewer-token-revoked': 'that log line says `service account unauthorized`, and nobody logs in',
      'login-token-foreign': 'there the log says `no keys found`: the key is that of another cluster',
    },
    mend: 'Restart the Pod, so that it gets a new token. The reviewer is fine.',
  },
  'login-token-algorithm': {
    stage: 'token',
    hides: ['login-token-revoked', 'login-token-foreign'],
    logLine: /unexpected signature algorithm|unsupported signing|unexpected signing/i,
    fix: () => [{ why: 'use a token of TokenRequest, as the kubelet puts it into the Pod' }],
    looksLike: '403 `invalid algorithm (alg) header parameter: token signed with unexpected algorithm`.',
    why: 'The cluster signs with an algorithm that this server does not take: Vault 1.21 takes PS256, OpenBao 2.7 does not.',
    tellApart: { 'signing-key-mismatch': 'there the algorithm is fine and no key fits' },
    mend: 'Have the cluster sign with RS256 or ES256, or use a server version that takes it.',
  },
  'clock-skew': {
    stage: 'token',
    looksLike:
      '403 `invalid not before (nbf) claim: token not yet valid`, for tokens that were just made; or logins that fail and work in turn.',
    why: 'The clocks of Vault and of the API server differ by more than the leeway.',
    tellApart: { 'login-token-expired': 'there the clocks agree and the token is old' },
    mend: 'Set the clocks by NTP on all nodes, those of Vault included.',
  },
  'signing-key-mismatch': {
    stage: 'token',
    logLine:
      /no known key successfully validated|error verifying token signature|failed to verify.*signature|verification error/i,
    fix: (x) =>
      rewritten(x, 'clear pem_keys in the auth config: TokenReview judges the token without them', { pem_keys: [] }),
    looksLike:
      "A bare 403 `permission denied`, at once, without a request to the API server. Vault's debug log: `error verifying token signature`.",
    why: '`pem_keys` is set in the auth config, and none of its keys signed the token: the cluster changed its key, or the keys are of another.',
    tellApart: {
      'login-token-foreign': 'there no pem_keys are set, and the API server refuses the token',
      'reviewer-forbidden': 'there the API server was asked',
    },
    mend: 'Clear `pem_keys`: TokenReview judges tokens without them. Or set them to what `kubectl get --raw /openid/v1/jwks` says, as PEM.',
  },
} satisfies Causes;
