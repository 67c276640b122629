import { InputError } from '../errors.ts';

/**
 * Every path of Vault's API that vaultbind knows, without `/v1/`. Gates, requests and the schemas of answers are all
 * made of this one list. `{mount}` and `{policy}` stand for names that may hold slashes, `{role}` and `{user}` for one
 * segment: Vault takes no slash in those.
 */
const paths = {
  health: 'sys/health',
  sealStatus: 'sys/seal-status',
  monitor: 'sys/monitor',
  namespaces: 'sys/namespaces',
  authMethods: 'sys/auth',
  authMethod: 'sys/auth/{mount}',
  secretsEngines: 'sys/mounts',
  secretsEngine: 'sys/mounts/{mount}',
  authTuning: 'sys/mounts/auth/{mount}/tune',
  visibleMounts: 'sys/internal/ui/mounts',
  visibleMount: 'sys/internal/ui/mounts/{mount}',
  policies: 'sys/policies/acl',
  policy: 'sys/policies/acl/{policy}',
  config: 'auth/{mount}/config',
  roles: 'auth/{mount}/role',
  role: 'auth/{mount}/role/{role}',
  login: 'auth/{mount}/login',
  loginAs: 'auth/{mount}/login/{user}',
  createToken: 'auth/token/create',
  lookupSelf: 'auth/token/lookup-self',
  revokeSelf: 'auth/token/revoke-self',
  revokeAccessor: 'auth/token/revoke-accessor',
  capabilitiesSelf: 'sys/capabilities-self',
  capabilitiesAccessor: 'sys/capabilities-accessor',
  lookupWrapping: 'sys/wrapping/lookup',
  unwrap: 'sys/wrapping/unwrap',
} as const;

export type PathName = keyof typeof paths;

const patterns = Object.entries(paths)
  .map(([name, template]) => ({ name: name as PathName, words: wordsOf(template), pattern: patternOf(template) }))
  .sort((a, b) => b.words - a.words);

/**
 * Which of the known paths this may be: those with the most words of their own. Mostly one; `auth/a/role/config` is a role
 * of the mount `a` and the config of a mount `a/role`.
 */
export function pathNames(path: string): PathName[] {
  const fitting = patterns.filter(({ pattern }) => pattern.test(path));
  return fitting.filter(({ words }) => words === fitting[0]?.words).map(({ name }) => name);
}

/** Whether a path, as the server decodes it, is one of these. */
export function isPath(path: string, names: readonly PathName[]): boolean {
  return patterns.some(({ name, pattern }) => names.includes(name) && pattern.test(path));
}

function wordsOf(template: string): number {
  return template.split('/').filter((word) => !word.startsWith('{')).length;
}

/** `s`: names hold any character, line ends too. */
function patternOf(template: string): RegExp {
  const source = template.replace(/\{(\w+)\}/g, (_, name) => (name === 'role' || name === 'user' ? '[^/]+' : '.+'));
  return new RegExp(`^${source}/?$`, 's');
}

/**
 * An API path as it goes into the URL, each segment encoded.
 * @throws InputError for what no URL can say (isAddressable): the request would reach another object than the one named.
 */
export function apiPath(path: string): string {
  if (!isAddressable(path)) {
    throw new InputError({
      code: 'recipe-value',
      subject: path,
      message: `"${path}" is no path in Vault: empty segments, "." and "..", and control characters are not allowed`,
    });
  }
  return path.split('/').map(encodeURIComponent).join('/');
}

/**
 * URLs resolve `.` and `..`, servers join slashes and refuse controls (400, no JSON), and half a surrogate pair has no
 * encoding.
 */
export function isAddressable(path: string): boolean {
  const segments = path.split('/');
  return (
    !segments.some((segment) => segment === '.' || segment === '..') &&
    !path.startsWith('/') &&
    !path.includes('//') &&
    !/[\p{Cc}\p{Cs}]/u.test(path)
  );
}

/** One segment of an API path: what the name of a role can be at most. */
export function isSegment(name: string): boolean {
  return name !== '' && !name.includes('/') && isAddressable(name);
}
