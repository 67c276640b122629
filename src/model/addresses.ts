import { accountText, type ServiceAccountName } from './account.ts';

/** The one place that spells the addresses of objects, so that needs, findings and --rewrite agree. */

/** The auth method itself, and the path of its mount in the list of them. */
export const mountAddress = (mount: string) => `sys/auth/${mount}`;

export const authAddress = (mount: string) => `auth/${mount}`;

export const configAddress = (mount: string) => `auth/${mount}/config`;

export const rolesAddress = (mount: string) => `auth/${mount}/role`;

/** Without a role: nobody named one. */
export const roleAddress = (mount: string, role = '') => `auth/${mount}/role/${role}`;

export const loginAddress = (mount: string) => `auth/${mount}/login`;

export const policiesAddress = 'sys/policies/acl';

/** Vault keeps names of policies in small letters. */
export const policyAddress = (name: string) => `sys/policies/acl/${name.toLowerCase()}`;

export const accountAddress = (account: ServiceAccountName) => `ServiceAccount ${accountText(account)}`;

export const secretAddress = (secret: ServiceAccountName) => `Secret ${accountText(secret)}`;

export const bindingAddress = (name: string) => `ClusterRoleBinding ${name}`;

export const hostAddress = (host: string) => `cluster ${host}`;
