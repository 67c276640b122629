/** What stands above each part of a recipe that the wizard writes, by its keys. */
export const comments: Record<string, string[]> = {
  name: ['Names this binding in reports.'],
  vault: ['Which Vault this is for. It only asserts: VAULT_ADDR or --vault-addr chooses.'],
  cluster: ['The Kubernetes cluster whose ServiceAccounts log in.'],
  'cluster.host': ['The API server as Vault reaches it.'],
  'cluster.ca': ["The cluster's CA, beside this file."],
  auth: ['The kubernetes auth method.'],
  'auth.manage': [
    "full: mount and config are this recipe's. create: an existing one is left alone. none: only looked at.",
  ],
  'auth.reviewer': ['Who asks Kubernetes whether the token of a login is good.'],
  policies: ['ACL policies, each owned whole by this recipe.'],
  roles: ['Who may log in, and what a login gets.'],
  expect: ['What `vaultbind verify` proves by real logins.'],
};
