import { InputError } from '../errors.ts';

/**
 * An API path as it goes into the URL, each segment encoded.
 * @throws InputError for `.` and `..`, which URLs resolve: the request would reach another object than the one named.
 */
export function apiPath(path: string): string {
  const segments = path.split('/');
  if (segments.some((segment) => segment === '.' || segment === '..') || path.startsWith('/') || path.includes('//')) {
    throw new InputError({
      code: 'recipe-value',
      subject: path,
      message: `"${path}" is no path in Vault: empty segments, "." and ".." are not allowed`,
    });
  }
  return segments.map(encodeURIComponent).join('/');
}
