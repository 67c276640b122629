import { writeHost } from '../fixes.ts';
import type { Causes } from './literal.ts';

const bare = 'A bare 403 `permission denied` on every login of the mount';

/** Host and CA in the auth config: how Vault reaches the Kubernetes API. */
export const cluster = {
  'host-unreachable': {
    stage: 'cluster',
    logLine:
      /connection refused|i\/o timeout|no such host|no route to host|network is unreachable|context deadline exceeded|connection reset|EOF|proxyconnect/,
    fix: writeHost,
    looksLike: `${bare}, at once (refused) or after 10 to 60 seconds (packets dropped). Vault's debug log: \`dial tcp …: connection refused\`, \`i/o timeout\` or \`no such host\`.`,
    why: 'Vault does not reach `kubernetes_host` from where it stands: another port after the cluster was made anew, a firewall, a name that only resolves elsewhere, a proxy.',
    tellApart: {
      'host-loopback': 'there the address is 127.0.0.1 or localhost',
      'ca-mismatch': 'there the connection is made, and TLS fails',
      'kubernetes-unreachable': 'there the address of the kubeconfig does not answer, to you',
    },
    mend: 'Set `cluster.host` to the address by which Vault reaches the API, and write the config again. Your own handshake proves nothing about the network of Vault; its log, or `vaultbind doctor --probe`, does.',
  },
  'host-loopback': {
    stage: 'cluster',
    hides: ['host-unreachable'],
    fix: writeHost,
    looksLike: `${bare}. Vault's debug log: \`dial tcp 127.0.0.1:PORT: connection refused\`.`,
    why: 'The address was taken from the kubeconfig of kind, minikube or a tunnel. For Vault, 127.0.0.1 is the machine or container it runs in.',
    tellApart: { 'host-unreachable': 'there the address could be right, and nothing answers' },
    mend: "Use an address that Vault reaches: the node's, the container's, or `https://kubernetes.default.svc` for a Vault inside the cluster.",
  },
  'host-malformed': {
    stage: 'cluster',
    hides: ['host-unreachable', 'host-plain-http', 'host-not-an-api-server'],
    logLine:
      /unsupported protocol scheme|first path segment in URL|invalid control character|invalid character .* in host name|missing protocol scheme|invalid port/,
    fix: writeHost,
    looksLike: `${bare}, at once. Vault's debug log: \`unsupported protocol scheme\`, \`first path segment in URL cannot contain colon\` or \`invalid control character\`.`,
    why: '`kubernetes_host` is no URL: no `https://`, a line end or colour code from a command, two addresses, a shell variable that nobody expanded.',
    tellApart: { 'host-unreachable': 'there it is an address, and nothing answers' },
    mend: 'Write the config again with `https://HOST:PORT`, once and without spaces.',
  },
  'host-plain-http': {
    stage: 'cluster',
    hides: ['host-unreachable', 'host-not-an-api-server'],
    logLine: /gave HTTP response to HTTPS client|sent an HTTP request to an HTTPS server|malformed HTTP response/i,
    fix: writeHost,
    looksLike: `${bare}. Vault's debug log: \`Client sent an HTTP request to an HTTPS server\`, or \`server gave HTTP response to HTTPS client\`.`,
    why: '`kubernetes_host` begins with `http://`; or it says https and what answers there speaks plain http.',
    tellApart: {
      'vault-scheme-mismatch': 'there it is the address of Vault',
      'host-not-an-api-server': 'there the protocol is right, and another server answers',
    },
    mend: 'Write the config again with `https://` and the port that speaks TLS. By plain http each token would cross the network readable.',
  },
  'host-not-an-api-server': {
    stage: 'cluster',
    logLine:
      /cannot post path "[^"]*tokenreviews|invalid character '.' looking for beginning of value|couldn't (get version|decode)|the server could not find the requested resource/,
    fix: writeHost,
    looksLike: `${bare}. Vault's debug log: \`invalid character '<' looking for beginning of value\` or \`the server could not find the requested resource\`.`,
    why: 'A dashboard, an ingress, a load balancer or a proxy answers at `kubernetes_host`.',
    tellApart: {
      'host-rejects-service-accounts': 'there the Kubernetes API answers, behind a proxy with its own login',
      'ca-mismatch': 'there TLS fails before anything is answered',
    },
    mend: '`curl -k https://HOST:PORT/version` must answer JSON with `gitVersion`. Take the address from `kubectl cluster-info`.',
  },
  'host-rejects-service-accounts': {
    stage: 'cluster',
    looksLike: `${bare}, while kubectl works at the same address.`,
    why: 'A management proxy (Rancher, Teleport, a cloud gateway) stands in front of the API and takes only its own credentials.',
    tellApart: {
      'reviewer-token-revoked': 'the log line is the same; there the token fails at the API server itself too',
      'host-not-an-api-server': 'there no Kubernetes API answers',
    },
    mend: 'Give Vault the address of the API server itself (`cluster.host`), with the CA that signs its certificate.',
  },
  'ca-missing': {
    stage: 'cluster',
    hides: ['ca-mismatch'],
    fix: writeHost,
    looksLike:
      '`open /var/run/secrets/kubernetes.io/serviceaccount/ca.crt: no such file` on writing the config or on login, or `certificate signed by unknown authority`.',
    why: 'No `kubernetes_ca_cert` was given. Vault then reads that of its own Pod; with `disable_local_ca_jwt` Vault trusts the roots of its system instead, and OpenBao refuses the config.',
    tellApart: {
      'ca-mismatch': 'there a CA is stored, and it is another one',
      'ca-malformed': 'there what is stored is no certificate',
    },
    mend: 'Write the config with the CA of the cluster. It is in the kubeconfig, and in each namespace in ConfigMap `kube-root-ca.crt`.',
  },
  'ca-malformed': {
    stage: 'cluster',
    hides: ['ca-mismatch'],
    fix: writeHost,
    looksLike:
      '400 `The provided CA PEM data contains no valid certificates` when writing; older servers take it, and every login is a bare 403.',
    why: 'What was written is PEM in base64, `DATA+OMITTED`, a path, a private key, or text that lost its line ends.',
    tellApart: { 'ca-mismatch': 'there it is a certificate, of another CA' },
    mend: 'Decode it: `kubectl config view --raw --minify --flatten -o jsonpath={.clusters[].cluster.certificate-authority-data} | base64 -d` begins with `-----BEGIN CERTIFICATE-----`.',
  },
  'ca-mismatch': {
    stage: 'cluster',
    logLine: /certificate signed by unknown authority|certificate is not trusted/,
    fix: writeHost,
    looksLike: `${bare}. Vault's debug log: \`x509: certificate signed by unknown authority\`.`,
    why: "The CA in the auth config did not sign the API server's certificate: another cluster's CA, a cluster made anew, a rotation, a missing intermediate.",
    tellApart: {
      'certificate-name-mismatch': 'there the CA signs, and the address is not among the names',
      'vault-tls-untrusted': 'there it is the certificate of Vault, and its client that does not trust it',
      'reviewer-token-foreign': 'that often waits behind it: a cluster made anew has new keys too',
    },
    mend: "Write the config again with the cluster's CA: `vaultbind step write-config -f RECIPE`. Vault keeps open connections, so a wrong CA may show only a minute or two after it was written; the right one counts at once.",
  },
  'certificate-name-mismatch': {
    stage: 'cluster',
    logLine: /certificate is valid for|cannot validate certificate for|doesn't contain any IP SANs/,
    fix: writeHost,
    looksLike: `${bare}. Vault's debug log: \`x509: certificate is valid for A, B, not C\`, or \`doesn't contain any IP SANs\`.`,
    why: 'Vault reaches the API server by an address that its certificate does not name, often a load balancer. Vault has no `tls-server-name`.',
    tellApart: { 'ca-mismatch': 'there the CA does not sign, whatever the name' },
    mend: 'Use an address that the certificate names (`cluster.host`), or have the address added to it (`--apiserver-cert-extra-sans` of kubeadm).',
  },
  'certificate-expired': {
    stage: 'cluster',
    hides: ['ca-mismatch'],
    logLine: /certificate has expired or is not yet valid/,
    fix: writeHost,
    looksLike: `${bare}. Vault's debug log: \`x509: certificate has expired or is not yet valid\`.`,
    why: "The API server's certificate, or the CA, is past its end; or the clock of Vault is wrong.",
    tellApart: {
      'clock-skew': 'there the certificate is within its dates by a right clock',
      'ca-mismatch': 'there the certificate is current and signed by another CA',
    },
    mend: 'Renew it (`kubeadm certs renew apiserver`). If the CA changes too, write the auth config again.',
  },
} satisfies Causes;
