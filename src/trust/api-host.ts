import { isIP } from 'node:net';

declare const canonical: unique symbol;

/**
 * Address of an API server, judged and printed: scheme, host, port unless it is the scheme's own, perhaps a path without
 * a slash at its end. Node and Go read the same host and port of it.
 */
export type ApiHost = string & { readonly [canonical]: 'ApiHost' };

/** Why an address is not taken; completes `… is not an address of an API server: `. */
export interface HostFault {
  what: string;
}

/** Go, WHATWG and curl part ways beyond this: user names, backslashes, `%`, tabs, numbers for addresses, dots in paths. */
const shape =
  /^(?<scheme>https?):\/\/(?<host>\[[0-9a-f:.]+\]|[a-z0-9]([a-z0-9._-]*[a-z0-9])?)(?<port>:\d{0,5})?(?<path>(\/[\w~:@+,=.-]+)*)\/?$/i;

export function readApiHost(text: string): ApiHost | HostFault {
  const { scheme = '', host = '', path = '' } = shape.exec(text)?.groups ?? {};
  if (host === '' || !URL.canParse(text)) return { what: whatInstead(text) };
  const url = new URL(text);
  const bare = host.toLowerCase();
  if (!bare.startsWith('[') && url.hostname !== bare)
    return { what: `the host is read as ${url.hostname} by some programs: write that, if you mean it` };
  if (path.split('/').some((part) => part === '.' || part === '..')) return { what: 'there are dots in its path' };
  return `${scheme.toLowerCase()}://${url.host}${path}` as ApiHost;
}

export function isApiHost(read: ApiHost | HostFault): read is ApiHost {
  return typeof read === 'string';
}

/** The address that a text means; undefined when that is not certain. */
export function hostIn(text: unknown): ApiHost | undefined {
  const read = typeof text === 'string' ? readApiHost(text) : undefined;
  return typeof read === 'string' ? read : undefined;
}

function whatInstead(text: string): string {
  const authority = text.replace(/^[a-z]*:\/\//i, '').split(/[/?#\\]/)[0] ?? '';
  if (!/^https?:\/\//i.test(text)) return 'it does not begin with https://';
  if (/[^\x21-\x7e]/.test(text))
    return 'it holds a space, a control character or a letter beyond ASCII (write a name as xn--…)';
  if (/[\\%]/.test(text)) return 'it holds a backslash or %';
  if (authority.includes('@')) return 'a user name or password may not stand in it';
  if (/[?#]/.test(text)) return 'it has a query or fragment';
  if (authority.replace(/:\d*$/, '').endsWith('.')) return 'its host ends with a dot: leave that out';
  if (isIP(authority) === 6) return 'an IPv6 address stands in brackets';
  if (/:(?!\d{0,5}$)[^:]*$/.test(authority.replace(/\[.*\]/, ''))) return 'its port is not a number up to 65535';
  if (text.replace(/^https?:\/\//i, '').includes('//')) return 'there are two slashes in its path';
  return 'it is not of the form https://HOST:PORT';
}
