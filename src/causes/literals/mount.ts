import { writeHost } from '../fixes.ts';
import type { Causes } from './literal.ts';

/** The auth method: mount and config. */
export const mount = {
  'auth-mount-missing': {
    stage: 'mount',
    looksLike:
      '403 `permission denied` on the login (older servers: 400 `missing client token`), at once and for every role; 404 `no handler for route` when a Vault token is sent along.',
    why: 'No auth method is enabled at the path that the application logs in at. Vault does not say so, because whoever logs in has no rights yet.',
    tellApart: {
      'vault-namespace-missing': 'there the path exists, in another Vault namespace',
      'reviewer-forbidden':
        'that is a bare 403 too; but a login with a role that cannot exist then answers `invalid role name`, which proves the mount',
      'recipe-mount-mismatch': 'there the auth method is enabled, and the role was written below another mount',
    },
    mend: '`vault auth list` shows the paths. Use the one that was meant in the application, or enable it: `vault auth enable -path=PATH kubernetes`.',
  },
  'auth-mount-wrong-type': {
    stage: 'mount',
    looksLike: 'The login is answered in the words of another auth method (jwt, userpass), or asks for other fields.',
    why: 'Another type of auth method is enabled at the path. A jwt mount takes ServiceAccount tokens too, by other rules.',
    tellApart: { 'auth-mount-missing': 'there nothing is enabled at the path' },
    mend: 'Choose another path for the kubernetes auth method. Replacing a mount deletes its roles and orphans the identities that came from it.',
  },
  'auth-config-missing': {
    stage: 'config',
    fix: writeHost,
    looksLike: '500 `could not load backend configuration` on every login.',
    why: 'The auth method was enabled and its config was never written.',
    tellApart: {
      'recipe-mount-mismatch': 'there the config was written, below another mount',
      'reviewer-token-missing': 'there a config exists, without the token of a reviewer',
    },
    mend: 'Write it: `vaultbind step write-config -f RECIPE`, or `vault write auth/PATH/config kubernetes_host=… kubernetes_ca_cert=@ca.pem token_reviewer_jwt=-`.',
  },
  'recipe-mount-mismatch': {
    stage: 'role',
    looksLike:
      '400 `invalid role name`, 404 on writing the role (`no handler for route`), or 403 on the login, although every command seemed to work.',
    why: 'Mount, config, role and login are four places that name the path. Guides enable `kube-policy` and write the role below `auth/kubernetes/`; clients use `kubernetes` when nothing is said.',
    tellApart: {
      'role-missing': 'there no kubernetes auth method has a role of that name',
      'auth-mount-missing': 'there nothing is enabled at the path of the login',
    },
    mend: 'Use one path in all four. In a recipe it is said once, as `auth.path`; tell it to the application too (`mount_path`, `mount_point`).',
  },
  'role-missing': {
    stage: 'role',
    looksLike: '400 `invalid role name "NAME"`.',
    why: 'The mount has no role of that name. Names are stored in lower case.',
    tellApart: {
      'recipe-mount-mismatch': 'there another mount has the role',
      'auth-mount-missing': 'there the answer is 403: Vault looks for the role only where a mount is',
    },
    mend: '`vault list auth/PATH/role` shows the names. Correct the one in the application, or write the role: `vaultbind step bind-role -f RECIPE`.',
  },
  'role-unknown-field': {
    stage: 'role',
    looksLike:
      'The role was written without an error, and a part of it has no effect: no policies, no audience, no TTL.',
    why: 'Vault ignores fields it does not know (`bound_audiences`, `token_policy`, a typo), with a warning at most.',
    tellApart: {
      'policy-not-attached': 'there the fields are right and the policy is not among them',
      'audience-mismatch': 'there the role has an audience',
    },
    mend: 'Read the role back: what is not in the answer was not taken. Recipes refuse unknown fields.',
  },
  'login-needs-mfa': {
    stage: 'role',
    looksLike:
      'The login answers 200 with an empty `client_token` and an `mfa_requirement`; the agent says that there is no token.',
    why: 'An MFA login enforcement names this auth method, its accessor, a group or an entity. A workload has no second factor.',
    tellApart: { 'entity-disabled': 'there the login is refused with 403' },
    mend: 'Take the accessor, group or entity out of the enforcement: `vault list identity/mfa/login-enforcement`.',
  },
  'entity-disabled': {
    stage: 'role',
    looksLike:
      "A bare 403 `permission denied` of which Vault's debug log says nothing, although the token is reviewed well.",
    why: 'Somebody disabled the identity entity that logins of this account at this auth method belong to.',
    tellApart: {
      'cidr-not-bound': 'there the role has `token_bound_cidrs`',
      'reviewer-token-revoked': "there Vault's debug log has a line `login unauthorized`",
    },
    mend: "Find the entity by its alias, which is the ServiceAccount's uid (or namespace/name) at the accessor of the mount, and enable it: `vault write identity/entity/id/ID disabled=false`.",
  },
  'cidr-not-bound': {
    stage: 'role',
    looksLike: "A bare 403 `permission denied`, at once, of which Vault's debug log says nothing.",
    why: 'The role has `token_bound_cidrs`, and the login comes from another address: Vault sees that of the last proxy, NAT or node.',
    tellApart: {
      'reviewer-forbidden': "there Vault's debug log has a line `login unauthorized` with the reason",
      'auth-mount-missing': 'there every role is refused, also one that cannot exist',
    },
    mend: 'Add the address as Vault sees it (its audit log shows `remote_address`), or clear `token_bound_cidrs`.',
  },
} satisfies Causes;
