import type { Causes } from './literal.ts';

/** Vault itself, and the operator's token. */
export const vaultCatalogue = {
  'vault-unreachable': {
    stage: 'vault',
    looksLike:
      'Every request to Vault ends in `connection refused`, `no such host`, a reset or a timeout; an agent waits for ever.',
    why: 'The address is wrong, Vault does not run there, or a firewall or a proxy stands between.',
    tellApart: {
      'host-unreachable':
        'there Vault answers, and it is Vault that cannot reach the Kubernetes API: the client sees a bare 403',
      'vault-scheme-mismatch': 'there something answers, in the other protocol',
      'vault-sealed': 'there Vault answers, with 503',
    },
    mend: 'Correct `VAULT_ADDR` (or `BAO_ADDR`, `--vault-addr`), start Vault, or open the way. Try `curl -v $VAULT_ADDR/v1/sys/health` from where the application runs: your own machine may see another network.',
  },
  'vault-tls-untrusted': {
    stage: 'vault',
    looksLike:
      '`certificate signed by unknown authority` or `self-signed certificate`, and the address in it is Vault.',
    why: 'Whoever connects does not have the CA that signed the certificate of Vault, or asks for a name that the certificate does not have.',
    tellApart: {
      'ca-mismatch':
        'that is the CA of the Kubernetes API, stored in the auth config and used by Vault; this one is the CA of Vault, used by its clients',
      'certificate-expired': 'there the certificate is past its end, whoever trusts it',
    },
    mend: 'Set `VAULT_CACERT` to the CA of Vault, or `VAULT_TLS_SERVER_NAME` to a name in its certificate. `VAULT_SKIP_VERIFY` hides the fault and shows your token to whoever answers.',
  },
  'vault-scheme-mismatch': {
    stage: 'vault',
    looksLike:
      '`Client sent an HTTP request to an HTTPS server` (400), or `server gave HTTP response to HTTPS client`.',
    why: 'The address says `http://` and the listener speaks TLS, or the reverse.',
    tellApart: {
      'vault-unreachable': 'there nothing answers at all',
      'host-plain-http': 'there it is `kubernetes_host`, in the auth config',
    },
    mend: 'Write the scheme that the listener speaks into `VAULT_ADDR`.',
  },
  'vault-sealed': {
    stage: 'vault',
    looksLike: '503 `Vault is sealed` on every path, the login included.',
    why: 'Vault was restarted and its keys were not given to it.',
    tellApart: {
      'vault-uninitialized': 'there `vault status` says that it is not initialised: no keys exist yet',
      'vault-standby': 'there `sys/health` answers 429, and the node is not sealed',
    },
    mend: '`vault operator unseal` with enough keys, on each node; auto-unseal for the next time. Nothing in the auth method needs to be written again.',
  },
  'vault-uninitialized': {
    stage: 'vault',
    looksLike: '501, or 503 on every path, on a server that was just installed.',
    why: 'No storage was initialised yet, or Vault was started with an empty storage by mistake.',
    tellApart: { 'vault-sealed': 'there the storage is initialised and only the keys are missing' },
    mend: '`vault operator init`, once. Where there was data before, look first why the storage is empty.',
  },
  'vault-standby': {
    stage: 'vault',
    looksLike: 'Logins work and fail in turn; 429 from `sys/health`, redirects to an address that does not answer.',
    why: 'A standby node answered. It passes requests on to the active node by the cluster port, or redirects to its `api_addr`; neither works here.',
    tellApart: { 'vault-sealed': 'a sealed node answers 503 and never recovers by itself' },
    mend: "Open the cluster port between the nodes, give each node its own `api_addr` and `cluster_addr`, or use the active node's Service.",
  },
  'vault-namespace-missing': {
    stage: 'mount',
    hides: ['operator-token-invalid'],
    looksLike:
      '404 or 403 on every path as soon as the Vault namespace is named, `no handler for route`, or `permission denied` on the login.',
    why: 'The Vault namespace is misspelled, or lies below another one: `platform/team`, not `team`.',
    tellApart: {
      'vault-namespaces-unsupported': 'there the server knows no namespaces at all',
      'auth-mount-missing': 'there the Vault namespace exists, and nothing is enabled at the path in it',
    },
    mend: '`vault namespace list` in the parent shows the names. Set `VAULT_NAMESPACE` to the whole path, and `vault.namespace` of the recipe, which asserts it. The application must name the same one.',
  },
  'vault-namespaces-unsupported': {
    stage: 'mount',
    hides: ['operator-token-invalid'],
    looksLike: 'Requests fail, or land in another place than expected, when `X-Vault-Namespace` is sent.',
    why: 'Vault namespaces exist in OpenBao and in Vault Enterprise, not in the community edition of Vault.',
    tellApart: { 'vault-namespace-missing': 'there the server has namespaces, and not this one' },
    mend: 'Unset `VAULT_NAMESPACE` and take `vault.namespace` out of the recipe; look for a proxy or agent that adds the header.',
  },
  'vault-not-vault': {
    stage: 'vault',
    looksLike: 'HTML, or JSON of another kind, where Vault should answer.',
    why: 'The address is that of a proxy, a login page or another service.',
    tellApart: { 'host-not-an-api-server': 'there it is the address of the Kubernetes API in the auth config' },
    mend: 'Correct the address: `$VAULT_ADDR/v1/sys/health` must answer JSON with `initialized`, `sealed` and `version`.',
  },
  'vault-error': {
    stage: 'vault',
    looksLike: 'A 5xx of Vault, with a text that is quoted.',
    why: 'Something inside Vault failed, most often its storage.',
    tellApart: { 'vault-sealed': 'that is a 503 too, and says so' },
    mend: "Read Vault's own log for the time of the request.",
  },
  'operator-token-invalid': {
    stage: 'operator',
    looksLike: '403 on everything the operator does, also on `vault token lookup`.',
    why: 'The token in `VAULT_TOKEN`, `~/.vault-token` or the token helper has ended, was revoked, or is of another Vault or Vault namespace.',
    tellApart: {
      'operator-forbidden': 'there the token is alive and its policies do not allow the path',
      'reviewer-token-revoked': "that is the reviewer's token, which only Vault uses; this one is yours",
    },
    mend: 'Log in again. A token of a child Vault namespace is not known in its parent.',
  },
  'operator-forbidden': {
    stage: 'operator',
    looksLike: '403 on single paths for the operator, `1 error occurred: permission denied`.',
    why: 'The policies of the operator token do not give the capability on that path.',
    tellApart: { 'operator-token-invalid': 'there even `vault token lookup` is refused' },
    mend: 'Ask for the path and capability that are named, or use a token that has them. Applications need none of this.',
  },
} satisfies Causes;
