import type { Environment } from '../../model/environment.ts';
import { Secret } from '../../secret.ts';

const names = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'NO_PROXY', 'no_proxy'];

/** Only the proxies' part: the rest of an environment may hold tokens, and a connection is passed around. */
export function proxyEnvironment(env: Environment): Environment {
  for (const name of names) learnPassword(env[name]);
  return Object.fromEntries(names.map((name) => [name, env[name]]));
}

/** Known to `scrub` from now on, should a proxy's error repeat it. */
export function learnPassword(proxy: string | undefined): void {
  const url = proxy && URL.canParse(proxy) ? new URL(proxy) : undefined;
  if (url?.password) new Secret(decodeURIComponent(url.password));
}
