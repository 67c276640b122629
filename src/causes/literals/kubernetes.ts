import type { Causes } from './literal.ts';

/** The operator's own way to Kubernetes, and what differs from the recipe. */
export const kubernetes = {
  'kubernetes-unreachable': {
    stage: 'operator',
    looksLike: '`The connection to the server … was refused`, or a timeout, also with kubectl.',
    why: 'The API server of the kubeconfig does not answer from here: stopped, another address, no VPN.',
    tellApart: {
      'host-unreachable': 'there Vault cannot reach its own `kubernetes_host`; your kubeconfig works',
      'kubernetes-context-missing': 'kubectl without a context tries localhost:8080',
    },
    mend: 'Correct the server of the context, or connect to its network. What Vault alone can tell is told without it.',
  },
  'kubernetes-context-missing': {
    stage: 'operator',
    looksLike: '`context "…" does not exist`, or requests to localhost:8080.',
    why: 'The kubeconfig has no context of that name, no current context, or is another file than thought.',
    tellApart: { 'kubernetes-unreachable': 'there a context is found' },
    mend: '`kubectl config get-contexts`; then `--context`, `cluster.context` or `KUBECONFIG`.',
  },
  'kubernetes-credentials-rejected': {
    stage: 'operator',
    looksLike: '401 `Unauthorized`, `You must be logged in to the server`.',
    why: "The kubeconfig's token or certificate has ended, or its credential plugin gave an old one.",
    tellApart: {
      'kubernetes-forbidden': 'there the API server knows who you are (403)',
      'reviewer-token-revoked': "that is the reviewer's token; this one is yours",
    },
    mend: 'Log in to the cluster again.',
  },
  'kubernetes-forbidden': {
    stage: 'operator',
    looksLike: '403 `User "…" cannot get resource "…"`.',
    why: 'RBAC does not give your kubeconfig user this verb on this resource.',
    tellApart: {
      'reviewer-forbidden':
        "there the user in the text is the reviewer's ServiceAccount, and the text is in Vault's log",
    },
    mend: 'Ask for the verb and resource that are named. What can be told without it is told.',
  },
  drift: {
    stage: 'config',
    looksLike: 'It worked, nobody changed the recipe, and now it does not.',
    why: 'Somebody changed an object by hand, or another tool writes it too.',
    tellApart: { 'reviewer-token-revoked': 'a stored token that was replaced cannot be seen in a plan' },
    mend: '`vaultbind plan -f RECIPE` shows what differs, field by field; `vaultbind apply -f RECIPE` brings it back.',
  },
} satisfies Causes;
