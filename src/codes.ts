/**
 * Why a login, or what follows it, fails: the doctor's vocabulary, in the order in which a login meets them. What each
 * looks like and how it is mended stands in causes/literals/, which the compiler holds against this list.
 */
export const causes = {
  'vault-unreachable': 'Vault does not answer at its address',
  'vault-tls-untrusted': 'the certificate Vault shows is not trusted',
  'vault-scheme-mismatch': 'plain http was spoken to an https listener, or the reverse',
  'vault-sealed': 'Vault is sealed',
  'vault-standby': 'a standby node answered and could not pass the request on',
  'vault-uninitialized': 'Vault is not initialised',
  'vault-namespace-missing': 'the Vault namespace does not exist',
  'vault-namespaces-unsupported': 'a Vault namespace was named and this server has none',
  'vault-not-vault': 'what answers at the address is not a Vault API',
  'vault-error': 'Vault answered with an error that vaultbind has no name for',
  'operator-token-invalid': 'Vault does not accept the operator token',
  'operator-forbidden': 'the operator token may not do this in Vault',
  'auth-mount-missing': 'no auth method is enabled at the path',
  'auth-mount-wrong-type': 'an auth method of another type is enabled at the path',
  'auth-config-missing': 'the kubernetes auth method has no configuration',
  'recipe-mount-mismatch': 'config, role and login do not name the same mount',
  'role-missing': 'the role does not exist',
  'role-unknown-field': 'a field of the role is one that Vault does not know, and ignores',
  'login-needs-mfa': 'Vault asks for a second factor, which no workload has',
  'entity-disabled': "the login's identity entity is disabled",
  'cidr-not-bound': "the login's address is not within the role's token_bound_cidrs",
  'reviewer-token-missing': 'the auth config holds no reviewer token',
  'reviewer-token-expired': 'the reviewer token is past its end',
  'reviewer-token-revoked': 'the reviewer token belongs to a Secret or ServiceAccount that is gone',
  'reviewer-token-foreign': 'the reviewer token is of another cluster',
  'reviewer-token-malformed': 'the stored reviewer token is no token',
  'reviewer-forbidden': 'the token reviewer may not create tokenreviews',
  'client-review-forbidden': 'the application account may not create tokenreviews, and it reviews itself',
  'client-review-audience': 'client review cannot work with a role audience that the API server does not accept',
  'token-secret-missing': 'the token Secret does not exist',
  'token-secret-not-filled': 'the token Secret holds no token yet',
  'token-secret-wrong-type': 'the Secret is not a ServiceAccount token, or belongs to another account',
  'binding-role-immutable': 'a ClusterRoleBinding refers to another ClusterRole, which cannot be changed',
  'binding-escalation-refused': 'Kubernetes refuses to bind rights that the user does not have',
  'host-unreachable': 'the API server address given to Vault does not answer',
  'host-loopback': 'a loopback API server address means another machine to a remote Vault',
  'host-malformed': 'the API server address in the auth config is no URL',
  'host-plain-http': 'the API server address in the auth config is plain http, or what answers there speaks it',
  'host-not-an-api-server': 'what answers at the API address is not a Kubernetes API server',
  'host-rejects-service-accounts':
    'what stands at the API address takes only its own credentials, no ServiceAccount tokens',
  'ca-missing': 'no CA certificate for the API server was found',
  'ca-malformed': 'the CA certificate is not PEM',
  'ca-mismatch': 'the CA certificate does not sign what the API server shows',
  'certificate-name-mismatch': "the API server's certificate does not name the address used",
  'certificate-expired': 'a certificate is past its end',
  'service-account-missing': 'the ServiceAccount does not exist',
  'service-account-not-bound': "the account's name is not bound to the role",
  'namespace-not-bound': "the account's namespace is not bound to the role",
  'namespace-selector-unusable': "the role's namespace selector cannot be evaluated",
  'audience-mismatch': "the token's audience is not the role's",
  'issuer-mismatch': "the token's issuer is not the one in the auth config",
  'signing-key-mismatch': "no key of pem_keys signed the application's token",
  'login-token-expired': "the application's token is past its end",
  'login-token-foreign': "the application's token is of another cluster",
  'login-token-malformed': "the application's token is no JWT",
  'login-token-revoked': "the application's token is of a Pod, Secret or ServiceAccount that is gone",
  'login-token-algorithm': "the application's token is signed in a way this server does not take",
  'clock-skew': 'the clocks of Vault, Kubernetes and this machine differ',
  'policy-missing': 'a policy that a role names does not exist',
  'policy-not-attached': 'no policy of the role speaks of the path',
  'policy-invalid': 'Vault does not accept the text of a policy',
  'policy-path-lacks-data': 'a path of KV version 2 lacks data/ after the mount',
  'policy-path-lacks-metadata': 'a list of KV version 2 needs metadata/ after the mount',
  'policy-glob-misses': 'a rule with a glob does not match the path',
  'policy-denied-by-other': 'another rule denies the path',
  'policy-capability-missing': 'a rule of the path does not give the capability',
  'policy-template-unresolved': 'a template in a policy is empty for this login',
  'secret-missing': 'the path is allowed and nothing is stored there',
  'secrets-engine-missing': 'no secrets engine is mounted where the path leads',
  'secrets-engine-version': 'the path is written for the other version of the KV secrets engine',
  'token-ttl-capped': "the login's token lives shorter than the role asks",
  'token-used-up': "the login's token has no uses left",
  'kubernetes-unreachable': 'the Kubernetes API server does not answer',
  'kubernetes-context-missing': 'the kubeconfig has no such context, or no context is chosen',
  'kubernetes-credentials-rejected': 'the API server does not accept the kubeconfig credentials',
  'kubernetes-forbidden': 'the kubeconfig user may not do this in Kubernetes',
  drift: 'the object is not as the recipe has it',
} as const satisfies Record<string, string>;

