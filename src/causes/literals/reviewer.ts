import { accountOfItsOwn } from '../../recipe/reviewers/index.ts';
import { bindClients, bindReviewer, patientConfig, rewritten, sendAgain } from '../fixes.ts';
import type { Causes } from './literal.ts';

const bare = 'A bare 403 `permission denied` on every login of the mount';

/** Whoever asks Kubernetes whether a token is good. */
export const reviewer = {
  'reviewer-token-missing': {
    stage: 'reviewer',
    fix: (x) => rewritten(x, `write ${patientConfig(x)} anew with the reviewer's token: a write replaces all of it`),
    looksLike: `${bare}; \`vault read auth/PATH/config\` shows \`token_reviewer_jwt_set: false\`.`,
    why: "The config was written without `token_reviewer_jwt`, or with an empty one: a shell variable that was empty, or a second write that left it out (each write replaces the whole config). Vault then reviews with its own Pod's token, or with each login's own.",
    tellApart: {
      'client-review-forbidden': 'there it is meant so, and the accounts lack the right',
      'token-secret-not-filled': 'there is where the empty token came from',
    },
    mend: "Write the config again with the reviewer's token, and all its other fields: `vaultbind step write-config -f RECIPE`.",
  },
  'reviewer-token-expired': {
    stage: 'reviewer',
    ofStoredToken: true,
    fix: sendAgain,
    looksLike: `${bare}, which worked for an hour, a day or a year.`,
    why: 'The reviewer token was made by `kubectl create token` or taken out of a Pod, and those end. Clusters shorten what is asked for without an error.',
    tellApart: {
      'reviewer-token-revoked': "there its account or Secret is gone, at any age; Vault's log says the same of both",
      'login-token-expired': 'there Vault answers with `token is expired`, and other applications log in',
    },
    mend: `Use the token of a Secret of type \`kubernetes.io/service-account-token\`, which does not end (\`${accountOfItsOwn}\`), or client review, which needs none.`,
  },
  'reviewer-token-revoked': {
    stage: 'reviewer',
    ofWhoReviewed: true,
    logLine: /service account unauthorized; this could mean|the server has asked for the client to provide credentials/,
    ofStoredToken: true,
    fix: sendAgain,
    looksLike: `${bare}. Vault's debug log: \`lookup failed: service account unauthorized; this could mean it has been deleted or recreated with a new token\`.`,
    why: "The token Secret, the ServiceAccount or the Pod that the stored token came from was deleted, perhaps made anew with the same name: tokens are bound to the object's UID.",
    tellApart: {
      'login-token-revoked': 'that log line says `invalid bearer token`, and other applications log in',
      'reviewer-forbidden': 'there the log says `cannot create resource "tokenreviews"`: the token is alive',
      'reviewer-token-expired': 'the log is the same; there the Secret or Pod still exists',
    },
    mend: 'Send a live token to Vault: `vaultbind apply -f RECIPE --rewrite auth/PATH/config`. A stored token cannot be read back, so it cannot be compared either.',
  },
  'reviewer-token-foreign': {
    stage: 'reviewer',
    ofStoredToken: true,
    fix: sendAgain,
    looksLike: `${bare}, after a cluster was rebuilt or the mount copied, or with Vault in one cluster and the accounts in another.`,
    why: "The stored token was signed by another cluster; or none is stored, and Vault sends its own Pod's token to a cluster that does not know it.",
    tellApart: {
      'reviewer-token-revoked': 'the log line is the same; there the token was once good in this cluster',
      'ca-mismatch': 'there the TLS handshake already fails',
    },
    mend: 'Store the token of a reviewer of the cluster that `kubernetes_host` names. With Vault outside of it, also set `disable_local_ca_jwt=true`.',
  },
  'reviewer-token-malformed': {
    stage: 'reviewer',
    logLine: /invalid header field value for \\*"?Authorization/,
    ofStoredToken: true,
    fix: sendAgain,
    looksLike: `${bare}, after a config write that took any text. A line end inside shows in Vault's debug log: \`invalid header field value for "Authorization"\`.`,
    why: 'What was stored is no token: still base64, with quotes, `<no value>`, two tokens in one, or the name of a file.',
    tellApart: { 'reviewer-token-revoked': 'the log line is the same; there it was a token, and is dead' },
    mend: 'Write the config again with the decoded token: `kubectl get secret NAME -o jsonpath={.data.token} | base64 -d` must begin with `eyJ`.',
  },
  'reviewer-forbidden': {
    stage: 'reviewer',
    ofWhoReviewed: true,
    logLine: /tokenreviews.*is forbidden|cannot create resource "tokenreviews"/,
    fix: bindReviewer,
    looksLike: `${bare}. Vault's debug log: \`tokenreviews.authentication.k8s.io is forbidden: User "system:serviceaccount:NS:NAME" cannot create resource "tokenreviews"\`.`,
    why: "The reviewer's account is not bound to `system:auth-delegator`: there is no ClusterRoleBinding (`v1beta1` of the guides is gone since Kubernetes 1.22), its subject has another namespace or name, its roleRef another role, or it is a RoleBinding, which cannot give a right of the whole cluster.",
    tellApart: {
      'reviewer-token-revoked': 'there the API server does not even know who asks (401)',
      'client-review-forbidden': "there the account in the log is the application's",
      'auth-mount-missing': 'there a login with a role that cannot exist is refused the same way',
    },
    mend: '`vaultbind step bind-delegator -f RECIPE`, or `kubectl create clusterrolebinding NAME --clusterrole=system:auth-delegator --serviceaccount=NS:NAME`. It counts at once.',
  },
  'client-review-forbidden': {
    stage: 'reviewer',
    fix: bindClients,
    looksLike:
      "A bare 403 `permission denied`; in Vault's log, the account that may not create tokenreviews is the application's own.",
    why: 'No reviewer token is stored and `disable_local_ca_jwt` is true, so each login reviews itself, and this account is not bound to `system:auth-delegator`.',
    tellApart: {
      'reviewer-forbidden': 'there one account reviews for all, and all logins fail',
      'reviewer-token-missing': 'there nobody wanted client review',
    },
    mend: `Bind the account to \`system:auth-delegator\` (\`reviewer.bind_clients: true\`), or let an account of its own review (\`${accountOfItsOwn}\`).`,
  },
  'client-review-audience': {
    stage: 'reviewer',
    logLine: /audiences? .* (is|are) invalid for the target audiences|but wanted/,
    fix: () => [{ why: `take the audience off the role, or let a reviewer of its own review (${accountOfItsOwn})` }],
    looksLike:
      "A bare 403 `permission denied` for roles with an audience; Vault's log speaks of target audiences or of an unauthorized lookup.",
    why: "In client review the login's own token must be accepted by the API server, and one for the audience `vault` is not.",
    tellApart: {
      'audience-mismatch': 'there Vault answers `invalid audience (aud) claim`',
      'client-review-forbidden': 'there the API server knows the token, and RBAC refuses',
    },
    mend: 'Take the audience off the role, or let an account of its own review. A projected volume carries one audience, so one token cannot serve both.',
  },
  'token-secret-missing': {
    stage: 'reviewer',
    looksLike: '`secrets "…" not found`, an empty `VAULT_SA_NAME`, a config write without a token.',
    why: 'Kubernetes 1.24 and later makes no token Secret for an account, and deletes one whose account does not exist.',
    tellApart: {
      'token-secret-not-filled': 'there the Secret exists, without a token',
      'service-account-missing': 'there the account itself is missing, and with it its Secret',
    },
    mend: '`vaultbind step service-account -f RECIPE` makes it; then send the token to Vault: `vaultbind apply -f RECIPE`.',
  },
  'token-secret-not-filled': {
    stage: 'reviewer',
    looksLike: 'The Secret exists and has no `token` key; an empty token was written to Vault without an error.',
    why: 'A controller fills it a moment after it is made. It never does when the controller manager is down, or the annotation names no account that exists.',
    tellApart: {
      'token-secret-wrong-type': 'there no controller would ever fill it',
      'token-secret-missing': 'there is no Secret',
    },
    mend: 'Wait and run again; look at the annotation `kubernetes.io/service-account.name` and at kube-controller-manager.',
  },
  'token-secret-wrong-type': {
    stage: 'reviewer',
    looksLike:
      'The Secret exists and holds something else: a dockercfg, an Opaque Secret, the token of another account.',
    why: 'A Secret of that name was made for something else. The type of a Secret cannot be changed.',
    tellApart: { 'token-secret-not-filled': 'there type and account are right' },
    mend: 'Name another Secret (`reviewer.token_secret`), or delete this one if nobody uses it.',
  },
  'binding-role-immutable': {
    stage: 'reviewer',
    looksLike: '`cannot change roleRef` when the ClusterRoleBinding is applied.',
    why: 'A ClusterRoleBinding of that name refers to another role, and Kubernetes never changes a roleRef.',
    tellApart: {
      'reviewer-forbidden': 'that is what a login shows of it, as long as the binding gives no tokenreviews',
    },
    mend: 'Choose another name (`reviewer.binding`), or delete the binding if nobody else uses it.',
  },
  'binding-escalation-refused': {
    stage: 'reviewer',
    looksLike: '`is attempting to grant RBAC permissions not currently held`.',
    why: 'Whoever binds a role must hold its rights, or the verb `bind` on it.',
    tellApart: { 'kubernetes-forbidden': 'there even creating a binding is not allowed' },
    mend: 'Ask a cluster administrator for the binding, or for `bind` on ClusterRole `system:auth-delegator`.',
  },
} satisfies Causes;
