import type { Allow } from '../http/gate.ts';

/**
 * What each capability may send as the operator, by method and path. Every path is listed: no capability reads a secret
 * with the operator's token, whatever the mount is called.
 */
const readable = [
  /^sys\/(health|seal-status|namespaces)$/,
  /^sys\/(auth|mounts)(\/.+)?$/,
  /^sys\/internal\/ui\/mounts(\/.+)?$/,
  /^sys\/policies\/acl(\/[^/]+)?\/?$/,
  /^auth\/.+\/config$/,
  /^auth\/.+\/role(\/[^/]+)?\/?$/,
  /^auth\/token\/lookup-self$/,
];

const askable = [/^auth\/.+\/login$/, /^auth\/token\/revoke-(self|accessor)$/, /^sys\/capabilities-(self|accessor)$/];

const writable = [
  /^sys\/auth\/.+$/,
  /^sys\/mounts\/auth\/.+\/tune$/,
  /^sys\/policies\/acl\/[^/]+$/,
  /^auth\/.+\/config$/,
  /^auth\/.+\/role\/[^/]+$/,
];

const monitor = /^sys\/monitor$/;

const isPost = (method: string) => method === 'POST' || method === 'PUT';
const within = (patterns: RegExp[], path: string) =>
  patterns.some((pattern) => pattern.test(path.replace(/^\/v1\//, '')));

export const readerGate: Allow = (method, path) => method === 'GET' && within(readable, path);

export const proberGate: Allow = (method, path) =>
  readerGate(method, path) ||
  (method === 'GET' && within([monitor], path)) ||
  (isPost(method) && within(askable, path));

export const sessionGate: Allow = (method, path) =>
  proberGate(method, path) || (isPost(method) && within(writable, path));

/**
 * To become the operator: log in with a method, look at and unwrap a wrapping token, end the token again. sys/health
 * needs no right, and tells a server without Vault namespaces before a credential goes to the wrong place.
 */
const loginPaths = [/^auth\/.+\/login(\/[^/]+)?$/, /^sys\/wrapping\/(lookup|unwrap)$/, /^auth\/token\/revoke-self$/];

export const loginGate: Allow = (method, path) =>
  (method === 'GET' && within([/^sys\/health$/], path)) || (method === 'POST' && within(loginPaths, path));

const childPolicy = [/^sys\/policies\/acl\/vaultbind-child-[0-9a-z]+-[0-9a-f]{8}$/];

/** To make a token below the operator's, with a policy that lives as long, and to end both. */
export const childGate: Allow = (method, path, list = false) =>
  (method === 'GET' &&
    (within([/^sys\/health$/, /^auth\/token\/lookup-self$/], path) ||
      (list && within([/^sys\/policies\/acl$/], path)))) ||
  (isPost(method) && within([...childPolicy, /^auth\/token\/(create|revoke-self|revoke-accessor)$/], path)) ||
  (method === 'DELETE' && within(childPolicy, path));

/** With a workload's own token: what that token may read, and to ask about and end itself. */
export const workloadGate: Allow = (method, path) =>
  method === 'GET' || (method === 'POST' && within([/^sys\/capabilities-self$/, /^auth\/token\/revoke-self$/], path));

/** Names of secrets, never what they hold; and what the operator's own token may do. */
export const browserGate: Allow = (method, path, list = false) =>
  (method === 'GET' && list && !/^\/v1\/(?:sys|auth|identity|cubbyhole)\//.test(path)) ||
  (method === 'POST' && within([/^sys\/capabilities-self$/], path));

const scratch = 'vaultbind-probe-[0-9a-f]{12}';
const scratchMount = [new RegExp(`^sys/auth/${scratch}$`)];
const inScratch = [new RegExp(`^auth/${scratch}/(config|role/[^/]+)$`)];

/** Only scratch mounts: make one, write into it, remove it. Nothing of anybody else's has such a name. */
export const scratchGate: Allow = (method, path) =>
  (isPost(method) && within([...scratchMount, ...inScratch], path)) ||
  (method === 'DELETE' && within(scratchMount, path));
