/**
 * Taken off in one pass from the end. A pattern such as slashes before `$` begins anew at each of them, so that a
 * recipe of a megabyte of slashes would take hours.
 */
export function withoutTrailing(text: string, character: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === character) end--;
  return text.slice(0, end);
}

export function withoutTrailingSlashes(text: string): string {
  return withoutTrailing(text, '/');
}

export function withoutOuterSlashes(text: string): string {
  return withoutTrailingSlashes(text.replace(/^\/+/, ''));
}