export type CauseId = keyof typeof causes;

/**
 * Every code vaultbind can print, with what it means. Codes are stable: never renamed, never reused.
 * The table in CODES.md is generated from this one, and a law test demands that every code is used.
 * Those of `causes` say why a login fails; the others say what is the case, or what was done.
 */
export const codes = {
  // What a step found or did.
  'in-place': 'the object is as the recipe wants it',
  'to-create': 'the object is missing and would be created',
  'to-update': 'the object differs from the recipe and would be changed',
  missing: 'the object of the recipe is not there',
  created: 'the object was created and read back',
  updated: 'the object was changed and read back',
  'not-reached': 'an earlier step failed, so this one was not tried',
  'need-missing': 'an object this one stands on is not there, or is blocked',
  'left-alone': 'an object on this mount that no recipe names; vaultbind does not touch it',
  'not-managed': 'the recipe says this mount is looked at and never written',
  'written-by-others':
    'somebody else wrote the object each time between our look and our write; nothing was overwritten',
  'did-not-take': 'the server accepted a write and still answers with other values',
  'server-warning': 'a warning of Vault, passed on',

  'nothing-to-mend': 'what is named as a cause is nothing that the recipe decides, so --fix wrote nothing',

  // Arguments and recipes.
  usage: 'the command line is wrong',
  'report-unwritable': 'a report cannot be written where it was asked for',
  'plan-saved': 'the plan was saved; apply takes its file',
  'plan-not-saved': 'the plan was not saved, because it is not whole or a server does not say who it is',
  'plan-unwritable': 'a plan cannot be saved where it was asked for',
  'plan-unreadable': 'the file is no saved plan, or is not as it was saved',
  'plan-stale': 'what a plan that was saved or shown was made of is not so any more; nothing was written',
  'recipe-valid': 'the recipe has no mistakes',
  'recipe-unreadable': 'a recipe or a file it names cannot be read',
  'recipe-written': 'init wrote the recipe and went no further',
  'recipe-unwritable': 'a recipe cannot be written where it was asked for',
  'recipe-syntax': 'a recipe is not valid YAML',
  'recipe-unknown-key': 'a key that recipes do not have',
  'recipe-value': 'a value of the wrong kind or form',
  'recipe-missing': 'a required key is missing',
  'recipe-duplicate': 'a name, or a part of which there is one, is defined twice',
  'recipe-reference': 'a name is used that nothing defines',
  'recipe-conflict': 'two parts of the recipe cannot both hold',
  'recipe-cross-product': 'names times namespaces would let in accounts that the recipe does not name',
  'recipe-path-escape': 'a recipe names a file outside its own folder',
  'recipe-env': 'a recipe uses an environment variable that was not allowed, or is not set',
  'recipe-suspicious': 'a recipe is valid and probably does not do what its author wants',
  'ceiling-exceeded': 'the recipe wants more than the ceiling allows',
  'ceiling-invalid': 'a ceiling has a mistake, so it allows nothing',
  'ceiling-unreadable': 'a ceiling cannot be read',
  'address-mismatch': 'the recipe asserts another Vault address than the one given',
  'namespace-mismatch': 'the recipe asserts another Vault namespace than the one given, or none was given',
  'context-mismatch': 'the recipe asserts another kubeconfig context than the one chosen',
  'variables-differ': 'a variable of OpenBao and the one of Vault that means the same are both set and differ',
  'flag-unused': 'a flag names something that this run has nothing to do with',
  'address-missing': 'no address of Vault was given',
  'token-missing': 'no Vault token was found',
  'login-input-missing': 'a login method lacks something it needs',
  'confirmation-needed': 'there is no terminal to ask in and --yes was not given',
  'answer-missing': 'the wizard needs an answer, and there is nobody to ask',
  declined: 'the answer was no',
  interrupted: 'stopped by a signal; run again to finish',

  // What a command may do.
  'right-needed': 'a rule that a command of this recipe does not work without',
  'right-optional': 'a rule that a command of this recipe works without, and tells less',

  // What the doctor found.
  healthy: 'the login goes through and reaches what it should',

  'mount-not-vouched':
    'nothing shows that the API server behind an auth method is this cluster, so no token was made for that method',
  'audience-not-minted':
    'a token that the API server itself accepts was wanted for an auth method of others, so none was sent',
  'host-not-vouched':
    'nothing shows that the API address of the recipe is this cluster, and Vault would send tokens there',

  // Logging in to Vault.
  'operator-login-refused': 'Vault refused the login that vaultbind itself works with',
  'child-token-refused': 'Vault made no child of the token for --child-token',
  'child-token-unlimited': 'a child token would have had more rights than were meant for it',
  'wrapping-token-used': 'a wrapping token is used up, past its end or none',
  'wrapping-token-foreign': 'a wrapping token was made elsewhere than it should, or holds something else',
  'id-token-refused': 'the pipeline gave no id token',

  // What Vault answered.
  'vault-answer-odd': 'an answer in the place of Vault has not the shape, size or depth of the one asked for',
  'auth-path-in-use': 'an auth method was enabled at the path since it was looked at',

  // What a login showed.
  'login-refused': 'Vault refused the login',
  'login-refused-other': 'Vault refused the login, but for another reason than the one expected',
  'login-allowed': 'a login that should be refused went through',
  'token-not-revoked': 'a short-lived token that vaultbind made could not be revoked; it ends by itself',
  'left-behind': 'something that vaultbind made in Vault for a moment may still be there',
  'asked-only': 'what a login may do was asked of Vault, and not tried',
  'access-denied': 'a path that should be reachable is not',
  'access-too-wide': 'a path that should be refused is allowed',
  'read-failed': 'the path is allowed by policy, and reading it failed',

  // What Kubernetes answered.
  'kubernetes-answer-odd': 'an answer in the place of Kubernetes has not the shape, size or depth of the one asked for',
  'kubernetes-tls-untrusted': 'the certificate the API server shows is not trusted',
  'kubernetes-not-an-api-server': 'what answers is not a Kubernetes API server',
  'kubernetes-config-invalid': 'a kubeconfig file cannot be used',
  'kubernetes-plugin-failed': 'the credential plugin of the kubeconfig failed',
  'kubernetes-error': 'Kubernetes answered with an error that vaultbind has no name for',
  'field-conflict': 'another field manager owns a field that the recipe decides',
  'namespace-missing': 'the Kubernetes namespace does not exist',
  'binding-foreign': 'a ClusterRoleBinding of that name exists and is not ours to change',
  'review-not-authenticated': 'TokenReview says that the token is not good',

  // Warnings of the doctor.
  'root-token': 'a root token is in use',
  'vault-plain-http': 'Vault is reached by plain http, and not on this machine',
  'certificate-expiring': 'a certificate ends soon',
  'role-without-audience': 'a role takes tokens meant for anybody',
  'role-cross-product': 'a role binds names times namespaces, or any name, and so more accounts than meant',
  'reviewer-token-expiring': 'the reviewer token ends soon',
  'long-lived-token': 'a token that never ends is used where a short-lived one would do',
  'policy-too-wide': 'a policy allows more than what is expected of it',
  'policy-unclear': 'it is not certain what the servers read in a policy, so it cannot be judged',
  'delegator-too-wide': 'somebody who need not may have tokens reviewed',
  'vault-dev-mode': 'Vault keeps its data in memory, as a dev server does',
  'clocks-apart': 'the clocks of Vault, Kubernetes and this machine differ',
  'role-short-lived': 'the tokens of a role end after a few uses or seconds',
  'default-ttl': 'the tokens of a role live as long as the system default',
  'probe-left': 'a scratch mount of --probe is still there',
  'probe-removed': 'a scratch mount that an earlier --probe left behind was removed',
  'token-claims': 'what a token says of itself',
  'log-not-heard': "Vault's log could not be listened to",

  // Sandbox and the program itself.
  'tool-missing': 'a program that the sandbox needs is not installed',
  'build-failed': 'a server of the sandbox could not be built',
  'server-failed': 'a server of the sandbox did not start',
  'sandbox-missing': 'there is no such sandbox',
  timeout: 'no answer within the deadline',
  bug: 'a bug in vaultbind',

  ...causes,
} as const satisfies Record<string, string>;

/** What each exit code means; the strongest of several is chosen by errors.ts. */
export const exits = {
  0: 'as asked',
  1: 'blocked, failed, a check failed, or the doctor names a cause',
  2: 'changes are pending; only from plan --detailed-exitcode',
  3: 'arguments, recipe, missing context or token, no terminal and no --yes; all mistakes at once, nothing contacted',
  4: 'a system does not answer, or refuses the operator',
  70: 'a bug in vaultbind',
  74: 'all went as asked, and stdout could not be written, by a full disk say',
  130: 'declined or interrupted; the report is not ok, and no plan is saved',
} as const;

export type Code = keyof typeof codes;

export function isCause(code: string): code is CauseId {
  return Object.hasOwn(causes, code);
}
