import type { Target } from '../engine/step.ts';
import type { Recipe, ServiceAccountName } from '../recipe/recipe.ts';

/** The one place that spells the addresses of objects, so that needs, findings and --rewrite agree. */

export const mountAddress = ({ auth }: Recipe) => `sys/auth/${auth.path}`;

export const configAddress = ({ auth }: Recipe) => `auth/${auth.path}/config`;

export const roleAddress = ({ auth }: Recipe, role: string) => `auth/${auth.path}/role/${role}`;

export const policyAddress = (name: string) => `sys/policies/acl/${name.toLowerCase()}`;

export const accountName = ({ namespace, name }: ServiceAccountName) => `${namespace}/${name}`;

export const accountAddress = (account: ServiceAccountName) => `ServiceAccount ${accountName(account)}`;

export const secretAddress = (secret: ServiceAccountName) => `Secret ${accountName(secret)}`;

export const bindingAddress = (name: string) => `ClusterRoleBinding ${name}`;

export const hostAddress = ({ host }: Target['cluster']) => `cluster ${host}`;
