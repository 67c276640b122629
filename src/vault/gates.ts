import type { Allow } from '../http/gate.ts';
import { isPath, type PathName } from './paths.ts';

/**
 * What each capability may send as the operator, by method and path. Every path is listed: no capability reads a secret
 * with the operator's token, whatever the mount is called.
 */
const readable: PathName[] = [
  ...(['health', 'sealStatus', 'namespaces', 'authMethods', 'authMethod', 'secretsEngines', 'secretsEngine'] as const),
  ...(['visibleMounts', 'visibleMount', 'policies', 'policy', 'config', 'roles', 'role', 'lookupSelf'] as const),
];

const askable: PathName[] = ['login', 'revokeSelf', 'revokeAccessor', 'capabilitiesSelf', 'capabilitiesAccessor'];

const writable: PathName[] = ['authMethod', 'authTuning', 'policy', 'config', 'role'];

const isPost = (method: string) => method === 'POST' || method === 'PUT';
const within = (names: PathName[], path: string) => isPath(path.replace(/^\/v1\//, ''), names);
const fits = (pattern: RegExp, path: string) => pattern.test(path.replace(/^\/v1\//, ''));

export const readerGate: Allow = (method, path) => method === 'GET' && within(readable, path);

export const proberGate: Allow = (method, path) =>
  readerGate(method, path) ||
  (method === 'GET' && within(['monitor'], path)) ||
  (isPost(method) && within(askable, path));

export const sessionGate: Allow = (method, path) =>
  proberGate(method, path) || (isPost(method) && within(writable, path));

/**
 * To become the operator: log in with a method, look at and unwrap a wrapping token, end the token again. sys/health
 * needs no right, and tells a server without Vault namespaces before a credential goes to the wrong place.
 */
const loginPaths: PathName[] = ['login', 'loginAs', 'lookupWrapping', 'unwrap', 'revokeSelf'];

export const loginGate: Allow = (method, path) =>
  (method === 'GET' && within(['health'], path)) || (method === 'POST' && within(loginPaths, path));

const childPolicy = /^sys\/policies\/acl\/vaultbind-child-[0-9a-z]+-[0-9a-f]{8}$/;

/** To make a token below the operator's, with a policy that lives as long, and to end both. */
export const childGate: Allow = (method, path, list = false) =>
  (method === 'GET' && (within(['health', 'lookupSelf'], path) || (list && within(['policies'], path)))) ||
  (isPost(method) && (fits(childPolicy, path) || within(['createToken', 'revokeSelf', 'revokeAccessor'], path))) ||
  (method === 'DELETE' && fits(childPolicy, path));

/** With a workload's own token: what that token may read, and to ask about and end itself. */
export const workloadGate: Allow = (method, path) =>
  method === 'GET' || (method === 'POST' && within(['capabilitiesSelf', 'revokeSelf'], path));

/** Names of secrets, never what they hold; and what the operator's own token may do. */
export const browserGate: Allow = (method, path, list = false) =>
  (method === 'GET' && list && !/^\/v1\/(?:sys|auth|identity|cubbyhole)\//.test(path)) ||
  (method === 'POST' && within(['capabilitiesSelf'], path));

const scratch = 'vaultbind-probe-[0-9a-f]{12}';
const scratchMount = new RegExp(`^sys/auth/${scratch}$`);
const inScratch = new RegExp(`^auth/${scratch}/(config|role/[^/]+)$`);

/** Only scratch mounts: make one, write into it, remove it. Nothing of anybody else's has such a name. */
export const scratchGate: Allow = (method, path) =>
  (isPost(method) && (fits(scratchMount, path) || fits(inScratch, path))) ||
  (method === 'DELETE' && fits(scratchMount, path));
