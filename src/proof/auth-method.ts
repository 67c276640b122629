import type { Experiment } from '../contracts/experiment.ts';
import { SystemError } from '../errors.ts';
import { authAddress, configAddress, policyAddress, roleAddress, rolesAddress } from '../model/addresses.ts';
import { isRefusal, type VaultData } from '../vault/api.ts';
import { type AuthMount, findAuthMount } from '../vault/objects/mount.ts';
import { isAddressable, isSegment } from '../vault/paths.ts';

const readable = (path: string) => [
  { system: 'vault' as const, path, capabilities: ['read'], phase: 'verify' as const },
];

const listing = readable('sys/auth').map((one) => ({
  ...one,
  optional: 'a mount that is missing cannot be told from one that is hidden',
}));

/** The auth method at a path; undefined when nothing is enabled there. */
export const authMount: Experiment<string, AuthMount | undefined> = {
  id: 'auth-mount',
  title: (mount) => `read the auth method at ${mount}`,
  cost: 'read',
  access: () => listing,
  run: ({ vault }, mount) => findAuthMount(vault, mount),
};

/** Types of all auth methods by path, to name the one that was meant. */
export const authMounts: Experiment<null, Record<string, string>> = {
  id: 'auth-mounts',
  title: () => 'list sys/auth',
  cost: 'read',
  access: () => listing,
  run: async ({ vault }) => {
    const entries = Object.entries((await vault.read('sys/auth')) ?? {});
    return Object.fromEntries(entries.flatMap(([path, mount]) => typed(path, mount)));
  },
};

function typed(path: string, mount: unknown): [string, string][] {
  const { type } = (typeof mount === 'object' && mount !== null ? mount : {}) as { type?: unknown };
  return typeof type === 'string' ? [[path.replace(/\/$/, ''), type]] : [];
}

/** A refusal or acceptance in Vault's words. */
export interface LoginAnswer {
  status: number;
  said: string;
}

/**
 * A login with a role that cannot exist. `invalid role name` proves address, Vault namespace and mount, and needs no
 * rights at all.
 */
export const impossibleLogin: Experiment<string, LoginAnswer> = {
  id: 'impossible-login',
  title: (mount) => `login at ${authAddress(mount)} with a role that cannot exist`,
  cost: 'read',
  access: () => [],
  run: async ({ vault }, mount) => {
    const answer = await vault.impossibleLogin(mount);
    return isRefusal(answer) ? answer : { status: 200, said: 'logged in' };
  },
};

/** auth/<mount>/config as Vault returns it: never the reviewer token. Undefined when it was never written. */
export const storedConfig: Experiment<string, VaultData | undefined> = {
  id: 'auth-config',
  title: (mount) => `read ${configAddress(mount)}`,
  cost: 'read',
  access: (mount) => readable(configAddress(mount)),
  run: ({ vault }, mount) => vault.read(configAddress(mount)),
};

export interface RoleName {
  mount: string;
  role: string;
}

/** auth/<mount>/role/<role>; undefined when there is none. */
export const storedRole: Experiment<RoleName, VaultData | undefined> = {
  id: 'auth-role',
  title: ({ mount, role }) => `read ${roleAddress(mount, role)}`,
  cost: 'read',
  access: ({ mount, role }) => readable(roleAddress(mount, role)),
  run: async ({ vault }, { mount, role }) => {
    if (!isSegment(role)) throw unnameable('role', role);
    return await vault.read(roleAddress(mount, role));
  },
};

/** Names of the roles of a mount. */
export const roleNames: Experiment<string, string[]> = {
  id: 'auth-roles',
  title: (mount) => `list ${rolesAddress(mount)}`,
  cost: 'read',
  access: (mount) => [
    {
      system: 'vault',
      path: rolesAddress(mount),
      capabilities: ['list'],
      phase: 'verify',
      optional: 'a mistyped role is not told which name was meant',
    },
  ],
  run: async ({ vault }, mount) => (await vault.list(rolesAddress(mount))) ?? [],
};

/** Text of an ACL policy; undefined when it does not exist. */
export const storedPolicy: Experiment<string, string | undefined> = {
  id: 'policy',
  title: (name) => `read policy ${name}`,
  cost: 'read',
  access: (name) => readable(policyAddress(name)),
  run: async ({ vault }, name) => {
    if (name === '' || !isAddressable(name)) throw unnameable('policy', name);
    const found = await vault.read(policyAddress(name));
    return found && String(found['policy'] ?? '');
  },
};

/** A role may name policies as it likes, and a list roles. */
function unnameable(what: 'policy' | 'role', name: string): SystemError {
  return new SystemError({
    code: 'vault-answer-odd',
    subject: `${what} ${name}`,
    message: `no ${what} can have the name ${JSON.stringify(name)}: no path in Vault leads to it`,
    fix: [{ why: 'see who names it so (token_policies of the role, the list of roles), and name what there is' }],
  });
}
