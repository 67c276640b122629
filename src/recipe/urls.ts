import { isIP } from 'node:net';
import { withoutTrailingSlashes } from '../model/trailing.ts';
import { shown } from './text.ts';

/** An address judged: the URL, or what is wrong with it and what was probably meant. */
export interface JudgedUrl {
  url?: URL;
  problem?: string;
  guess?: string;
}

/** The base URL of a server: http or https, a host, perhaps a port, and nothing else. */
export function judgeUrl(text: string): JudgedUrl {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    const guess = `https://${text.replace(/^\/+/, '')}`;
    const problem = `${shown(text)} is not a URL`;
    return !/\s/.test(text) && text !== '' && parse(guess)
      ? { problem: `${problem}: it has no scheme`, guess }
      : { problem };
  }
  const url = /\s/.test(text) ? undefined : parse(text);
  if (!url || url.hostname === '') return { problem: `${shown(text)} is not a URL` };
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return { problem: `the scheme ${url.protocol}// is not https://` };
  if (url.username !== '' || url.password !== '')
    return { problem: 'a user name or password may not stand in an address' };
  if (url.search !== '' || url.hash !== '' || /[?#]/.test(text))
    return { problem: 'the address has a query or fragment', guess: url.origin };
  if (url.pathname !== '/')
    return { problem: 'the address has a path; give scheme, host and port only', guess: url.origin };
  return { url };
}

export function isLoopback(hostname: string): boolean {
  const bare = hostname.replace(/^\[|\]$/g, '');
  if (isIP(bare) === 4) return bare.startsWith('127.') || bare === '0.0.0.0';
  return bare === '::1' || bare === 'localhost' || bare.endsWith('.localhost');
}

export function onLoopback(url: string): boolean {
  return URL.canParse(url) && isLoopback(new URL(url).hostname);
}

/** Equal for addresses that mean the same server: case, default port and a slash at the end count for nothing. */
export function canonicalUrl(text: string): string {
  const url = parse(text);
  return url ? `${url.protocol}//${url.host}${withoutTrailingSlashes(url.pathname)}` : text.trim();
}

function parse(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
